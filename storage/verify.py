"""Proving the archive: every byte and every row is read again and held against what was promised."""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from storage.database import Database
from storage.payloads import PayloadError, unpacked
from storage.reports import is_intact
from storage.seals import seal_of
from storage.tables import captures, payloads, readings, runs

PAGE = 200  # rows held at a time; payloads are whole pages

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Fault:
    """`what` is payload, capture, run or reading; `where` its key; `problem` a sentence."""

    what: str
    where: str
    problem: str


def verify(database: Database, progress: Progress | None = None) -> Iterator[Fault]:
    """Read everything again, as it stands now. `progress(what, done, of)` is called after each piece."""
    tell = progress or (lambda _what, _done, _of: None)
    with database.read() as connection:
        yield from payload_faults(connection, tell)
        yield from capture_faults(connection, tell)
        yield from run_faults(connection, tell)
        yield from reading_faults(connection, tell)


def rows_of(connection: Connection, query: Select[Any], what: str, tell: Progress) -> Iterator[Row[Any]]:
    """Stream a query's rows, telling how far it is."""
    total = connection.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    rows = connection.execute(query, execution_options={"yield_per": PAGE})
    for done, row in enumerate(rows, 1):
        yield row
        tell(what, done, total)


def payload_faults(connection: Connection, tell: Progress) -> Iterator[Fault]:
    for row in rows_of(connection, select(payloads).order_by(payloads.c.sha256), "payload", tell):
        try:
            unpacked(row.sha256, row.codec, row.size, row.body)
        except PayloadError as error:
            yield Fault("payload", row.sha256, str(error))
            continue
        if zlib.crc32(row.body) != row.checksum:
            yield Fault("payload", row.sha256, "was changed where it lies, though it can still be read")


def capture_faults(connection: Connection, tell: Progress) -> Iterator[Fault]:
    query = (
        select(*captures.c["capture_id", "sha256", "size"], payloads.c.size.label("payload_size"))
        .outerjoin(payloads, payloads.c.sha256 == captures.c.sha256)
        .order_by(captures.c.capture_id)
    )
    for row in rows_of(connection, query, "capture", tell):
        if row.sha256 is None:
            continue
        if row.payload_size is None:
            yield Fault("capture", str(row.capture_id), f"its payload {row.sha256} is missing")
        elif row.payload_size != row.size:
            yield Fault(
                "capture", str(row.capture_id), f"says {row.size} bytes, its payload has {row.payload_size}"
            )


def run_faults(connection: Connection, tell: Progress) -> Iterator[Fault]:
    columns = runs.c["run_id", "state", "seal", "previous_seal"]
    sealed = connection.execute(
        select(*columns).where(runs.c.state != "running").order_by(runs.c.run_id)
    ).all()
    for done, run in enumerate(sealed, 1):
        if run.seal is None or run.previous_seal is None:
            yield Fault("run", str(run.run_id), "is finished and has no seal")
        elif seal_of(connection, run.run_id) != run.seal:
            yield Fault(
                "run", str(run.run_id), "does not match its seal: its row or a capture of it was changed"
            )
        tell("run", done, len(sealed))
    yield from chain_faults({run.previous_seal: run for run in sealed if run.seal})
    yield from orphans(connection)


def chain_faults(followers: dict[str, Row[Any]]) -> Iterator[Fault]:
    """Walk the chain from "" on; a run that is never reached follows a seal that no longer exists."""
    seal = ""
    while run := followers.pop(seal, None):
        seal = run.seal
    for run in followers.values():
        yield Fault(
            "run", str(run.run_id), f"follows the seal {run.previous_seal}, which no run before it has"
        )


def orphans(connection: Connection) -> Iterator[Fault]:
    known = select(runs.c.run_id).where(runs.c.run_id == captures.c.run_id)
    lost = select(captures.c.capture_id, captures.c.run_id).where(~known.exists())
    for row in connection.execute(lost):
        yield Fault("capture", str(row.capture_id), f"its run {row.run_id} is missing")


def reading_faults(connection: Connection, tell: Progress) -> Iterator[Fault]:
    query = (
        select(*readings.c["reading_id", "capture_id"], captures.c.capture_id.label("found"))
        .outerjoin(captures, captures.c.capture_id == readings.c.capture_id)
        .order_by(readings.c.reading_id)
    )
    for row in rows_of(connection, query, "reading", tell):
        if row.found is None:
            yield Fault("reading", str(row.reading_id), f"its capture {row.capture_id} is missing")
        if not is_intact(connection, row.reading_id):
            yield Fault(
                "reading", str(row.reading_id), "does not match its digest: its row or a part was changed"
            )
