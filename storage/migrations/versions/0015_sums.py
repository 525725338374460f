"""Sums of every measure by form, year, level and province (storage/sums.py fills them)."""

import sqlalchemy as sa
from alembic import op

from storage.values import Packed

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "series_measures",
        sa.Column("measure", sa.Text, primary_key=True),
        sa.Column("position", sa.Integer, nullable=False, unique=True),
    )
    op.create_table(
        "form_sums",
        sa.Column("form", sa.Text, primary_key=True),
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("level", sa.Text, primary_key=True),
        sa.Column("province", sa.Text, primary_key=True),
        sa.Column("items", Packed, nullable=False),
    )
