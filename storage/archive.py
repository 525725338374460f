"""The archive: every fetch becomes a row, every distinct body is kept once."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import Connection, RowMapping, insert, select

from storage.captures import Capture, Header
from storage.outcomes import judge
from storage.payloads import digest_of, keep_payloads, load_payload
from storage.runs import note_captures
from storage.tables import captures, read_captures
from storage.values import as_moment, as_text, storable

READABLE = (
    "report",
    "attachment",
    "other",
)  # kinds that may turn out to be a report; "other" is what imports bring
PAGE = 500  # ids looked up at a time


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a capture. `sha256` is None where no answer came."""

    capture_id: int
    outcome: str
    sha256: str | None


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
    keep_payloads(connection, bodies_of(batch, digests))
    outcomes = judge(connection, batch, digests)
    rows = [capture_row(run_id, *each) for each in zip(batch, digests, outcomes, strict=True)]
    statement = insert(captures).returning(captures.c.capture_id, sort_by_parameter_order=True)
    ids = connection.scalars(statement, rows).all()
    return [Recorded(*each) for each in zip(ids, outcomes, digests, strict=True)]


def bodies_of(batch: Iterable[Capture], digests: Iterable[str | None]) -> dict[str, bytes]:
    pairs = zip(digests, batch, strict=True)
    return {sha256: capture.payload for sha256, capture in pairs if sha256 and capture.payload is not None}


def capture_row(run_id: int, capture: Capture, sha256: str | None, outcome: str) -> dict[str, object]:
    content_type = header_value(capture.headers, "content-type")
    return {
        "run_id": run_id,
        "url": storable(capture.url),
        "host": urlsplit(capture.url).hostname or "",
        "fetched_at": as_text(capture.fetched_at),
        "method": capture.method,
        "request_headers": json.dumps(capture.request_headers),
        "status": capture.status,
        "headers": json.dumps(capture.headers),
        "content_type": content_type and storable(content_type),
        "sha256": sha256,
        "size": None if capture.payload is None else len(capture.payload),
        "kind": capture.kind,
        "outcome": outcome,
        "error": storable(capture.error),
        "ip_address": capture.ip_address or None,
        "protocol": capture.protocol or None,
    }


def header_value(headers: Iterable[Header], name: str) -> str | None:
    """Give the first value of a header; None where it is not there. `name` in lower case."""
    return next((value for key, value in headers if key.lower() == name), None)


def load_capture(connection: Connection, capture_id: int) -> StoredCapture:
    """Give a capture with its payload. Raises LookupError (unknown id) or PayloadError (bad body)."""
    row = connection.execute(select(captures).where(captures.c.capture_id == capture_id)).mappings().first()
    if row is None:
        raise LookupError(f"capture {capture_id} is not in the archive")
    payload = None if row["sha256"] is None else load_payload(connection, row["sha256"])
    return StoredCapture(capture_id, row["run_id"], row["sha256"], capture_from(row, payload))


def capture_from(row: RowMapping, payload: bytes | None) -> Capture:
    return Capture(
        url=row["url"],
        fetched_at=as_moment(row["fetched_at"]),
        status=row["status"],
        payload=payload,
        headers=headers_from(row["headers"]),
        kind=row["kind"],
        outcome=row["outcome"],
        method=row["method"],
        request_headers=headers_from(row["request_headers"]),
        error=row["error"],
        ip_address=row["ip_address"] or "",
        protocol=row["protocol"] or "",
    )


def headers_from(text: str) -> tuple[Header, ...]:
    return tuple((name, value) for name, value in json.loads(text))


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
