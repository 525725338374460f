"""Of each report the measures that are sums of several cells, which storage/sums.py fills."""

import sqlalchemy as sa
from alembic import op

from storage.values import Packed

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("series_ways", sa.Column("at", sa.Integer))
    op.create_table(
        "reading_sums",
        sa.Column(
            "reading_id",
            ROW_ID,
            sa.ForeignKey("readings.reading_id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("items", Packed, nullable=False),
    )
