"""The first schema: archive, frontier, sites and readings."""

import sqlalchemy as sa
from alembic import op

from storage.values import ExactNumber

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    create_archive()
    create_frontier()
    create_readings()
    if op.get_bind().dialect.name == "postgresql":
        # Bodies come compressed; out of line and as they are, the server does not try a second time.
        op.execute("ALTER TABLE payloads ALTER COLUMN body SET STORAGE EXTERNAL")


def create_archive() -> None:
    op.create_table(
        "runs",
        sa.Column("run_id", ROW_ID, nullable=False),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("started_at", sa.Text(), nullable=False),
        sa.Column("finished_at", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("captures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("owner", sa.Text(), server_default="", nullable=False),
        sa.Column("seen_at", sa.Text(), nullable=False),
        sa.Column("previous_seal", sa.Text(), nullable=True),
        sa.Column("seal", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("run_id", name="pk_runs"),
        sa.UniqueConstraint("previous_seal", name="uq_runs_previous_seal"),
    )
    op.create_table(
        "payloads",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("codec", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("checksum", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_payloads"),
    )
    op.create_table(
        "captures",
        sa.Column("capture_id", ROW_ID, nullable=False),
        sa.Column("run_id", ROW_ID, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("fetched_at", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("request_headers", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("ip_address", sa.Text(), nullable=True),
        sa.Column("protocol", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["runs.run_id"], name="fk_captures_run_id_runs"),
        sa.ForeignKeyConstraint(["sha256"], ["payloads.sha256"], name="fk_captures_sha256_payloads"),
        sa.PrimaryKeyConstraint("capture_id", name="pk_captures"),
    )
    op.create_index("ix_captures_host_kind", "captures", ["host", "kind"], unique=False)
    op.create_index("ix_captures_run_id", "captures", ["run_id"], unique=False)
    op.create_index("ix_captures_url_fetched_at", "captures", ["url", "fetched_at"], unique=False)


def create_frontier() -> None:
    op.create_table(
        "sites",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("region_code", sa.Text(), server_default="", nullable=False),
        sa.Column("start", sa.Text(), server_default="[]", nullable=False),
        sa.Column("listing", sa.Text(), server_default="", nullable=False),
        sa.Column("delay", ExactNumber(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("registered", sa.Integer(), server_default="0", nullable=False),
        sa.Column("site_id_code", sa.Text(), server_default="", nullable=False),
        sa.Column("icp_number", sa.Text(), server_default="", nullable=False),
        sa.Column("police_number", sa.Text(), server_default="", nullable=False),
        sa.Column("family", sa.Text(), server_default="", nullable=False),
        sa.Column("last_run_at", sa.Text(), nullable=True),
        sa.Column("last_outcome", sa.Text(), nullable=True),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("host", name="pk_sites"),
    )
    op.create_table(
        "frontier",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.Text(), nullable=True),
        sa.Column("decision", sa.Text(), server_default="", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("found_on", sa.Text(), server_default="", nullable=False),
        sa.Column("added_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("url", name="pk_frontier"),
    )
    op.create_index("ix_frontier_host_due_at_score", "frontier", ["host", "due_at", "score"], unique=False)


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
        sa.ForeignKeyConstraint(
            ["capture_id"], ["captures.capture_id"], name="fk_readings_capture_id_captures"
        ),
        sa.PrimaryKeyConstraint("reading_id", name="pk_readings"),
    )
    op.create_index("ix_readings_capture_id", "readings", ["capture_id"], unique=False)
    op.create_index("ix_readings_report_id_standing", "readings", ["report_id", "standing"], unique=False)
    op.create_index("ix_readings_standing_year", "readings", ["standing", "year"], unique=False)
    op.create_index(
        "uq_readings_current",
        "readings",
        ["report_id"],
        unique=True,
        sqlite_where=sa.text("standing = 'current'"),
        postgresql_where=sa.text("standing = 'current'"),
    )
    op.create_table(
        "read_captures",
        sa.Column("capture_id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("extractor", sa.Text(), nullable=False),
        sa.Column("reading_id", ROW_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["capture_id"], ["captures.capture_id"], name="fk_read_captures_capture_id_captures"
        ),
        sa.ForeignKeyConstraint(
            ["reading_id"], ["readings.reading_id"], name="fk_read_captures_reading_id_readings"
        ),
        sa.PrimaryKeyConstraint("capture_id", name="pk_read_captures"),
    )
    create_parts_of_readings()


def create_parts_of_readings() -> None:
    op.create_table(
        "reading_cells",
        sa.Column("reading_id", ROW_ID, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("table_code", sa.Text(), nullable=False),
        sa.Column("row_code", sa.Text(), nullable=False),
        sa.Column("col_code", sa.Text(), nullable=False),
        sa.Column("value", ExactNumber(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("raw_text", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("locator", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reading_id"], ["readings.reading_id"], name="fk_reading_cells_reading_id_readings"
        ),
        sa.PrimaryKeyConstraint("reading_id", "ordinal", name="pk_reading_cells"),
        sa.UniqueConstraint(
            "reading_id",
            "table_code",
            "row_code",
            "col_code",
            name="uq_reading_cells_reading_id_table_code_row_code_col_code",
        ),
    )
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
        sa.ForeignKeyConstraint(
            ["reading_id"], ["readings.reading_id"], name="fk_reading_checks_reading_id_readings"
        ),
        sa.PrimaryKeyConstraint("reading_id", "ordinal", name="pk_reading_checks"),
    )
    op.create_table(
        "reading_sections",
        sa.Column("reading_id", ROW_ID, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reading_id"], ["readings.reading_id"], name="fk_reading_sections_reading_id_readings"
        ),
        sa.PrimaryKeyConstraint("reading_id", "ordinal", name="pk_reading_sections"),
    )
    op.create_table(
        "reading_leftovers",
        sa.Column("reading_id", ROW_ID, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("locator", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reading_id"], ["readings.reading_id"], name="fk_reading_leftovers_reading_id_readings"
        ),
        sa.PrimaryKeyConstraint("reading_id", "ordinal", name="pk_reading_leftovers"),
    )
    op.create_table(
        "reading_findings",
        sa.Column("reading_id", ROW_ID, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("locator", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reading_id"], ["readings.reading_id"], name="fk_reading_findings_reading_id_readings"
        ),
        sa.PrimaryKeyConstraint("reading_id", "ordinal", name="pk_reading_findings"),
    )
