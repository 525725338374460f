"""What captures have in common, kept once: how was asked (requests) and how was answered (heads).

The same page on another night answers with the same headers but for the hour. So a head leaves out two values
that the capture's own row can give back to the letter: the Date, as seconds from the fetch, and the
Content-Length, where it is that of the payload. Every other value is part of the head as received.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Connection, Select, Table, bindparam, select

from storage.captures import Capture, Header
from storage.inserting import allot_ids, insert_new
from storage.tables import heads, requests
from storage.values import storable

DATE = "Date"
LENGTH = "Content-Length"
SECONDS = 256  # whose Dates are remembered: in one of them many servers answer
FARTHEST = timedelta(days=365)  # a clock further off than this keeps its Date in the head
SORTED = json.JSONEncoder(sort_keys=True)  # json.dumps makes one each time
Row = dict[str, object]


def header_value(headers: Iterable[Header], name: str) -> str | None:
    """Give the first value of a header; None where it is not there. `name` in lower case."""
    return next((value for key, value in headers if key.lower() == name), None)


def template_of(capture: Capture) -> tuple[list[Sequence[str]], int | None]:
    """Give the headers without what changes nightly, and the seconds from the fetch to the Date."""
    length = None if capture.payload is None else str(len(capture.payload))
    offset = date_offset(capture)
    template: list[Sequence[str]] = []
    for name, value in capture.headers:
        is_date = name == DATE and offset is not None
        template.append([name] if is_date or (name == LENGTH and value == length) else [name, value])
    return template, offset


def date_offset(capture: Capture) -> int | None:
    """Seconds from the fetch to the only Date; None where the fetch cannot give it back to the letter."""
    dates = [value for name, value in capture.headers if name == DATE]
    if len(dates) != 1:
        return None
    said = moment_said(dates[0])
    if said is None:
        return None
    away = said - whole_second(capture.fetched_at)
    return away // timedelta(seconds=1) if abs(away) < FARTHEST else None


@lru_cache(SECONDS)
def moment_said(date: str) -> datetime | None:
    """What a Date says, if it is written as we would write it."""
    try:
        said = parsedate_to_datetime(date)
    except ValueError:
        return None
    return said if said.tzinfo is not None and http_date(said) == date else None


def headers_from(
    template: str, fetched_at: datetime, offset: int | None, size: int | None
) -> tuple[Header, ...]:
    """Undo `template_of`."""
    given = json.loads(template)
    if any(each == [DATE] for each in given) is (offset is None):
        raise ValueError("a Date without its seconds, or seconds without a Date")
    at = whole_second(fetched_at) + timedelta(seconds=offset or 0)
    missing = {DATE: http_date(at), LENGTH: str(size)}
    return tuple((each[0], each[1] if len(each) == 2 else missing[each[0]]) for each in given)


def told_headers(template: str) -> tuple[Header, ...]:
    """The headers whose values stand in the head itself."""
    return tuple((each[0], each[1]) for each in json.loads(template) if len(each) == 2)


def whole_second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


def http_date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def keep_requests(connection: Connection, batch: Sequence[Capture]) -> list[int]:
    """Give the request's id for each capture, storing those that are new."""
    return keep_shared(connection, requests, [request_row(capture) for capture in batch])


def keep_heads(
    connection: Connection, batch: Sequence[Capture], request_ids: Sequence[int]
) -> list[tuple[int, int | None]]:
    """Give the head's id and the Date's offset for each capture, storing the heads that are new."""
    templates = [template_of(capture) for capture in batch]
    rows = [
        head_row(capture, request_id, template)
        for capture, request_id, (template, _) in zip(batch, request_ids, templates, strict=True)
    ]
    ids = keep_shared(connection, heads, rows)
    return [(head_id, offset) for head_id, (_, offset) in zip(ids, templates, strict=True)]


def request_row(capture: Capture) -> Row:
    return {
        "method": storable(capture.method),
        "headers": json.dumps(capture.request_headers),
        "body": capture.request_body,
        "ip_address": storable(capture.ip_address),
        "protocol": storable(capture.protocol),
        "tls": storable(capture.tls),
        "robots": storable(capture.robots),
    }


def head_row(capture: Capture, request_id: int, template: Sequence[Sequence[str]]) -> Row:
    content_type = header_value(capture.headers, "content-type")
    return {
        "request_id": request_id,
        "status": capture.status,
        "kind": capture.kind,
        "content_type": content_type and storable(content_type),
        "charset": storable(capture.charset),
        "headers": json.dumps(template),
    }


def digest_row(row: Mapping[str, object]) -> str:
    """Name a row by all it holds, whatever order its columns are given in."""
    values = {name: value.hex() if isinstance(value, bytes) else value for name, value in row.items()}
    return hashlib.sha256(SORTED.encode(values).encode()).hexdigest()


def keep_shared(connection: Connection, table: Table, rows: Sequence[Row]) -> list[int]:
    """Give each row's id, storing those that are not there yet."""
    digests = [digest_row(row) for row in rows]
    wanted = dict(zip(digests, rows, strict=True))
    known = ids_of(connection, table, wanted)
    fresh = sorted(set(wanted) - set(known))
    if fresh:
        [key] = table.primary_key.columns
        ids = allot_ids(connection, table, len(fresh))
        new = [
            {key.name: at, "digest": digest} | wanted[digest] for at, digest in zip(ids, fresh, strict=True)
        ]
        are_ours = insert_new(connection, table, new)
        known |= zip(fresh, ids, strict=True) if are_ours else ids_of(connection, table, fresh)
    return [known[digest] for digest in digests]


def ids_of(connection: Connection, table: Table, digests: Iterable[str]) -> dict[str, int]:
    found = connection.execute(by_digest(table), {"digests": list(digests)})
    return {digest: at for digest, at in found}  # noqa: C416 - rows are not pairs to mypy


@cache
def by_digest(table: Table) -> Select[Any]:
    """Made once, for that takes longer than to run it."""
    [key] = table.primary_key.columns
    return select(table.c.digest, key).where(table.c.digest.in_(bindparam("digests", expanding=True)))
