"""What was fetched: runs, their captures, each body once. Rows are only ever added."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.captures import OUTCOMES
from storage.codecs import CODECS
from storage.tables.schema import RowId, metadata
from storage.values import HexDigest, Moment, OneOf

runs = Table(
    "runs",
    metadata,
    Column("run_id", RowId, primary_key=True),
    Column("command", Text, nullable=False),  # crawl or import
    Column("started_at", Text, nullable=False),
    Column("finished_at", Text),
    Column("state", Text, nullable=False),  # running, done, interrupted
    Column("captures", Integer, nullable=False, server_default="0"),
    Column(
        "owner", Text, nullable=False, server_default=""
    ),  # machine:process, to tell a dead run from a slow one
    Column("seen_at", Text, nullable=False),  # the run's last sign of life
    # "" for the first sealed run. Unique, so that the chain of seals can never fork.
    Column("previous_seal", Text, unique=True),
    # While it runs: its captures have higher ids. A run that ended is found by reading all of them.
    Column("after_capture", BigInteger),
    Column(
        "lease_until", Text
    ),  # of a crawl: its worker is taken to be alive until then, by the database's clock
    Column("told", Integer, nullable=False, server_default="0"),  # 1: a report says which reports it brought
    Column("seal", Text),  # over this run, its captures and the previous seal: storage/seals.py
)

# The page that others of its site are compressed with: one for each kind of page, for kinds look alike.
dictionaries = Table(
    "dictionaries",
    metadata,
    Column("dictionary_id", RowId, primary_key=True),
    Column("host", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("sha256", HexDigest, nullable=False),  # of the page
    Column("size", BigInteger, nullable=False),  # of the page, in bytes
    Column("codec", OneOf(CODECS), nullable=False),
    Column("checksum", BigInteger, nullable=False),  # CRC-32 of host, kind and `body` as it lies here
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("host", "kind"),
)

# A body as received. Whole bodies are here once; a body that differs little from the one its URL gave before
# is a delta against that, and a delta's base is always whole (storage/payloads.py).
payloads = Table(
    "payloads",
    metadata,
    Column("payload_id", RowId, primary_key=True),
    Column("sha256", HexDigest, nullable=False),  # of the body as received
    Column("size", BigInteger, nullable=False),  # of the body as received, in bytes
    Column("codec", OneOf(CODECS), nullable=False),
    Column("dictionary_id", ForeignKey(dictionaries.c.dictionary_id)),
    Column("base_id", ForeignKey("payloads.payload_id")),  # null: a whole body
    # Of `body` as it lies here (storage/codecs.py). The digest alone misses some flipped bits: about 1 in 200
    # of a zstd frame means nothing to the decoder.
    Column("checksum", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index(
        "uq_payloads_whole",
        "sha256",
        unique=True,
        sqlite_where=text("base_id IS NULL"),
        postgresql_where=text("base_id IS NULL"),
    ),
)

addresses = Table(
    "addresses",
    metadata,
    Column("address_id", RowId, primary_key=True),
    Column("url", Text, nullable=False, unique=True),
    Column("host", Text, nullable=False),
    Index("ix_addresses_host", "host"),
)

# How was asked: what all captures of a site have in common.
requests = Table(
    "requests",
    metadata,
    Column("request_id", RowId, primary_key=True),
    Column("digest", HexDigest, nullable=False, unique=True),  # of all that follows
    Column("method", Text, nullable=False),
    Column("headers", Text, nullable=False),  # JSON list of [name, value]
    Column("body", LargeBinary, nullable=False),
    Column("ip_address", Text, nullable=False),  # of the other side; "" where a proxy stood between
    Column("protocol", Text, nullable=False),
    Column("tls", Text, nullable=False),  # version and cipher; "" without
    Column("robots", Text, nullable=False),  # what robots.txt was found to say
)

# How was answered: what the captures of an address have in common, night after night.
heads = Table(
    "heads",
    metadata,
    Column("head_id", RowId, primary_key=True),
    Column("digest", HexDigest, nullable=False, unique=True),  # of all that follows
    Column("request_id", ForeignKey(requests.c.request_id), nullable=False),
    Column("status", Integer),  # null: no answer came
    Column("kind", Text, nullable=False),  # home, listing, report, attachment, asset, robots, other
    Column("content_type", Text),
    Column("charset", Text, nullable=False),  # what the crawler read the page with
    # JSON list of [name, value], in order, as received; [name] where the value is in the capture's row
    Column("headers", Text, nullable=False),
)

# A night on which nothing changed adds one of these and nothing else. To read captures use the view
# `captures` below.
capture_rows = Table(
    "capture_rows",
    metadata,
    Column("capture_id", RowId, primary_key=True),
    Column("fetched_at", Moment, nullable=False),
    Column("run_id", ForeignKey(runs.c.run_id), nullable=False),
    Column("address_id", ForeignKey(addresses.c.address_id), nullable=False),
    Column("head_id", ForeignKey(heads.c.head_id), nullable=False),
    Column("payload_id", ForeignKey(payloads.c.payload_id)),
    Column("date_offset", Integer),  # the server's Date header less fetched_at, in seconds
    Column("elapsed", Integer),  # from the request to the last byte, in milliseconds
    Column("outcome", OneOf(OUTCOMES), nullable=False),
    Column("error", Text),  # why no answer came, or what was wrong with it
    Index("ix_capture_rows_address_id_fetched_at", "address_id", "fetched_at"),
)

# The view that CONTRACT.md promises (storage/views.py); in metadata of its own, for it is not to be created.
captures = Table(
    "captures",
    MetaData(),
    *(Column(name, RowId) for name in ("capture_id", "run_id", "address_id", "head_id", "payload_id")),
    *(Column(name, Text) for name in ("url", "host", "fetched_at", "method", "content_type", "charset")),
    *(Column(name, Text) for name in ("sha256", "kind", "outcome", "error", "ip_address", "protocol")),
    *(Column(name, Text) for name in ("tls", "robots", "headers")),
    *(Column(name, BigInteger) for name in ("status", "size", "elapsed")),
)
