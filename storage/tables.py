"""The schema, once, for SQLite and Postgres.

Physical tables are plain nouns; what CONTRACT.md promises to others and is not a table of its own
(`reports`, `report_versions`, `cells`, `checks`, `sections`, `leftovers`, `coverage`) is a view in
`storage/views.py`. Times are ISO 8601 text in UTC of one width (`values.as_text`), so that they sort
and compare alike in both databases.
"""

from typing import Any

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
from storage.values import ExactNumber, HexDigest, Moment, OneOf, Packed

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Rows that an index is only for.
CURRENT: dict[str, Any] = dict.fromkeys(("sqlite_where", "postgresql_where"), text("standing = 'current'"))
FAILED: dict[str, Any] = dict.fromkeys(("sqlite_where", "postgresql_where"), text("passed = 0"))

# SQLite gives row ids only to a column declared INTEGER.
RowId = BigInteger().with_variant(Integer, "sqlite")

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

sites = Table(
    "sites",
    metadata,
    Column("host", Text, primary_key=True),
    Column("name", Text, nullable=False, server_default=""),
    Column("region_code", Text, nullable=False, server_default=""),
    Column("start", Text, nullable=False, server_default="[]"),  # JSON list of addresses
    Column("listing", Text, nullable=False, server_default=""),  # family named by the operator
    Column("delay", ExactNumber),  # seconds
    Column("note", Text, nullable=False, server_default=""),
    Column("registered", Integer, nullable=False, server_default="0"),  # 1: may be crawled; 0: only imported
    Column("site_id_code", Text, nullable=False, server_default=""),
    Column("icp_number", Text, nullable=False, server_default=""),
    Column("police_number", Text, nullable=False, server_default=""),
    Column("family", Text, nullable=False, server_default=""),  # family recognised by the crawler
    Column("last_run_at", Text),
    Column("last_outcome", Text),
    Column("lease_owner", Text),
    Column("lease_until", Text),
    Column("rest_until", Text),  # a host that met us with walls is left in peace until then
    Column("rests", Integer, nullable=False, server_default="0"),  # nights of rest in a row
    Column("tls_mode", Text, nullable=False, server_default=""),  # "" is strict: crawler/tls.py
)

frontier = Table(
    "frontier",
    metadata,
    Column("request_key", Text, primary_key=True),  # the address, and where a form is posted its digest
    Column("url", Text, nullable=False, server_default=""),
    Column("method", Text, nullable=False, server_default="GET"),
    Column("request_headers", Text, nullable=False, server_default="[]"),  # JSON list of [name, value]
    Column("request_body", LargeBinary),  # what is to be posted; null: nothing
    Column("host", Text, nullable=False),
    Column("kind", Text, nullable=False),  # what the link promises; the same words as captures.kind
    Column("score", Integer, nullable=False),  # higher first
    Column("depth", Integer, nullable=False),  # clicks from a start page
    Column("hops", Integer, nullable=False, server_default="0"),  # redirects in a row that led here
    Column("due_at", Text),  # pending when past; null: nothing more to do here
    Column("decision", Text, nullable=False, server_default=""),  # why null: robots, gone, outside
    Column("attempts", Integer, nullable=False, server_default="0"),  # failed fetches in a row
    Column("text", Text, nullable=False, server_default=""),  # the link's own words
    Column("found_on", Text, nullable=False, server_default=""),
    Column("added_at", Text, nullable=False),
    Index("ix_frontier_host_due_at_score", "host", "due_at", "score"),
)

# Which files a page offers, as its newest capture that was read has it; the report may be one of them.
attachments = Table(
    "attachments",
    metadata,
    Column("page", Text, primary_key=True),  # the page's address
    Column("ordinal", Integer, primary_key=True),  # from 1, in the order of the page
    Column("url", Text, nullable=False),
    Index("ix_attachments_url", "url"),
)

# Patterns of addresses (crawler/traps.py) whose pages led to nothing at all: traps, not paid for twice.
spent_patterns = Table(
    "spent_patterns",
    metadata,
    Column("pattern", Text, primary_key=True),  # host and path, every number as N
    Column("until", Text, nullable=False),  # when it is worth another look
)

# What a run has to tell a person: budgets that were hit, hosts that rested, columns suddenly empty.
run_findings = Table(
    "run_findings",
    metadata,
    Column("run_id", ForeignKey(runs.c.run_id), primary_key=True),
    Column("host", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("text", Text, primary_key=True),
    Column("times", Integer, nullable=False, server_default="1"),
)

# Which body's report of which year is expected and not there. What is there needs no row: the view
# `coverage` has both. `because` says who expects it: the registry, a list of bodies, other years.
coverage_gaps = Table(
    "coverage_gaps",
    metadata,
    Column("publisher", Text, primary_key=True),
    Column("region_code", Text, primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),  # missing, blocked
    Column("host", Text, nullable=False),
    Column("because", Text, nullable=False),
    Index("ix_coverage_gaps_region_code_year", "region_code", "year"),
)

# One row for each result of reading a capture. `standing` is current (the report as it stands now),
# superseded (an earlier version) or rejected (read, and not an annual report; reasons say why).
readings = Table(
    "readings",
    metadata,
    Column("reading_id", RowId, primary_key=True),
    Column("report_id", Text, nullable=False),
    Column("capture_id", ForeignKey(capture_rows.c.capture_id), nullable=False),
    Column("standing", Text, nullable=False),
    Column("version", Integer, nullable=False),  # 1 is the first reading of this report
    Column("extractor", Text, nullable=False),
    Column("digest", Text, nullable=False),  # over everything read; equal digests change nothing
    Column("read_at", Text, nullable=False),
    Column("reasons", Text, nullable=False, server_default="[]"),  # JSON list
    Column("url", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("publisher", Text, nullable=False),
    Column("region_code", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("year", Integer),
    Column("form", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("published_on", Text, nullable=False),
    Column("index_number", Text, nullable=False),
    Column("is_mirror", Integer, nullable=False),
    Column("cells_read", Integer, nullable=False),
    Column("cells_expected", Integer, nullable=False),
    Column("checks_passed", Integer, nullable=False),
    Column("checks_failed", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column(
        "evidence", Text, nullable=False, server_default="{}"
    ),  # JSON: what each part of the identity came from
    # How far the evidence lies from the least that makes a report; below zero it is none. Null before 0004.
    Column("margin", Integer),
    Index("ix_readings_report_id_standing", "report_id", "standing"),
    Index(
        "uq_readings_current",  # a report stands in one way at a time, whoever writes
        "report_id",
        unique=True,
        **CURRENT,
    ),
    Index("ix_readings_form_year", "form", "year", **CURRENT),
    Index("ix_readings_year", "year", **CURRENT),
    Index("ix_readings_region_code_year", "region_code", "year", **CURRENT),
    Index("ix_readings_read_at", "read_at", **CURRENT),
    # `standing` too, for SQLite leaves a row alone only where all that is asked of it stands in the index.
    Index("ix_readings_listed", "year", "publisher", "report_id", "standing", **CURRENT),
    Index("ix_readings_publisher_year", "publisher", "year"),
    Index("ix_readings_capture_id", "capture_id"),
)

# What persons decided. Each decision is a row; of several about one thing the last one counts. `verdict`:
# report or not_report of the page at `url`; cell: what is printed in a cell of the document `sha256`.
reviews = Table(
    "reviews",
    metadata,
    Column("review_id", RowId, primary_key=True),
    *(Column(name, Text, nullable=False) for name in ("url", "verdict", "sha256")),
    *(Column(name, Text, nullable=False) for name in ("table_code", "row_code", "col_code")),
    *(Column(name, Text, nullable=False) for name in ("raw_text", "reviewer", "reason")),
    Column("reviewed_at", Text, nullable=False),
    Index("ix_reviews_url", "url"),
)

# Which extractor has seen which capture, so that a reading that changed nothing is not repeated.
read_captures = Table(
    "read_captures",
    metadata,
    Column("capture_id", ForeignKey(capture_rows.c.capture_id), primary_key=True, autoincrement=False),
    Column("extractor", Text, nullable=False),
    Column("reading_id", ForeignKey(readings.c.reading_id), nullable=False),
)

# Every cell that readings of a form had so far, by its position in their lists. Rows are only ever added.
form_cells = Table(
    "form_cells",
    metadata,
    Column("form", Text, primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),  # from 0
    Column("table_code", Text, nullable=False),
    Column("row_code", Text, nullable=False),
    Column("col_code", Text, nullable=False),
    Column("unit", Text, nullable=False),
    UniqueConstraint("form", "table_code", "row_code", "col_code", "unit"),
)

# The cells of a reading as one list, each at its position: storage/cells.py. To read cells use the view
# `cells`. Places lie apart, for who asks for numbers seldom asks for them.
reading_cells = Table(
    "reading_cells",
    metadata,
    Column("reading_id", ForeignKey(readings.c.reading_id), primary_key=True, autoincrement=False),
    Column("items", Packed, nullable=False),
    Column("sequence", Packed),  # the positions in the order they were read; null: by position
)

reading_places = Table(
    "reading_places",
    metadata,
    Column("reading_id", ForeignKey(readings.c.reading_id), primary_key=True, autoincrement=False),
    Column("stems", Packed, nullable=False),  # storage/places.py
    Column("places", Packed, nullable=False),
)

reading_checks = Table(
    "reading_checks",
    metadata,
    Column("reading_id", ForeignKey(readings.c.reading_id), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("rule", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("expected", ExactNumber),
    Column("actual", ExactNumber),
    Column("passed", Integer, nullable=False),
    Column("severity", Text, nullable=False),
    Index("ix_reading_checks_failed", "reading_id", "rule", "severity", **FAILED),
)

reading_sections = Table(
    "reading_sections",
    metadata,
    Column("reading_id", ForeignKey(readings.c.reading_id), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("heading", Text, nullable=False),
    Column("text", Text, nullable=False),
)

reading_leftovers = Table(
    "reading_leftovers",
    metadata,
    Column("reading_id", ForeignKey(readings.c.reading_id), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("locator", Text, nullable=False),
)

reading_findings = Table(
    "reading_findings",
    metadata,
    Column("reading_id", ForeignKey(readings.c.reading_id), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("code", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("locator", Text, nullable=False),
)

# The tables that no official form explains, or not wholly: every cell of them.
reading_grids = Table(
    "reading_grids",
    metadata,
    Column("reading_id", ForeignKey(readings.c.reading_id), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("grid", Integer, nullable=False),
    Column("row", Integer, nullable=False),
    Column("column", Integer, nullable=False),
    Column("label", Text, nullable=False),  # the path of words beside and above the cell
    Column("text", Text, nullable=False),
    Column("value", ExactNumber),
    Column("locator", Text, nullable=False),
)

# Which cells of each form are the same measure; a measure is the sum of `parts` cells of one option.
crosswalk = Table(
    "crosswalk",
    metadata,
    Column("measure", Text, primary_key=True),
    Column("form", Text, primary_key=True),
    Column("option", Integer, primary_key=True),
    Column("table_code", Text, primary_key=True),
    Column("row_code", Text, primary_key=True),
    Column("col_code", Text, primary_key=True),
    Column("parts", Integer, nullable=False),
    Column("label", Text, nullable=False),
    Column("comparable", Integer, nullable=False),  # 0: see the note
    Column("note", Text, nullable=False),
)

# A report held against the same body's report of the year before. Made anew whenever either changes.
year_checks = Table(
    "year_checks",
    metadata,
    Column("report_id", Text, primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("rule", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("expected", ExactNumber),
    Column("actual", ExactNumber),
    Column("passed", Integer, nullable=False),
    Column("severity", Text, nullable=False),
    Index("ix_year_checks_failed", "report_id", "rule", "severity", **FAILED),
)
