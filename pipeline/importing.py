"""Saved captures into the archive: one run, one transaction, so that an import is whole or not there."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby, islice

from sqlalchemy import Connection, exists, select

from pipeline.saved import Saved, SavedArchive
from storage.archive import record_captures
from storage.captures import Capture
from storage.database import Database
from storage.payloads import digest_of
from storage.runs import finish_run, start_run
from storage.tables import captures
from storage.values import as_text
from storage.warc.originals import find_original
from storage.warc.read import Elsewhere

GROUP = 100  # captures a statement


@dataclass(frozen=True, slots=True)
class Imported:
    """`known` captures (same address, time and payload) were there already and were left alone."""

    run_id: int
    new: int
    unchanged: int
    other: int
    known: int
    seal: str


def import_saved(database: Database, saved: Sequence[Saved], now: datetime) -> Imported:
    """Everything in `saved` as captures of one run."""
    outcomes: list[str] = []
    known = 0
    with database.write() as connection:
        run_id = start_run(connection, "import", now)
        elsewhere = partial(find_original, connection)
        for group in grouped(saved, elsewhere):
            fresh = [capture for capture in group if not is_known(connection, capture)]
            known += len(group) - len(fresh)
            outcomes += [recorded.outcome for recorded in record_captures(connection, run_id, fresh)]
        seal = finish_run(connection, run_id, now)
    new, unchanged = outcomes.count("new"), outcomes.count("unchanged")
    return Imported(run_id, new, unchanged, len(outcomes) - new - unchanged, known, seal)


def grouped(saved: Iterable[Saved], elsewhere: Elsewhere) -> Iterator[list[Capture]]:
    """What stands in one file is recorded before the next is read, whose revisits may refer to it."""
    for is_archive, each in groupby(saved, key=lambda each: isinstance(each, SavedArchive)):
        if is_archive:
            for archive in each:
                yield from batches(captures_of([archive], elsewhere))
        else:
            yield from batches(captures_of(each, elsewhere))


def captures_of(saved: Iterable[Saved], elsewhere: Elsewhere) -> Iterator[Capture]:
    for each in saved:
        if isinstance(each, SavedArchive):
            yield from each.captures(elsewhere)
        else:
            yield each.capture()


def batches(found: Iterator[Capture]) -> Iterator[list[Capture]]:
    while group := list(islice(found, GROUP)):
        yield group


def is_known(connection: Connection, capture: Capture) -> bool:
    sha256 = None if capture.payload is None else digest_of(capture.payload)
    same = exists().where(
        captures.c.url == capture.url,
        captures.c.fetched_at == as_text(capture.fetched_at),
        captures.c.sha256 == sha256,
    )
    return bool(connection.scalar(select(same)))
