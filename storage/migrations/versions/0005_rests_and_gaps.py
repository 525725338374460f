"""Hosts that rest or need an exception, and the reports that are expected and not there."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sites", sa.Column("rest_until", sa.Text(), nullable=True))
    op.add_column("sites", sa.Column("rests", sa.Integer(), server_default="0", nullable=False))
    op.add_column("sites", sa.Column("tls_mode", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "coverage_gaps",
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("publisher", "region_code", "year", name="pk_coverage_gaps"),
    )
