"""Seals: what a run holds can be proved unchanged since the run ended.

The seal of a run is the SHA-256 (hex) over lines of UTF-8, each ended by a line feed: the previous seal;
the run's own line; a line for each of its captures in the order of capture_id. A line is a JSON array
without white space, of the values below; what only some captures have (MORE) follows as one object of those
that are there. Each seal names the one before (`previous_seal`), the first names "", so that a run that is
taken out leaves a gap. A chain cannot tell that its newest runs were taken away: for that, keep the last seal
somewhere else. Every run prints it.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, select

from storage.heads import headers_from
from storage.tables import addresses, capture_rows, heads, payloads, requests, runs
from storage.values import as_json, as_moment

RUN_COLUMNS = tuple(
    runs.c[name] for name in ("run_id", "command", "started_at", "finished_at", "state", "captures")
)
MORE = ("elapsed", "tls", "charset", "robots", "request_body")
PAGE = 1000  # captures read at a time

# Every capture with all that the archive knows of it but the body. What it refers to may be missing.
WHOLE_CAPTURES = (
    select(
        *capture_rows.c["capture_id", "run_id", "fetched_at", "date_offset", "elapsed", "outcome", "error"],
        capture_rows.c.payload_id,
        *addresses.c["url", "host"],
        *heads.c["status", "kind", "content_type", "charset", "headers"],
        *requests.c["method", "ip_address", "protocol", "tls", "robots"],
        requests.c.headers.label("request_headers"),
        requests.c.body.label("request_body"),
        *payloads.c["sha256", "size"],
    )
    .select_from(capture_rows)
    .outerjoin(addresses, addresses.c.address_id == capture_rows.c.address_id)
    .outerjoin(heads, heads.c.head_id == capture_rows.c.head_id)
    .outerjoin(requests, requests.c.request_id == heads.c.request_id)
    .outerjoin(payloads, payloads.c.payload_id == capture_rows.c.payload_id)
)


def seal_of(connection: Connection, run_id: int) -> str:
    """Compute the seal of a run from its rows as they are now."""
    seal = begin_seal(connection, run_id)
    for capture in captures_of(connection, run_id):
        seal.update(capture_line(capture))
    return seal.hexdigest()


def begin_seal(connection: Connection, run_id: int) -> "hashlib._Hash":
    """Start the digest of a run; the lines of its captures follow."""
    run = connection.execute(select(runs.c.previous_seal, *RUN_COLUMNS).where(runs.c.run_id == run_id)).one()
    seal = hashlib.sha256(f"{run[0]}\n".encode())
    seal.update(line(run[1:]))
    return seal


def captures_of(connection: Connection, run_id: int) -> Iterator[Any]:
    after = connection.scalar(select(runs.c.after_capture).where(runs.c.run_id == run_id)) or 0
    mine = (capture_rows.c.run_id == run_id) & (capture_rows.c.capture_id > after)
    query = WHOLE_CAPTURES.where(mine).order_by(capture_rows.c.capture_id)
    yield from connection.execute(query, execution_options={"yield_per": PAGE})


def capture_line(row: Any) -> bytes:
    """Raises ValueError, KeyError or TypeError where what belongs to the row is missing or makes no sense."""
    headers = headers_from(row.headers, as_moment(row.fetched_at), row.date_offset, row.size)
    values: list[object] = [
        *(row.capture_id, row.url, row.host, row.fetched_at, row.method, row.request_headers, row.status),
        *(json.dumps(headers), row.content_type, row.sha256, row.size, row.kind, row.outcome),
        *(row.error or "", row.ip_address or None, row.protocol or None),
    ]
    more = {name: value for name in MORE if (value := getattr(row, name)) not in {None, "", b""}}
    if isinstance(body := more.get("request_body"), bytes):
        more["request_body"] = body.hex()
    return line([*values, more] if more else values)


def line(values: Sequence[object]) -> bytes:
    return as_json(list(values)).encode() + b"\n"


def last_seal(connection: Connection) -> str:
    """Give the seal that no other run names as its previous one; "" before the first."""
    later = runs.alias("later")
    named = select(later.c.run_id).where(later.c.previous_seal == runs.c.seal)
    tip = select(runs.c.seal).where(runs.c.seal.is_not(None), ~named.exists())
    return connection.execute(tip).scalar() or ""
