"""Which files a page offers, so that a report that is a file can be joined to its page."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("page", "ordinal", name="pk_attachments"),
    )
    op.create_index("ix_attachments_url", "attachments", ["url"], unique=False)
