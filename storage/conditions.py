"""What a server may be told that we have of an address, so that it need not send it again."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from storage.captures import Header
from storage.heads import header_value, told_headers
from storage.outcomes import GOOD
from storage.tables import addresses, capture_rows, heads, payloads, requests

earlier = capture_rows.alias("earlier")
NEWEST_GOOD = (
    select(earlier.c.capture_id)
    .join(heads, heads.c.head_id == earlier.c.head_id)
    .join(requests, requests.c.request_id == heads.c.request_id)
    .where(earlier.c.address_id == addresses.c.address_id, earlier.c.outcome.in_(GOOD))
    .where(earlier.c.payload_id.is_not(None), heads.c.status == 200, requests.c.method == "GET")
    .order_by(earlier.c.fetched_at.desc(), earlier.c.capture_id.desc())
    .limit(1)
    .correlate(addresses)
    .scalar_subquery()
)
LAST_GOOD = (
    select(addresses.c.url, heads.c.headers, heads.c.kind, heads.c.charset, payloads.c.sha256)
    .select_from(addresses)
    .join(capture_rows, capture_rows.c.capture_id == NEWEST_GOOD)
    .join(heads, heads.c.head_id == capture_rows.c.head_id)
    .join(payloads, payloads.c.payload_id == capture_rows.c.payload_id)
    .where(addresses.c.url.in_(bindparam("of", expanding=True)))
)
VALIDATORS = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}


@dataclass(frozen=True, slots=True)
class Known:
    """The newest good answer: `headers` make a request conditional, where the server gave anything to ask by;
    `kind` is what the page turned out to be, `sha256` that of its body as received.
    """

    headers: tuple[Header, ...]
    kind: str
    charset: str
    sha256: str


def known_of(connection: Connection, urls: Collection[str]) -> dict[str, Known]:
    """By the newest good answer of each that came with its body."""
    known: dict[str, Known] = {}
    for row in connection.execute(LAST_GOOD, {"of": list(urls)}) if urls else ():
        given = told_headers(row.headers)
        wanted = ((name, header_value(given, said)) for said, name in VALIDATORS.items())
        headers = tuple((name, value) for name, value in wanted if value)
        known[row.url] = Known(headers, row.kind, row.charset, row.sha256)
    return known
