"""Traps that were fallen into once, so that they are not paid for again each night."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "spent_patterns",
        sa.Column("pattern", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("pattern", name="pk_spent_patterns"),
    )
