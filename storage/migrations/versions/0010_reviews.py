"""What persons decided about readings, and the order that the pages list reports in."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reviews",
        sa.Column("review_id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("url", "verdict", "sha256")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("table_code", "row_code", "col_code")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("raw_text", "reviewer", "reason")),
        sa.Column("reviewed_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("review_id", name="pk_reviews"),
    )
    op.create_index("ix_reviews_url", "reviews", ["url"])
    current = sa.text("standing = 'current'")
    listed = ["year", "publisher", "report_id"]
    op.create_index("ix_readings_listed", "readings", listed, sqlite_where=current, postgresql_where=current)
