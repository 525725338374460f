"""Which day lists print beside the link to a file."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "listed_days",
        sa.Column("url", sa.Text, primary_key=True),
        sa.Column("day", sa.Text, primary_key=True),
        sa.Column("page", sa.Text, nullable=False),
        sa.Column("run_id", ROW_ID, sa.ForeignKey("runs.run_id"), nullable=False),
    )
    op.create_index("ix_listed_days_run_id", "listed_days", ["run_id"])
