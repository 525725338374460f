"""The archive made compact: what captures share is kept once, and `captures` becomes a view.

Nothing is lost and no seal changes: old bodies stay the frames they are, old headers are kept to the letter.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OUTCOMES = ("new", "unchanged", "blocked", "soft_404", "missing", "error")
CODECS = {"raw": 0, "zstd": 2}  # 1 is the frame without a head that is made from now on
KEYS = {
    "addresses": "address_id",
    "requests": "request_id",
    "heads": "head_id",
    "capture_rows": "capture_id",
}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
GROUP = 500
REFERRING = ("readings", "read_captures")  # tables whose capture_id is one of ours


def upgrade() -> None:
    set_old_tables_aside()
    create_tables()
    carry_payloads()
    carry_captures()
    op.drop_table("old_captures")
    op.drop_table("old_payloads")
    if op.get_bind().dialect.name == "postgresql":
        refer_again()


def set_old_tables_aside() -> None:
    for name in ("ix_captures_host_kind", "ix_captures_run_id", "ix_captures_url_fetched_at"):
        op.drop_index(name, "captures")
    if op.get_bind().dialect.name == "postgresql":
        for table in REFERRING:
            op.drop_constraint(f"fk_{table}_capture_id_captures", table)
        op.rename_table("captures", "old_captures")
        op.execute("ALTER INDEX pk_payloads RENAME TO pk_old_payloads")
    else:
        # What refers to captures shall refer to capture_rows: it follows the first renaming, not the second.
        op.rename_table("captures", "capture_rows")
        op.execute("PRAGMA legacy_alter_table = ON")
        op.rename_table("capture_rows", "old_captures")
        op.execute("PRAGMA legacy_alter_table = OFF")
    op.rename_table("payloads", "old_payloads")
    op.add_column("runs", sa.Column("after_capture", sa.BigInteger(), nullable=True))


def refer_again() -> None:
    for table in REFERRING:
        name = f"fk_{table}_capture_id_capture_rows"
        op.create_foreign_key(name, table, "capture_rows", ["capture_id"], ["capture_id"])
    for table in ("dictionaries", "payloads"):
        # Bodies come compressed; out of line and as they are, the server does not try a second time.
        op.execute(f"ALTER TABLE {table} ALTER COLUMN body SET STORAGE EXTERNAL")


def create_tables() -> None:
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
        sa.PrimaryKeyConstraint("dictionary_id", name="pk_dictionaries"),
        sa.UniqueConstraint("host", "kind", name="uq_dictionaries_host_kind"),
    )
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
        sa.ForeignKeyConstraint(
            ["dictionary_id"], ["dictionaries.dictionary_id"], name="fk_payloads_dictionary_id_dictionaries"
        ),
        sa.ForeignKeyConstraint(["base_id"], ["payloads.payload_id"], name="fk_payloads_base_id_payloads"),
        sa.PrimaryKeyConstraint("payload_id", name="pk_payloads"),
    )
    whole = sa.text("base_id IS NULL")
    op.create_index(
        "uq_payloads_whole", "payloads", ["sha256"], unique=True, sqlite_where=whole, postgresql_where=whole
    )
    create_shared_tables()
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
        sa.ForeignKeyConstraint(["run_id"], ["runs.run_id"], name="fk_capture_rows_run_id_runs"),
        sa.ForeignKeyConstraint(
            ["address_id"], ["addresses.address_id"], name="fk_capture_rows_address_id_addresses"
        ),
        sa.ForeignKeyConstraint(["head_id"], ["heads.head_id"], name="fk_capture_rows_head_id_heads"),
        sa.ForeignKeyConstraint(
            ["payload_id"], ["payloads.payload_id"], name="fk_capture_rows_payload_id_payloads"
        ),
        sa.PrimaryKeyConstraint("capture_id", name="pk_capture_rows"),
    )
    op.create_index("ix_capture_rows_address_id_fetched_at", "capture_rows", ["address_id", "fetched_at"])


def create_shared_tables() -> None:
    op.create_table(
        "addresses",
        sa.Column("address_id", ROW_ID, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("address_id", name="pk_addresses"),
        sa.UniqueConstraint("url", name="uq_addresses_url"),
    )
    op.create_index("ix_addresses_host", "addresses", ["host"])
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
        sa.PrimaryKeyConstraint("request_id", name="pk_requests"),
        sa.UniqueConstraint("digest", name="uq_requests_digest"),
    )
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
        sa.ForeignKeyConstraint(["request_id"], ["requests.request_id"], name="fk_heads_request_id_requests"),
        sa.PrimaryKeyConstraint("head_id", name="pk_heads"),
        sa.UniqueConstraint("digest", name="uq_heads_digest"),
    )


def carry_payloads() -> None:
    """Old bodies, as they lie."""
    for group in pages("old_payloads", "sha256", ""):
        last = op.get_bind().scalar(sa.text("SELECT COALESCE(MAX(payload_id), 0) FROM payloads")) or 0
        rows = [
            {
                "payload_id": number,
                "sha256": bytes.fromhex(row.sha256),
                "size": row.size,
                "codec": CODECS[row.codec],
                "checksum": row.checksum,
                "body": row.body,
            }
            for number, row in enumerate(group, last + 1)
        ]
        insert("payloads", rows)
    keep_counting("payloads", "payload_id")


def carry_captures() -> None:
    op.execute(
        "INSERT INTO addresses (address_id, url, host)"
        " SELECT ROW_NUMBER() OVER (ORDER BY url), url, MIN(host) FROM old_captures GROUP BY url"
    )
    address_ids = dict(pairs("SELECT url, address_id FROM addresses"))
    payload_ids = {bytes(digest).hex(): at for digest, at in pairs("SELECT sha256, payload_id FROM payloads")}
    requests: dict[str, int] = {}
    heads: dict[str, int] = {}
    for group in pages("old_captures", "capture_id", 0):
        for row in group:
            request_id = shared("requests", "request_id", request_of(row), requests)
            head_id = shared("heads", "head_id", head_of(row, request_id), heads)
            place = {"address_id": address_ids[row.url], "payload_id": row.sha256 and payload_ids[row.sha256]}
            insert("capture_rows", [capture_of(row) | place | {"head_id": head_id}])
    for table, key in KEYS.items():
        keep_counting(table, key)


def request_of(row: Any) -> dict[str, object]:
    return {
        "method": row.method,
        "headers": row.request_headers,
        "body": b"",
        "ip_address": row.ip_address or "",
        "protocol": row.protocol or "",
        "tls": "",
        "robots": "",
    }


def head_of(row: Any, request_id: int) -> dict[str, object]:
    return {
        "request_id": request_id,
        "status": row.status,
        "kind": row.kind,
        "content_type": row.content_type,
        "charset": "",
        "headers": row.headers,
    }


def capture_of(row: Any) -> dict[str, object]:
    return {
        "capture_id": row.capture_id,
        "fetched_at": (datetime.fromisoformat(row.fetched_at) - EPOCH) // timedelta(milliseconds=1),
        "run_id": row.run_id,
        "outcome": OUTCOMES.index(row.outcome),
        "error": row.error or None,
    }


def shared(table: str, key: str, row: dict[str, object], known: dict[str, int]) -> int:
    """Give the id of a row that many captures share, as storage/heads.py names it by its digest."""
    values = {name: value.hex() if isinstance(value, bytes) else value for name, value in row.items()}
    digest = hashlib.sha256(json.dumps(values, sort_keys=True).encode())
    if digest.hexdigest() not in known:
        known[digest.hexdigest()] = len(known) + 1
        insert(table, [{key: len(known), "digest": digest.digest()} | row])
    return known[digest.hexdigest()]


def pages(table: str, key: str, after: str | int) -> Iterator[Sequence[Any]]:
    query = sa.text(f"SELECT * FROM {table} WHERE {key} > :after ORDER BY {key} LIMIT {GROUP}")  # noqa: S608
    while rows := op.get_bind().execute(query, {"after": after}).all():
        yield rows
        after = getattr(rows[-1], key)


def pairs(query: str) -> Iterator[tuple[Any, Any]]:
    yield from ((first, second) for first, second in op.get_bind().execute(sa.text(query)))


def insert(table: str, rows: Sequence[dict[str, object]]) -> None:
    names = tuple(rows[0])
    values = ", ".join(f":{name}" for name in names)
    op.get_bind().execute(
        sa.text(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({values})"),  # noqa: S608 - names of ours
        list(rows),
    )


def keep_counting(table: str, key: str) -> None:
    """Postgres counts on from what was carried over; SQLite does by itself."""
    if op.get_bind().dialect.name == "postgresql":
        newest = f"(SELECT COALESCE(MAX({key}), 0) + 1 FROM {table})"  # noqa: S608 - names of ours
        op.execute(f"SELECT setval('{table}_{key}_seq', {newest}, false)")
