"""The first schema: sites, what is due, and what a run has to tell."""

import sqlalchemy as sa
from alembic import op

from storage.values import ExactNumber

revision = "crawling"
down_revision = "archive"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # SQLite gives row ids only to INTEGER


def upgrade() -> None:
    create_sites()
    create_frontier()
    create_attachments()
    create_spent_patterns()
    create_run_findings()
    create_coverage_gaps()


def create_sites() -> None:
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
        sa.Column("rest_until", sa.Text(), nullable=True),
        sa.Column("rests", sa.Integer(), server_default="0", nullable=False),
        sa.Column("tls_mode", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("host"),
    )


def create_frontier() -> None:
    op.create_table(
        "frontier",
        sa.Column("request_key", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), server_default="", nullable=False),
        sa.Column("method", sa.Text(), server_default="GET", nullable=False),
        sa.Column("request_headers", sa.Text(), server_default="[]", nullable=False),
        sa.Column("request_body", sa.LargeBinary(), nullable=True),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("hops", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_at", sa.Text(), nullable=True),
        sa.Column("decision", sa.Text(), server_default="", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("found_on", sa.Text(), server_default="", nullable=False),
        sa.Column("added_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("request_key"),
    )
    op.create_index("ix_frontier_host_due_at_score", "frontier", ["host", "due_at", "score"])


def create_attachments() -> None:
    op.create_table(
        "attachments",
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("page", "ordinal"),
    )
    op.create_index("ix_attachments_url", "attachments", ["url"])


def create_spent_patterns() -> None:
    op.create_table(
        "spent_patterns",
        sa.Column("pattern", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("pattern"),
    )


def create_run_findings() -> None:
    op.create_table(
        "run_findings",
        sa.Column("run_id", ROW_ID, nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.run_id"]),
        sa.PrimaryKeyConstraint("run_id", "host", "code", "text"),
    )


def create_coverage_gaps() -> None:
    op.create_table(
        "coverage_gaps",
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("publisher", "region_code", "year"),
    )
    op.create_index("ix_coverage_gaps_region_code_year", "coverage_gaps", ["region_code", "year"])
