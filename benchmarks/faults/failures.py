"""Calls that fail: statements, commits, writes and syncs, each at every place of an ingest in turn."""

import os
import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from multiprocessing.connection import Connection as Pipe
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from sqlalchemy import event, exc

from benchmarks.faults.ingest import (
    NOW,
    Row,
    batch_of,
    count,
    goes_on,
    in_child,
    ingest,
    problems_after,
    record,
    wrong,
)
from storage import database as opening
from storage.archive import record_captures
from storage.database import DatabaseError, open_database
from storage.runs import start_run

BATCHES = 2
MOST = 10_000  # places of an ingest; the last is found by none failing any more
NOBODY = 65534
# The system calls by which SQLite writes, and how each can fail.
CALLS = (
    ("pwrite64", "EIO"),
    ("pwrite64", "ENOSPC"),
    ("fsync,fdatasync", "EIO"),
    ("ftruncate", "EIO"),
)


class Injected(Exception):  # noqa: N818 - it is no error of ours
    """The failure that the campaign makes."""


def every_statement(url_of: "Fresh") -> Iterator[Row]:
    """A failure before the n-th statement, and at the n-th commit, for every n of an ingest."""
    for moment, name in (("before_cursor_execute", "statement"), ("commit", "commit")):
        problems = tried = 0
        for place in range(MOST):
            url = url_of(f"{moment}-{place}")
            before, told = count(url), list[int]()
            failed = fails_at(url, moment, place, told)
            problems += problems_after(url, before, len(told))
            if not failed:
                break
            tried += 1
            problems += not goes_on(url)
        yield f"failure at the n-th {name}, every n", tried, f"{problems} problems"


class Fresh:
    """Names a new SQLite file for each try; of another database, that one again and again."""

    def __init__(self, folder: Path, url: str = "") -> None:
        self.folder, self.url = folder, url
        self.file = folder / "empty.db"
        if not url:
            open_database(f"sqlite:///{self.file}").close()

    def __call__(self, name: str) -> str:
        if self.url:
            return self.url
        for old in self.folder.glob("try-*"):
            old.unlink()
        shutil.copy(self.file, self.folder / f"try-{name}.db")
        return f"sqlite:///{self.folder}/try-{name}.db"


def fails_at(url: str, moment: str, place: int, told: list[int]) -> bool:
    """Record some batches, failing at `place`; say whether it came so far."""
    seen = 0

    def fail(*_: Any, **__: Any) -> None:
        nonlocal seen
        seen += 1
        if seen == place + 1:
            raise Injected

    with closing(open_database(url)) as database:
        event.listen(database.engine, moment, fail)
        try:
            record(database, 0, BATCHES, told)
        except Injected:
            return True
    return False


def every_call(fresh: Fresh) -> Iterator[Row]:
    """The operating system refuses the n-th write or sync of the database file, for every n of an ingest."""
    for call, error in CALLS:
        name = f"{error} at the n-th {call}, every n"
        if shutil.which("strace") is None:
            yield name, 0, "not tried: install strace, 0 problems known"
            continue
        problems = tried = 0
        for place in range(1, MOST):
            url = fresh(f"{call}-{place}")
            inject = Refusing(call, error, place)
            told = in_child(ingest, url, 0, BATCHES, prepare=inject.attach)
            problems += problems_after(url, 0, told)
            if not inject.has_refused():
                break
            tried += 1
            problems += not goes_on(url)
        yield name, tried, f"{problems} problems"


class Refusing:
    """strace, attached to a process, refuses one system call of it as a bad disk would."""

    def __init__(self, call: str, error: str, place: int) -> None:
        inject = f"inject={call}:error={error}:when={place}"
        self.command = ["strace", "-f", "-qq", "-e", f"trace={call}", "-e", inject]
        self.written = ""

    def attach(self, process: BaseProcess) -> None:
        self.tracer = subprocess.Popen(
            [*self.command, "-p", str(process.pid)], stderr=subprocess.PIPE, text=True
        )
        status = Path(f"/proc/{process.pid}/status")
        while "TracerPid:\t0\n" in status.read_text():
            if self.tracer.poll() is not None:
                raise SystemExit(f"strace: {self.tracer.communicate()[1].strip()}")
            time.sleep(0.001)

    def has_refused(self) -> bool:
        return "(INJECTED)" in self.tracer.communicate()[1]


def full_disk(fresh: Fresh) -> Row:
    """No file may grow beyond a limit, and the limit is a little higher each time."""
    problems = tried = 0
    for limit in range(200_000, 500_000, 10_000):
        url = fresh(f"full-{limit}")
        told = in_child(ingest_within, url, limit)
        problems += problems_after(url, 0, told) + (not goes_on(url))
        tried += 1
    return "no room from n kB on", tried, f"{problems} problems"


def ingest_within(url: str, told: Pipe, limit: int) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        ingest(url, told, 0, 60)
    except (exc.DBAPIError, DatabaseError):
        return


def read_only(fresh: Fresh) -> Row:
    """The file and its folder may only be read."""
    url = fresh("read-only")
    with closing(open_database(url)) as database:
        record(database, 0, BATCHES)
    [file] = fresh.folder.glob("try-read-only.db")
    kept, mode = file.read_bytes(), fresh.folder.stat().st_mode
    file.chmod(0o444)
    fresh.folder.chmod(0o555)
    told = in_child(ingest_as_nobody, url)
    fresh.folder.chmod(mode)
    file.chmod(0o644)
    problems = (told != 0) + (file.read_bytes() != kept) + len(wrong(url)) + (not goes_on(url))
    return "read-only file and folder", 1, f"{problems} problems"


def ingest_as_nobody(url: str, told: Pipe) -> None:
    """Root may write anything, so it is root no more."""
    if os.geteuid() == 0:
        os.setuid(NOBODY)
    try:
        ingest(url, told, 50, 1)
    except (exc.DBAPIError, DatabaseError):
        return


def locked(fresh: Fresh) -> Row:
    """Another program holds the file's write lock for longer than we wait."""
    url = fresh("locked")
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
        problems = len(wrong(url)) + (not refused) + (count(url) != 2 * len(batch_of(0)))
    finally:
        opening.LOCK_WAIT = waits
    return "locked database", 1, f"{problems} problems"


def backwards(fresh: Fresh) -> Row:
    """The clock steps back by hours between batches, and inside a run."""
    url = fresh("clock")
    steps = (9000, 5, 7000, 1)
    with closing(open_database(url)) as database:
        for number in steps:
            record(database, number, 1)
        with database.write() as connection:
            run = start_run(connection, "import", NOW)
        for number in steps:
            with database.write() as connection:
                record_captures(connection, run, batch_of(10_000 + number))
    problems = len(wrong(url)) + (not goes_on(url))
    return "clock going backwards", 2 * len(steps), f"{problems} problems"
