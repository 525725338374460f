"""What a server may be told that we have of an address, so that it need not send it again."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from storage.captures import Header
from storage.heads import header_value, told_headers
from storage.outcomes import GOOD
from storage.tables import addresses, capture_rows, heads, requests

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
    select(addresses.c.url, heads.c.headers, heads.c.kind)
    .select_from(addresses)
    .join(capture_rows, capture_rows.c.capture_id == NEWEST_GOOD)
    .join(heads, heads.c.head_id == capture_rows.c.head_id)
    .where(addresses.c.url.in_(bindparam("of", expanding=True)))
)
VALIDATORS = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}


@dataclass(frozen=True, slots=True)
class Known:
    """`headers` make a request conditional; `kind` is what the page turned out to be."""

    headers: tuple[Header, ...]
    kind: str


def known_of(connection: Connection, urls: Collection[str]) -> dict[str, Known]:
    """By the newest good answer of each that came with its body; those are left out of which the server gave
    nothing to ask by.
    """
    known: dict[str, Known] = {}
    for row in connection.execute(LAST_GOOD, {"of": list(urls)}) if urls else ():
        given = told_headers(row.headers)
        wanted = ((name, header_value(given, said)) for said, name in VALIDATORS.items())
        headers = tuple((name, value) for name, value in wanted if value)
        if headers:
            known[row.url] = Known(headers, row.kind)
    return known
