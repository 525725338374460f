"""The first schema of the first release: what was fetched, and how."""

import sqlalchemy as sa
from alembic import op

revision = "archive"
down_revision = None
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # SQLite gives row ids only to INTEGER


def upgrade() -> None:
    create_runs()
    create_dictionaries()
    create_payloads()
    create_addresses()
    create_requests()
    create_heads()
    create_capture_rows()
    if op.get_bind().dialect.name == "postgresql":
        leave_bodies_alone()


def create_runs() -> None:
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
        sa.Column("after_capture", sa.BigInteger(), nullable=True),
        sa.Column("lease_until", sa.Text(), nullable=True),
        sa.Column("seal", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("run_id"),
        sa.UniqueConstraint("previous_seal"),
    )


def create_dictionaries() -> None:
    op.create_table(
        "dictionaries",
        sa.Column("dictionary_id", ROW_ID, nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("codec", sa.SmallInteger(), nullable=False),
        sa.Column("checksum", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("dictionary_id"),
        sa.UniqueConstraint("host", "kind"),
    )


def create_payloads() -> None:
    op.create_table(
        "payloads",
        sa.Column("payload_id", ROW_ID, nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("codec", sa.SmallInteger(), nullable=False),
        sa.Column("dictionary_id", ROW_ID, nullable=True),
        sa.Column("base_id", ROW_ID, nullable=True),
        sa.Column("checksum", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["base_id"], ["payloads.payload_id"]),
        sa.ForeignKeyConstraint(["dictionary_id"], ["dictionaries.dictionary_id"]),
        sa.PrimaryKeyConstraint("payload_id"),
    )
    op.create_index(
        "uq_payloads_whole",
        "payloads",
        ["sha256"],
        unique=True,
        sqlite_where=sa.text("base_id IS NULL"),
        postgresql_where=sa.text("base_id IS NULL"),
    )


def create_addresses() -> None:
    op.create_table(
        "addresses",
        sa.Column("address_id", ROW_ID, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("address_id"),
        sa.UniqueConstraint("url"),
    )
    op.create_index("ix_addresses_host", "addresses", ["host"])


def create_requests() -> None:
    op.create_table(
        "requests",
        sa.Column("request_id", ROW_ID, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("ip_address", sa.Text(), nullable=False),
        sa.Column("protocol", sa.Text(), nullable=False),
        sa.Column("tls", sa.Text(), nullable=False),
        sa.Column("robots", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("request_id"),
        sa.UniqueConstraint("digest"),
    )


def create_heads() -> None:
    op.create_table(
        "heads",
        sa.Column("head_id", ROW_ID, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("request_id", ROW_ID, nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=True),
        sa.Column("charset", sa.Text(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["requests.request_id"]),
        sa.PrimaryKeyConstraint("head_id"),
        sa.UniqueConstraint("digest"),
    )


def create_capture_rows() -> None:
    op.create_table(
        "capture_rows",
        sa.Column("capture_id", ROW_ID, nullable=False),
        sa.Column("fetched_at", sa.BigInteger(), nullable=False),
        sa.Column("run_id", ROW_ID, nullable=False),
        sa.Column("address_id", ROW_ID, nullable=False),
        sa.Column("head_id", ROW_ID, nullable=False),
        sa.Column("payload_id", ROW_ID, nullable=True),
        sa.Column("date_offset", sa.Integer(), nullable=True),
        sa.Column("elapsed", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.SmallInteger(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["address_id"], ["addresses.address_id"]),
        sa.ForeignKeyConstraint(["head_id"], ["heads.head_id"]),
        sa.ForeignKeyConstraint(["payload_id"], ["payloads.payload_id"]),
        sa.ForeignKeyConstraint(["run_id"], ["runs.run_id"]),
        sa.PrimaryKeyConstraint("capture_id"),
    )
    op.create_index("ix_capture_rows_address_id_fetched_at", "capture_rows", ["address_id", "fetched_at"])


def leave_bodies_alone() -> None:
    """Bodies come compressed; out of line and as they are, the server does not try a second time."""
    for table in ("dictionaries", "payloads"):
        op.execute(f"ALTER TABLE {table} ALTER COLUMN body SET STORAGE EXTERNAL")
