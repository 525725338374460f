"""Local tables kept whole, the crosswalk between forms, checks across years, and how sure a judgement is."""

import sqlalchemy as sa
from alembic import op

from storage.values import ExactNumber

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("readings", sa.Column("margin", sa.Integer(), nullable=True))
    op.create_index("ix_readings_publisher_year", "readings", ["publisher", "year"], unique=False)
    op.create_table(
        "reading_grids",
        sa.Column("reading_id", ROW_ID, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("grid", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("column", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("value", ExactNumber(), nullable=True),
        sa.Column("locator", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reading_id"], ["readings.reading_id"], name="fk_reading_grids_reading_id_readings"
        ),
        sa.PrimaryKeyConstraint("reading_id", "ordinal", name="pk_reading_grids"),
    )
    create_derived()


def create_derived() -> None:
    op.create_table(
        "crosswalk",
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("option", sa.Integer(), nullable=False),
        sa.Column("table_code", sa.Text(), nullable=False),
        sa.Column("row_code", sa.Text(), nullable=False),
        sa.Column("col_code", sa.Text(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("comparable", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "measure", "form", "option", "table_code", "row_code", "col_code", name="pk_crosswalk"
        ),
    )
    op.create_table(
        "year_checks",
        sa.Column("report_id", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("expected", ExactNumber(), nullable=True),
        sa.Column("actual", ExactNumber(), nullable=True),
        sa.Column("passed", sa.Integer(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("report_id", "ordinal", name="pk_year_checks"),
    )
