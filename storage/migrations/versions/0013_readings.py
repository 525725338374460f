"""The first schema: what captures were read as, found by the questions' indexes and by its words."""

import sqlalchemy as sa
from alembic import op

from storage.fulltext import create_index
from storage.values import ExactNumber, Packed

revision = "0013"
down_revision = "crawling"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # SQLite gives row ids only to INTEGER
CURRENT = sa.text("standing = 'current'")
FAILED = sa.text("passed = 0")


def upgrade() -> None:
    create_readings()
    index_readings()
    create_reviews()
    create_read_captures()
    create_form_cells()
    create_reading_cells()
    create_reading_places()
    create_reading_checks()
    create_reading_sections()
    create_reading_leftovers()
    create_reading_findings()
    create_reading_grids()
    create_crosswalk()
    create_year_checks()
    create_index(op.get_bind())


def create_readings() -> None:
    op.create_table(
        "readings",
        sa.Column("reading_id", ROW_ID, nullable=False),
        sa.Column("report_id", sa.Text(), nullable=False),
        sa.Column("capture_id", ROW_ID, nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("extractor", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("read_at", sa.Text(), nullable=False),
        sa.Column("reasons", sa.Text(), server_default="[]", nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("published_on", sa.Text(), nullable=False),
        sa.Column("index_number", sa.Text(), nullable=False),
        sa.Column("is_mirror", sa.Integer(), nullable=False),
        sa.Column("cells_read", sa.Integer(), nullable=False),
        sa.Column("cells_expected", sa.Integer(), nullable=False),
        sa.Column("checks_passed", sa.Integer(), nullable=False),
        sa.Column("checks_failed", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), server_default="{}", nullable=False),
        sa.Column("margin", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["capture_id"], ["capture_rows.capture_id"]),
        sa.PrimaryKeyConstraint("reading_id"),
    )


def index_readings() -> None:
    op.create_index("ix_readings_capture_id", "readings", ["capture_id"])
    op.create_index(
        "ix_readings_form_year", "readings", ["form", "year"], sqlite_where=CURRENT, postgresql_where=CURRENT
    )
    op.create_index(
        "ix_readings_listed",
        "readings",
        ["year", "publisher", "report_id", "standing"],
        sqlite_where=CURRENT,
        postgresql_where=CURRENT,
    )
    op.create_index("ix_readings_publisher_year", "readings", ["publisher", "year"])
    op.create_index(
        "ix_readings_read_at", "readings", ["read_at"], sqlite_where=CURRENT, postgresql_where=CURRENT
    )
    op.create_index(
        "ix_readings_region_code_year",
        "readings",
        ["region_code", "year"],
        sqlite_where=CURRENT,
        postgresql_where=CURRENT,
    )
    op.create_index("ix_readings_report_id_standing", "readings", ["report_id", "standing"])
    op.create_index("ix_readings_year", "readings", ["year"], sqlite_where=CURRENT, postgresql_where=CURRENT)
    op.create_index(
        "uq_readings_current",
        "readings",
        ["report_id"],
        unique=True,
        sqlite_where=CURRENT,
        postgresql_where=CURRENT,
    )


def create_reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("review_id", ROW_ID, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("table_code", sa.Text(), nullable=False),
        sa.Column("row_code", sa.Text(), nullable=False),
        sa.Column("col_code", sa.Text(), nullable=False),
        sa.Column("raw_text", sa.Text(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reviewed_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("review_id"),
    )
    op.create_index("ix_reviews_url", "reviews", ["url"])


def create_read_captures() -> None:
    op.create_table(
        "read_captures",
        sa.Column("capture_id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("extractor", sa.Text(), nullable=False),
        sa.Column("reading_id", ROW_ID, nullable=False),
        sa.ForeignKeyConstraint(["capture_id"], ["capture_rows.capture_id"]),
        sa.ForeignKeyConstraint(["reading_id"], ["readings.reading_id"]),
        sa.PrimaryKeyConstraint("capture_id"),
    )


def create_form_cells() -> None:
    op.create_table(
        "form_cells",
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("table_code", sa.Text(), nullable=False),
        sa.Column("row_code", sa.Text(), nullable=False),
        sa.Column("col_code", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("form", "position"),
        sa.UniqueConstraint("form", "table_code", "row_code", "col_code", "unit"),
    )


def create_reading_cells() -> None:
    op.create_table(
        "reading_cells",
        sa.Column("reading_id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("items", Packed(), nullable=False),
        sa.Column("sequence", Packed(), nullable=True),
        sa.ForeignKeyConstraint(["reading_id"], ["readings.reading_id"]),
        sa.PrimaryKeyConstraint("reading_id"),
    )


def create_reading_places() -> None:
    op.create_table(
        "reading_places",
        sa.Column("reading_id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("stems", Packed(), nullable=False),
        sa.Column("places", Packed(), nullable=False),
        sa.ForeignKeyConstraint(["reading_id"], ["readings.reading_id"]),
        sa.PrimaryKeyConstraint("reading_id"),
    )


def create_reading_checks() -> None:
    op.create_table(
        "reading_checks",
        sa.Column("reading_id", ROW_ID, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("expected", ExactNumber(), nullable=True),
        sa.Column("actual", ExactNumber(), nullable=True),
        sa.Column("passed", sa.Integer(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["reading_id"], ["readings.reading_id"]),
        sa.PrimaryKeyConstraint("reading_id", "ordinal"),
    )
    op.create_index(
        "ix_reading_checks_failed",
        "reading_checks",
        ["reading_id", "rule", "severity"],
        sqlite_where=FAILED,
        postgresql_where=FAILED,
    )


def create_reading_sections() -> None:
    op.create_table(
        "reading_sections",
        sa.Column("reading_id", ROW_ID, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["reading_id"], ["readings.reading_id"]),
        sa.PrimaryKeyConstraint("reading_id", "ordinal"),
    )


def create_reading_leftovers() -> None:
    op.create_table(
        "reading_leftovers",
        sa.Column("reading_id", ROW_ID, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("locator", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["reading_id"], ["readings.reading_id"]),
        sa.PrimaryKeyConstraint("reading_id", "ordinal"),
    )


def create_reading_findings() -> None:
    op.create_table(
        "reading_findings",
        sa.Column("reading_id", ROW_ID, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("locator", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["reading_id"], ["readings.reading_id"]),
        sa.PrimaryKeyConstraint("reading_id", "ordinal"),
    )


def create_reading_grids() -> None:
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
        sa.ForeignKeyConstraint(["reading_id"], ["readings.reading_id"]),
        sa.PrimaryKeyConstraint("reading_id", "ordinal"),
    )


def create_crosswalk() -> None:
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
        sa.PrimaryKeyConstraint("measure", "form", "option", "table_code", "row_code", "col_code"),
    )


def create_year_checks() -> None:
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
        sa.PrimaryKeyConstraint("report_id", "ordinal"),
    )
    op.create_index(
        "ix_year_checks_failed",
        "year_checks",
        ["report_id", "rule", "severity"],
        sqlite_where=FAILED,
        postgresql_where=FAILED,
    )
