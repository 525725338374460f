"""What a server may be told that we have of an address, so that it need not send it again."""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from storage.captures import Capture, Header
from storage.heads import header_value, told_headers
from storage.outcomes import GOOD
from storage.tables import captures, heads, requests

LAST_GOOD = (
    select(captures.c.headers, captures.c.kind)
    .where(captures.c.url == bindparam("of"), captures.c.method == "GET", captures.c.outcome.in_(GOOD))
    .where(captures.c.sha256.is_not(None), captures.c.status == 200)
    .order_by(captures.c.fetched_at.desc(), captures.c.capture_id.desc())
    .limit(1)
)
VALIDATORS = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}


@dataclass(frozen=True, slots=True)
class Known:
    """`headers` make a request conditional; `kind` is what the page turned out to be."""

    headers: tuple[Header, ...]
    kind: str


def known_of(connection: Connection, url: str) -> Known | None:
    """By the newest good answer that came with its body; None where the server gave nothing to ask by."""
    row = connection.execute(LAST_GOOD, {"of": url}).one_or_none()
    if row is None:
        return None
    given = told_headers(row.headers)
    wanted = ((name, header_value(given, said)) for said, name in VALIDATORS.items())
    headers = tuple((name, value) for name, value in wanted if value)
    return Known(headers, row.kind) if headers else None


def was_good(connection: Connection, capture: Capture, before: int) -> bool:
    """Whether the same request gave a page before that capture."""
    good = (
        select(captures.c.capture_id)
        .join(heads, heads.c.head_id == captures.c.head_id)
        .join(requests, requests.c.request_id == heads.c.request_id)
        .where(captures.c.url == capture.url, captures.c.outcome.in_(GOOD), captures.c.status == 200)
        .where(requests.c.method == capture.method, requests.c.body == capture.request_body)
        .where(captures.c.capture_id < before)
    )
    return connection.scalar(good.limit(1)) is not None
