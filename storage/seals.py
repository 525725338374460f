"""Seals: what a run holds can be proved unchanged since the run ended.

The seal of a run is the SHA-256 (hex) over lines of UTF-8, each ended by a line feed: the previous seal;
the run's own line; a line for each of its captures in the order of capture_id. A line is a JSON array
without white space, of the columns below. Each seal names the one before (`previous_seal`), the first
names "", so that a run that is taken out leaves a gap. A chain cannot tell that its newest runs were
taken away: for that, keep the last seal somewhere else.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, select

from storage.tables import captures, runs

RUN_COLUMNS = tuple(
    runs.c[name] for name in ("run_id", "command", "started_at", "finished_at", "state", "captures")
)
CAPTURE_COLUMNS = tuple(column for column in captures.c if column.name != "run_id")
PAGE = 1000  # captures read at a time


def seal_of(connection: Connection, run_id: int) -> str:
    """Compute the seal of a run from its rows as they are now."""
    run = connection.execute(select(runs.c.previous_seal, *RUN_COLUMNS).where(runs.c.run_id == run_id)).one()
    seal = hashlib.sha256(f"{run[0]}\n".encode())
    seal.update(line(run[1:]))
    for capture in captures_of(connection, run_id):
        seal.update(capture)
    return seal.hexdigest()


def captures_of(connection: Connection, run_id: int) -> Iterator[bytes]:
    query = select(*CAPTURE_COLUMNS).where(captures.c.run_id == run_id).order_by(captures.c.capture_id)
    for row in connection.execute(query, execution_options={"yield_per": PAGE}):
        yield line(row)


def line(values: Sequence[object]) -> bytes:
    return json.dumps(list(values), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def last_seal(connection: Connection) -> str:
    """Give the seal that no other run names as its previous one; "" before the first."""
    later = runs.alias("later")
    named = select(later.c.run_id).where(later.c.previous_seal == runs.c.seal)
    tip = select(runs.c.seal).where(runs.c.seal.is_not(None), ~named.exists())
    return connection.execute(tip).scalar() or ""
