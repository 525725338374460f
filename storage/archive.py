"""The archive: every fetch becomes a row, every distinct body is kept once."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, bindparam, insert, select

from storage.captures import Capture
from storage.heads import header_value, headers_from, keep_heads, keep_requests
from storage.inserting import allot_ids, insert_new
from storage.outcomes import Seen, judge, seen_before
from storage.payloads import Body, digest_of, keep_payloads, load_bodies
from storage.runs import note_captures
from storage.seals import WHOLE_CAPTURES
from storage.states import posted_before, restated
from storage.tables import addresses, capture_rows, captures, read_captures
from storage.values import as_moment, as_text, storable

__all__ = [
    "READABLE",
    "Recorded",
    "StoredCapture",
    "captures_to_read",
    "header_value",
    "load_capture",
    "load_captures",
    "record_captures",
]

READABLE = (
    "report",
    "attachment",
    "other",
)  # kinds that may turn out to be a report; "other" is what imports bring
# Built once: making a statement costs more than running it.
ADDRESSES = select(*addresses.c["url", "address_id"]).where(
    addresses.c.url.in_(bindparam("urls", expanding=True))
)
PAGE = 500  # ids looked up at a time
OK = 200


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a capture. `sha256` is None where no answer came; `was_page`: the request gave a page
    before.
    """

    capture_id: int
    outcome: str
    sha256: str | None
    was_page: bool = False


@dataclass(frozen=True, slots=True)
class StoredCapture:
    """A capture as the archive holds it; `capture.outcome` is always filled."""

    capture_id: int
    run_id: int
    sha256: str | None
    capture: Capture


def record_captures(connection: Connection, run_id: int, batch: Sequence[Capture]) -> list[Recorded]:
    """Store the captures, in order, and give what became of each. Raises RunClosedError.

    Durable when the caller's transaction is. Best in batches of 50 to 100: the number of statements is
    the same for one capture as for a hundred.
    """
    if not batch:
        return []
    note_captures(connection, run_id, len(batch))
    digests = [None if capture.payload is None else digest_of(capture.payload) for capture in batch]
    address_ids, fresh = keep_addresses(connection, batch)
    old = {place: address_id for place, address_id in enumerate(address_ids) if address_id not in fresh}
    before = seen_before(connection, batch, old)
    before |= posted_before(connection, batch, address_ids, before)
    payload_ids = keep_bodies(connection, batch, digests, before)
    outcomes = judge(batch, digests, before, restated(connection, batch, digests, before))
    heads = keep_heads(connection, batch, keep_requests(connection, batch))
    ids = allot_ids(connection, capture_rows, len(batch))
    rows = [
        {
            "capture_id": capture_id,
            "run_id": run_id,
            "address_id": address_id,
            "head_id": head_id,
            "payload_id": None if sha256 is None else payload_ids[sha256],
            "fetched_at": as_text(capture.fetched_at),
            "date_offset": offset,
            "elapsed": capture.elapsed,
            "outcome": outcome,
            "error": storable(capture.error) or None,
        }
        for capture_id, address_id, (head_id, offset), sha256, capture, outcome in zip(
            ids, address_ids, heads, digests, batch, outcomes, strict=True
        )
    ]
    connection.execute(insert(capture_rows), rows)
    were_pages = [place in before and before[place].status == OK for place in range(len(batch))]
    return [Recorded(*each) for each in zip(ids, outcomes, digests, were_pages, strict=True)]


def keep_addresses(connection: Connection, batch: Sequence[Capture]) -> tuple[list[int], frozenset[int]]:
    """Give the address's id for each capture, storing those that are new; and the ids of these."""
    urls = [storable(capture.url) for capture in batch]
    known = addresses_at(connection, urls)
    fresh = sorted(set(urls) - set(known))
    if not fresh:
        return [known[url] for url in urls], frozenset()
    ids = allot_ids(connection, addresses, len(fresh))
    rows = [
        {"address_id": at, "url": url, "host": urlsplit(url).hostname or ""}
        for at, url in zip(ids, fresh, strict=True)
    ]
    are_ours = insert_new(connection, addresses, rows)
    known |= zip(fresh, ids, strict=True) if are_ours else addresses_at(connection, fresh)
    return [known[url] for url in urls], frozenset(ids if are_ours else ())


def addresses_at(connection: Connection, urls: Sequence[str]) -> dict[str, int]:
    found = connection.execute(ADDRESSES, {"urls": urls})
    return {url: address_id for url, address_id in found}  # noqa: C416 - rows are not pairs to mypy


def keep_bodies(
    connection: Connection,
    batch: Sequence[Capture],
    digests: Sequence[str | None],
    before: Mapping[int, Seen],
) -> dict[str, int]:
    """Give the payload_id of each digest. A body that its request gave the time before is there already."""
    known: dict[str, int] = {}
    bodies: list[Body] = []
    for place, (capture, sha256) in enumerate(zip(batch, digests, strict=True)):
        seen = before.get(place)
        if sha256 is None or capture.payload is None:
            continue
        if seen and seen.sha256 == sha256:
            known[sha256] = seen.payload_id
        else:
            at = (urlsplit(capture.url).hostname or "", capture.kind)
            bodies.append(Body(sha256, capture.payload, at, seen.base_id if seen else None))
    return keep_payloads(connection, [body for body in bodies if body.sha256 not in known]) | known


def sizes_of(connection: Connection, capture_ids: Sequence[int]) -> dict[int, int]:
    """Of the payloads, in bytes."""
    query = select(captures.c.capture_id, captures.c.size).where(captures.c.capture_id.in_(capture_ids))
    return {capture_id: size or 0 for capture_id, size in connection.execute(query)}


def load_capture(connection: Connection, capture_id: int) -> StoredCapture:
    """Give a capture with its payload. Raises LookupError (unknown id) or PayloadError (bad body)."""
    return load_captures(connection, [capture_id])[0]


def load_captures(connection: Connection, capture_ids: Sequence[int]) -> list[StoredCapture]:
    """Give captures with their payloads, in the order asked. Raises LookupError or PayloadError.

    Best some fifty at a time: the number of statements is the same for one as for all.
    """
    found = connection.execute(WHOLE_CAPTURES.where(capture_rows.c.capture_id.in_(capture_ids)))
    rows = {row.capture_id: row for row in found}
    if missing := set(capture_ids) - rows.keys():
        raise LookupError(f"capture {min(missing)} is not in the archive")
    bodies = load_bodies(connection, {row.payload_id for row in rows.values()} - {None})
    return [stored_from(rows[each], bodies) for each in capture_ids]


def stored_from(row: Any, bodies: Mapping[int, bytes]) -> StoredCapture:
    capture = capture_from(row, bodies.get(row.payload_id))
    return StoredCapture(row.capture_id, row.run_id, row.sha256, capture)


def capture_from(row: Any, payload: bytes | None) -> Capture:
    fetched_at = as_moment(row.fetched_at)
    return Capture(
        url=row.url,
        fetched_at=fetched_at,
        status=row.status,
        payload=payload,
        headers=headers_from(row.headers, fetched_at, row.date_offset, row.size),
        kind=row.kind,
        outcome=row.outcome,
        method=row.method,
        request_headers=tuple((name, value) for name, value in json.loads(row.request_headers)),
        error=row.error or "",
        ip_address=row.ip_address,
        protocol=row.protocol,
        request_body=bytes(row.request_body),
        tls=row.tls,
        charset=row.charset,
        robots=row.robots,
        elapsed=row.elapsed,
    )


def captures_to_read(
    connection: Connection,
    extractor: str,
    everything: bool = False,  # noqa: FBT001, FBT002 - the words of the command line
    kinds: Sequence[str] = READABLE,
    after: int = 0,
) -> Iterator[int]:
    """Ids, in order, of captures after `after` that may be reports and that `extractor` has not read.

    An unchanged capture needs no reading: its payload was there before. With `everything`, also those
    that `extractor` has read already.
    """
    query = (
        select(captures.c.capture_id)
        .where(captures.c.kind.in_(kinds), captures.c.outcome == "new", captures.c.status == 200)
        .where(captures.c.sha256.is_not(None))
        .order_by(captures.c.capture_id)
        .limit(PAGE)
    )
    if not everything:
        read = select(read_captures.c.capture_id).where(read_captures.c.extractor == extractor)
        query = query.where(~read.where(read_captures.c.capture_id == captures.c.capture_id).exists())
    while ids := connection.scalars(query.where(captures.c.capture_id > after)).all():
        yield from ids
        after = ids[-1]
