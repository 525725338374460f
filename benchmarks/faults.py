"""What the archive survives: kills, failures at every write, full disks, locks, and bits that flip.

    .venv/bin/python -m benchmarks.faults [--kills 1000] [--flips 2000] [--db URL of an empty Postgres]

After each fault: every acknowledged capture is there, nothing is half visible, `verify` finds nothing wrong,
and recording goes on without a manual step. For flips the other way round: `verify` must find each.
"""

import multiprocessing
import os
import random
import resource
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, event, exc, text

from benchmarks.machine import describe_machine
from storage import database as opening
from storage.archive import record_captures
from storage.captures import Capture
from storage.database import Database, open_database
from storage.runs import finish_run, start_run
from storage.tables import metadata
from storage.verify import verify

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
BATCH = 10
OPENING = 0.02  # a fifth of the kills, of up to 0.1 s
PAGE = b"".join(b"<td>%d</td>" % (number * number) for number in range(300))
ARCHIVE = ("runs", "dictionaries", "payloads", "addresses", "requests", "heads", "capture_rows")
# What a living run keeps for itself proves nothing and is not sealed.
UNSEALED = {("runs", "owner"), ("runs", "seen_at")}
FORK = multiprocessing.get_context("fork")
Row = tuple[str, int, str]


def batch_of(number: int) -> list[Capture]:
    """Pages that come again, changed a little: whole bodies, deltas, templates and shared heads."""
    at = NOW + timedelta(seconds=number)
    headers = (("Date", at.strftime("%a, %d %b %Y %H:%M:%S GMT")), ("Content-Type", "text/html"))
    pages = [
        (f"http://h{place % 3}.gov.cn/{place}", b"%d views, page %d" % (number, place))
        for place in range(BATCH)
    ]
    return [Capture(url, at, 200, body + PAGE, headers, kind="report") for url, body in pages]


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


def count(url: str) -> int:
    with closing(open_database(url)) as database, database.read() as connection:
        return int(connection.scalar(text("SELECT count(*) FROM captures")) or 0)


def wrong(url: str) -> list[str]:
    with closing(open_database(url)) as database:
        return [f"{fault.what} {fault.where}: {fault.problem}" for fault in verify(database)]


def in_child(target: Callable[..., None], *given: Any, kill_after: float | None = None) -> int:
    """Run it in a process of its own, killed after so many seconds; give how often it told of a commit."""
    ours, theirs = FORK.Pipe(duplex=False)
    process = FORK.Process(target=target, args=(given[0], theirs, *given[1:]))
    process.start()
    theirs.close()
    told = 0
    try:
        if kill_after is not None:
            if kill_after > OPENING:  # the others fall before the first commit
                ours.recv()
                told += 1
            time.sleep(kill_after)
            if process.pid:
                os.kill(process.pid, signal.SIGKILL)
        while True:
            ours.recv()
            told += 1
    except EOFError:
        process.join()
    return told


def kills(url: str, number: int, chance: random.Random) -> Row:
    """Each kill falls anywhere between opening and the tenth commit or so."""
    problems, acknowledged, known = 0, 0, count(url)
    for done in range(number):
        told = in_child(ingest, url, 1000 * done, kill_after=chance.uniform(0.0, 0.1))
        found = count(url)
        acknowledged += told
        # One batch more may be there: committed, and killed before it could say so.
        problems += (found - known) % BATCH != 0 or not told <= (found - known) // BATCH <= told + 1
        known = found
        if done % 100 == 99:
            problems += len(wrong(url))
    problems += len(wrong(url))
    return (
        f"kill -9 ({url.partition(':')[0]})",
        number,
        f"{acknowledged} commits acknowledged, {problems} problems",
    )


class Injected(Exception):  # noqa: N818 - it is no error of ours
    """The failure that the campaign makes."""


def every_write(folder: Path) -> Row:
    """A failure before the n-th statement, and at the n-th commit, for every n of an ingest."""
    problems = tried = 0
    for moment in ("before_cursor_execute", "commit"):
        for place in range(10_000):
            url = f"sqlite:///{folder}/{moment}-{place}.db"
            open_database(url).close()
            failed = fails_at(url, moment, place)
            problems += count(url) % BATCH + len(wrong(url))
            in_child(ingest, url, 5000, 1)
            problems += len(wrong(url))
            (folder / f"{moment}-{place}.db").unlink()
            if not failed:
                break
            tried += 1
    return "failure at the n-th statement or commit, every n", tried, f"{problems} problems"


def fails_at(url: str, moment: str, place: int) -> bool:
    """Record two batches, failing at `place`; say whether it came so far."""
    seen = 0

    def fail(*_: Any, **__: Any) -> None:
        nonlocal seen
        seen += 1
        if seen == place + 1:
            raise Injected

    with closing(open_database(url)) as database:
        event.listen(database.engine, moment, fail)
        try:
            record(database, 0, 2)
        except Injected:
            return True
    return False


def record(database: Database, first: int, batches: int) -> None:
    with database.write() as connection:
        run = start_run(connection, "import", NOW)
    for number in range(first, first + batches):
        with database.write() as connection:
            record_captures(connection, run, batch_of(number))
    with database.write() as connection:
        finish_run(connection, run, NOW)


def full_disk(folder: Path) -> Row:
    """No file may grow beyond a limit, and the limit is a little higher each time."""
    problems = tried = 0
    for limit in range(200_000, 500_000, 20_000):
        url = f"sqlite:///{folder}/full-{limit}.db"
        open_database(url).close()
        told = in_child(ingest_within, url, limit)
        problems += count(url) != told * BATCH
        problems += len(wrong(url))
        in_child(ingest, url, 5000, 1)
        problems += count(url) != (told + 1) * BATCH
        tried += 1
    return "disk full", tried, f"{problems} problems"


def ingest_within(url: str, told: Pipe, limit: int) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        ingest(url, told, 0, 40)
    except (exc.DBAPIError, opening.DatabaseError):
        return


def locked(folder: Path) -> Row:
    """Another program holds the file's write lock for longer than we wait."""
    url = f"sqlite:///{folder}/locked.db"
    waits, opening.LOCK_WAIT = opening.LOCK_WAIT, 0
    try:
        with closing(open_database(url)) as database, closing(open_database(url)) as other:
            record(database, 0, 1)
            with other.write():
                try:
                    record(database, 1, 1)
                except exc.OperationalError:
                    refused = True
                else:
                    refused = False
            record(database, 2, 1)
            problems = len(list(verify(database))) + (not refused)
    finally:
        opening.LOCK_WAIT = waits
    return "locked database", 1, f"{problems} problems"


def backwards(folder: Path) -> Row:
    """The clock steps back by hours between batches."""
    with closing(open_database(f"sqlite:///{folder}/clock.db")) as database:
        for number in (9000, 5, 7000, 1):
            record(database, number, 1)
        problems = len(list(verify(database)))
    return "clock going backwards", 4, f"{problems} problems"


def lost_connection(url: str) -> Row:
    """The server ends our session inside a transaction."""
    problems = 0
    with closing(open_database(url)) as database:
        for number in range(20):
            before = count(url)
            try:
                with database.write() as connection:
                    run = start_run(connection, "import", NOW)
                    record_captures(connection, run, batch_of(number))
                    end_session(url, connection)
                    record_captures(connection, run, batch_of(number + 1))
            except exc.DBAPIError:
                problems += count(url) != before
            else:
                problems += 1
            record(database, 100 + number, 1)
        problems += len(list(verify(database)))
    return "lost connection", 20, f"{problems} problems"


def end_session(url: str, connection: Connection) -> None:
    ours = connection.scalar(text("SELECT pg_backend_pid()"))
    with closing(open_database(url)) as other, other.write() as ending:
        ending.execute(text("SELECT pg_terminate_backend(:ours)"), {"ours": ours})


def flips(folder: Path, number: int, chance: random.Random) -> Iterator[Row]:
    """Change one value of one row by a bit or by cutting its end off; verify must find it."""
    url = f"sqlite:///{folder}/flips.db"
    missed: dict[str, int] = dict.fromkeys(ARCHIVE, 0)
    tried: dict[str, int] = dict.fromkeys(ARCHIVE, 0)
    with closing(open_database(url)) as database:
        for night in range(3):
            record(database, night, 1)
        for _ in range(number):
            table = chance.choice(("payloads", "payloads", "dictionaries", *ARCHIVE))
            with changed(database, table, chance) as what:
                if what and not any(True for _ in verify(database)):
                    missed[table] += 1
                    print("missed", table, what)
                tried[table] += bool(what)
    for table in ARCHIVE:
        yield f"bit flips and truncations: {table}", tried[table], f"{missed[table]} missed"


@contextmanager
def changed(database: Database, table: str, chance: random.Random) -> Iterator[str]:
    columns = [each.name for each in metadata.tables[table].columns if (table, each.name) not in UNSEALED]
    key = next(iter(metadata.tables[table].primary_key.columns)).name
    column = "body" if "checksum" in columns and chance.random() < 0.7 else chance.choice(columns)
    with closing(database.engine.raw_connection()) as raw:
        cursor = raw.cursor()
        cursor.execute("PRAGMA foreign_keys = OFF")
        cursor.execute("PRAGMA query_only = OFF")
        cursor.execute(f"SELECT rowid, {column} FROM {table} ORDER BY random() LIMIT 1")
        found = cursor.fetchone()
        assert found is not None
        at, value = found
        other = damaged(value, chance)
        if other == value:
            yield ""
            return
        try:
            cursor.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (other, at))
        except Exception:  # noqa: BLE001 - a constraint will not have it: the database itself refuses
            yield ""
            return
        now = other if column == key else at
        try:
            yield f"{column}: {value!r:.60} -> {other!r:.60}"
        finally:
            cursor.execute("PRAGMA foreign_keys = OFF")
            cursor.execute("PRAGMA query_only = OFF")
            cursor.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (value, now))


def damaged(value: Any, chance: random.Random) -> Any:
    if isinstance(value, int):
        return value ^ (1 << chance.randrange(16))
    if isinstance(value, str):
        return damaged(value.encode(), chance).decode("latin-1") if value else value
    if not value:
        return value
    if chance.random() < 0.2:
        return value[: chance.randrange(len(value))]
    at = chance.randrange(len(value))
    return value[:at] + bytes([value[at] ^ (1 << chance.randrange(7))]) + value[at + 1 :]


def campaign(folder: Path, number: int, flipped: int, postgres: str, seed: int) -> Iterator[Row]:
    chance = random.Random(seed)
    if postgres:
        yield kills(postgres, number, chance)
        yield lost_connection(postgres)
        return
    yield kills(f"sqlite:///{folder}/kills.db", number, chance)
    yield locked(folder)
    yield backwards(folder)
    yield from flips(folder, flipped, chance)
    yield full_disk(folder)
    yield every_write(folder)


@click.command()
@click.option("--kills", "number", default=1000, show_default=True)
@click.option("--flips", "flipped", default=2000, show_default=True)
@click.option("--db", default="", help="An empty Postgres database: kills and lost connections there.")
@click.option("--seed", default=1, show_default=True)
def main(number: int, flipped: int, db: str, seed: int) -> None:
    """Run the campaign and print its table. Exit status 1 if anything was lost or missed."""
    console = Console()
    console.print(describe_machine(), soft_wrap=True)
    table = Table("fault", "tried", "found")
    clean = True
    with tempfile.TemporaryDirectory(prefix="nianbao-faults-") as name:
        for what, tried, found in campaign(Path(name), number, flipped, db, seed):
            table.add_row(what, str(tried), found)
            console.print(f"{what}: {tried} tried, {found}")
            clean = clean and ("0 problems" in found or found == "0 missed")
    console.print(table)
    raise SystemExit(not clean)


if __name__ == "__main__":
    main()
