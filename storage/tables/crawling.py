"""What is to be fetched, of whom what is expected, and what runs met with."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from storage.tables.archive import runs
from storage.tables.schema import metadata
from storage.values import ExactNumber

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
    Column(
        "scheme", Text, nullable=False, server_default=""
    ),  # the only one that answers: crawler/schemes.py
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
    Column("decision", Text, nullable=False, server_default=""),  # why null: robots, gone, outside, scheme
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

# Which day lists print beside the link to a file, of which nothing else may say when it was published. Rows
# are only ever added.
listed_days = Table(
    "listed_days",
    metadata,
    Column("url", Text, primary_key=True),
    Column("day", Text, primary_key=True),  # ISO 8601
    Column("page", Text, nullable=False),  # the list that was the first to say so
    Column("run_id", ForeignKey(runs.c.run_id), nullable=False),  # that saw it
    Index("ix_listed_days_run_id", "run_id"),
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
