"""An ingest that can be broken off anywhere, and what must hold of the database afterwards."""

import gzip
import multiprocessing
import os
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection as Pipe
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from sqlalchemy import text

from storage.archive import record_captures
from storage.captures import Capture
from storage.database import Database, open_database
from storage.runs import finish_run, start_run
from storage.verify import verify

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
BATCH = 10
PAGE = b"".join(b"<td>%d</td>" % (number * number) for number in range(300))
FORK = multiprocessing.get_context("fork")
Row = tuple[str, int, str]  # what was done, how often, what came of it


def batch_of(number: int) -> list[Capture]:
    """Pages that come again, changed a little, each third in gzip: bodies of every codec, templates and
    shared heads.
    """
    at = NOW + timedelta(seconds=number)
    headers = (("Date", at.strftime("%a, %d %b %Y %H:%M:%S GMT")), ("Content-Type", "text/html"))
    captures = []
    for place in range(BATCH):
        body = b"%d views, page %d" % (number, place) + PAGE + b"%d today" % (number * (place % 2))
        sent = gzip.compress(body, 6, mtime=0) if place % 3 == 0 else body
        url = f"http://h{place % 3}.gov.cn/{place}"
        captures.append(Capture(url, at, 200, sent, headers, kind="report"))
    return captures


def ingest(url: str, told: Pipe, first: int, batches: int | None = None) -> None:
    """Record batch after batch, telling the number of each once it is committed."""
    with closing(open_database(url)) as database:
        with database.write() as connection:
            run = start_run(connection, "import", NOW)
        number = first
        while batches is None or number < first + batches:
            with database.write() as connection:
                record_captures(connection, run, batch_of(number))
            told.send(number)
            number += 1
        with database.write() as connection:
            finish_run(connection, run, NOW)


def record(database: Database, first: int, batches: int, told: list[int] | None = None) -> None:
    """`ingest` in this process."""
    with database.write() as connection:
        run = start_run(connection, "import", NOW)
    for number in range(first, first + batches):
        with database.write() as connection:
            record_captures(connection, run, batch_of(number))
        if told is not None:
            told.append(number)
    with database.write() as connection:
        finish_run(connection, run, NOW)


def count(url: str) -> int:
    with closing(open_database(url)) as database, database.read() as connection:
        return int(connection.scalar(text("SELECT count(*) FROM captures")) or 0)


def wrong(url: str) -> list[str]:
    with closing(open_database(url)) as database:
        return [f"{fault.what} {fault.where}: {fault.problem}" for fault in verify(database)]


def problems_after(url: str, before: int, told: int) -> int:
    """How much is not as it must be: what was told of is there, at most one batch more (committed, and broken
    off before it could say so), nothing by half, and all of it as it was written.
    """
    found = count(url) - before
    is_whole = found % BATCH == 0 and told <= found // BATCH <= told + 1
    return (not is_whole) + len(wrong(url))


def goes_on(url: str) -> bool:
    """Whether recording goes on without anyone's help."""
    before = count(url)
    told = in_child(ingest, url, 900_000 + before, 1)
    return told == 1 and count(url) == before + BATCH


Prepare = Callable[[BaseProcess], None]


def in_child(target: Callable[..., None], url: str, *given: Any, prepare: Prepare | None = None) -> int:
    """Run it in a process of its own, which `prepare` is given first; give how often it told of a commit."""
    ours, theirs = FORK.Pipe(duplex=False)
    waiting, ready = FORK.Pipe(duplex=False)
    process = FORK.Process(target=quietly, args=(waiting, target, url, theirs, *given))
    process.start()
    theirs.close()
    if prepare:
        prepare(process)
    ready.send(None)
    return count_told(ours, process)


def count_told(ours: Pipe, process: BaseProcess) -> int:
    """What a child still tells, until it is no more."""
    told = 0
    try:
        while True:
            ours.recv()
            told += 1
    except EOFError:
        process.join()
    return told


def quietly(waiting: Pipe, target: Callable[..., None], *given: Any) -> None:
    """Errors are what the campaign makes: the parent counts what was told, and needs no traceback."""
    waiting.recv()
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    target(*given)


def killed_child(url: str, first: int, after: float) -> int:
    """`ingest` ended by kill -9 so many seconds after its start, or after its first commit where it is past
    `OPENING`; give how often it told of a commit.
    """
    ours, theirs = FORK.Pipe(duplex=False)
    process = FORK.Process(target=ingest, args=(url, theirs, first))
    process.start()
    theirs.close()
    past_opening = after > OPENING
    if past_opening:
        ours.recv()
    time.sleep(after)
    process.kill()
    return past_opening + count_told(ours, process)


OPENING = 0.02  # a fifth of the kills, of up to 0.1 s, falls before the first commit
