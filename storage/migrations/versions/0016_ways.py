"""Ways of having a measure by positions, which storage/ways.py fills."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "series_ways",
        sa.Column("way_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("measure", sa.Text, nullable=False),
        sa.Column("form", sa.Text, nullable=False),
        sa.Column("parts", sa.Integer, nullable=False),
        sa.Column("comparable", sa.Integer, nullable=False),
    )
    op.create_index("ix_series_ways_measure", "series_ways", ["measure"])
    op.create_table(
        "series_parts",
        sa.Column(
            "way_id", sa.Integer, sa.ForeignKey("series_ways.way_id"), primary_key=True, autoincrement=False
        ),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    )
