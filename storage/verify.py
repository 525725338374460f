"""Proving the archive: every byte and every row is read again and held against what was promised."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, Select, exc, func, select

from storage import dictionaries as templates
from storage.codecs import Packed, checksum_of
from storage.database import Database, first_line
from storage.heads import digest_row
from storage.payloads import STORED, PayloadError, open_rows
from storage.reports import is_intact
from storage.seals import WHOLE_CAPTURES, begin_seal, capture_line
from storage.sums import strays
from storage.tables import capture_rows, dictionaries, heads, payloads, readings, requests, runs

PAGE = 200  # rows held at a time; payloads are whole pages

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Fault:
    """`what` is payload, dictionary, request, head, capture, run, reading or sums, or file or database;
    `where` its key; `problem` a sentence.
    """

    what: str
    where: str
    problem: str


@dataclass(frozen=True, slots=True)
class Scope:
    """What is to be read again: all, or runs from `since_run` on, and of their bodies a `sample` of 0 to 1.

    Rows, seals and dictionaries are always read; bodies are the long part. `seed` chooses the sample.
    `after_payload` goes on where an earlier reading of the bodies was broken off: so many are passed over.
    """

    since_run: int = 0
    sample: float = 1.0
    seed: int = 0
    after_payload: int = 0

    @property
    def is_whole(self) -> bool:
        return self.since_run == 0 and self.sample >= 1 and self.after_payload == 0


EVERYTHING = Scope()


UNREADABLE = (exc.DatabaseError, ValueError, TypeError, OverflowError)  # what a row beyond recognition raises


def verify(
    database: Database, progress: Progress | None = None, scope: Scope = EVERYTHING
) -> Iterator[Fault]:
    """Read everything again, as it stands now. `progress(what, done, of)` is called after each piece.

    Where the database itself can no longer be read, that is the last fault.
    """
    tell = progress or (lambda _what, _done, _of: None)
    try:
        with database.read() as connection:
            yield from file_faults(connection)
            yield from dictionary_faults(connection, tell)
            yield from payload_faults(connection, tell, scope)
            yield from shared_faults(connection)
            yield from run_faults(connection, tell, scope)
            yield from reading_faults(connection, tell)
    except UNREADABLE as error:
        yield Fault("database", database.name, f"cannot be read further ({first_line(error)})")


def file_faults(connection: Connection) -> Iterator[Fault]:
    """What SQLite finds wrong with its own file, its indexes with it; Postgres has no such question."""
    if connection.dialect.name != "sqlite":
        return
    for problem in connection.exec_driver_sql("PRAGMA integrity_check").scalars():
        if problem != "ok":
            yield Fault("file", "SQLite", problem)


def rows_of(
    connection: Connection, query: Select[Any], what: str, tell: Progress, after: int = 0
) -> Iterator[Row[Any]]:
    """Stream a query's rows but the first `after`, telling how far it is."""
    total = connection.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    rows = connection.execute(query.offset(after), execution_options={"yield_per": PAGE})
    for done, row in enumerate(rows, after + 1):
        yield row
        tell(what, done, total)


def dictionary_faults(connection: Connection, tell: Progress) -> Iterator[Fault]:
    query = select(dictionaries).order_by(dictionaries.c.dictionary_id)
    for row in rows_of(connection, query, "dictionary", tell):
        where = str(row.dictionary_id)
        try:
            templates.opened(row.sha256, row.codec, row.size, row.body)
        except PayloadError as error:
            yield Fault("dictionary", where, str(error))
            continue
        if templates.checksum_of(row.host, row.kind, row.body) != row.checksum:
            yield Fault("dictionary", where, "was changed where it lies, though it can still be read")


def payload_faults(connection: Connection, tell: Progress, scope: Scope) -> Iterator[Fault]:
    chosen = random.Random(scope.seed)  # noqa: S311 - a sample, no secret
    query = select(*STORED, payloads.c.checksum).order_by(payloads.c.payload_id)
    if scope.since_run:
        since = select(capture_rows.c.payload_id).where(capture_rows.c.run_id >= scope.since_run)
        query = query.where(payloads.c.payload_id.in_(since))
    for row in rows_of(connection, query, "payload", tell, scope.after_payload):
        if scope.sample >= 1 or chosen.random() < scope.sample:
            yield from faults_of_payload(connection, row)


def faults_of_payload(connection: Connection, row: Row[Any]) -> Iterator[Fault]:
    try:
        list(open_rows(connection, [row]))
    except PayloadError as error:
        yield Fault("payload", row.sha256, str(error))
        return
    if checksum_of(Packed(row.codec, row.body)) != row.checksum:
        yield Fault("payload", row.sha256, "was changed where it lies, though it can still be read")


def shared_faults(connection: Connection) -> Iterator[Fault]:
    """What captures share has a digest of its own, so that a change is found where it is."""
    for what, table in (("request", requests), ("head", heads)):
        key, _digest, *columns = table.c
        for row in connection.execute(select(table).order_by(key), execution_options={"yield_per": PAGE}):
            if digest_row({column.name: row._mapping[column.name] for column in columns}) != row.digest:  # noqa: SLF001
                yield Fault(what, str(row[0]), "does not match its digest")


@dataclass(slots=True)
class Resealing:
    """Seals made again from one reading of all captures, for those of a run need not lie together."""

    connection: Connection
    seals: dict[int, Any] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict)

    def add(self, capture: Row[Any]) -> None:
        run_id = capture.run_id
        if run_id not in self.seals:
            self.seals[run_id] = begin_seal(self.connection, run_id)
        self.seals[run_id].update(capture_line(capture))

    def seal_of(self, run_id: int) -> str:
        seal = self.seals.get(run_id) or begin_seal(self.connection, run_id)
        return str(seal.hexdigest())


def run_faults(connection: Connection, tell: Progress, scope: Scope) -> Iterator[Fault]:
    known = {row.run_id: row for row in connection.execute(select(runs).order_by(runs.c.run_id))}
    resealing, broken = Resealing(connection), set[int]()
    query = WHOLE_CAPTURES.where(capture_rows.c.run_id >= scope.since_run)
    for row in rows_of(connection, query.order_by(capture_rows.c.capture_id), "capture", tell):
        yield from faults_of_capture(row, known)
        if row.run_id in known and row.run_id not in broken:
            try:
                resealing.add(row)
            except (ValueError, KeyError, TypeError, IndexError, OverflowError):
                broken.add(row.run_id)
    ended = [run for run in known.values() if run.state != "running" and run.run_id >= scope.since_run]
    for done, run in enumerate(ended, 1):
        if run.seal is None or run.previous_seal is None or run.after_capture is not None:
            yield Fault("run", str(run.run_id), "is finished and was not sealed whole")
        elif run.run_id in broken or resealing.seal_of(run.run_id) != run.seal:
            problem = "does not match its seal: its row or a capture of it was changed"
            yield Fault("run", str(run.run_id), problem)
        tell("run", done, len(ended))
    yield from chain_faults({run.previous_seal: run for run in known.values() if run.seal})


def faults_of_capture(row: Row[Any], known: dict[int, Row[Any]]) -> Iterator[Fault]:
    where = str(row.capture_id)
    if row.run_id not in known:
        yield Fault("capture", where, f"its run {row.run_id} is missing")
    if row.payload_id is not None and row.sha256 is None:
        yield Fault("capture", where, f"its payload {row.payload_id} is missing")
    if row.url is None:
        yield Fault("capture", where, "its address is missing")
    if row.headers is None or row.request_headers is None:
        yield Fault("capture", where, "its head or request is missing")


def chain_faults(followers: dict[str, Row[Any]]) -> Iterator[Fault]:
    """Walk the chain from "" on; a run that is never reached follows a seal that no longer exists."""
    seal = ""
    while run := followers.pop(seal, None):
        seal = run.seal
    for run in followers.values():
        yield Fault(
            "run", str(run.run_id), f"follows the seal {run.previous_seal}, which no run before it has"
        )


def reading_faults(connection: Connection, tell: Progress) -> Iterator[Fault]:
    query = (
        select(*readings.c["reading_id", "capture_id"], capture_rows.c.capture_id.label("found"))
        .outerjoin(capture_rows, capture_rows.c.capture_id == readings.c.capture_id)
        .order_by(readings.c.reading_id)
    )
    all_intact = True
    for row in rows_of(connection, query, "reading", tell):
        if row.found is None:
            yield Fault("reading", str(row.reading_id), f"its capture {row.capture_id} is missing")
        if not is_intact(connection, row.reading_id):
            all_intact = False
            yield Fault(
                "reading", str(row.reading_id), "does not match its digest: its row or a part was changed"
            )
    if all_intact:
        yield from sum_faults(connection)


def sum_faults(connection: Connection) -> Iterator[Fault]:
    for where in strays(connection):
        yield Fault("sums", where, "are not what the cells add up to")
