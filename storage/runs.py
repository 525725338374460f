"""Runs: who crawls or imports, since when, and how it ended. A run that ended is sealed."""

import os
import socket
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, select, update

from settings import clock
from storage.locks import hold_lock
from storage.seals import last_seal, seal_of
from storage.tables import capture_rows, runs
from storage.values import as_moment, as_text

# A run on another machine that gave no sign of life for so long is dead. It is far longer than any page
# takes, and a run that is declared dead too early is told so at its next write.
SILENCE = timedelta(minutes=30)
CRAWL = "crawl"  # runs.command
DONE = "done"  # runs.state of a run that came to its own end


class RunClosedError(Exception):
    """The run is finished and sealed; nothing can be added to it."""


class StillRunningError(Exception):
    """Another process crawls into this database. One line that says which."""


def start_run(connection: Connection, command: str, now: datetime) -> int:
    """Begin a run, after closing those that a dead process left running. Raises StillRunningError."""
    hold_lock(connection, "seals")
    for dead in left_running(connection, now):
        finish_run(connection, dead, now, "interrupted")
    if command == CRAWL:
        refuse_second_crawl(connection, now)
    at = as_text(now)
    values = {
        "command": command,
        "started_at": at,
        "seen_at": at,
        "state": "running",
        "owner": this_process(),
        "after_capture": select(func.coalesce(func.max(capture_rows.c.capture_id), 0)).scalar_subquery(),
    }
    run_id: int = connection.execute(insert(runs).values(values).returning(runs.c.run_id)).scalar_one()
    return run_id


def refuse_second_crawl(connection: Connection, now: datetime) -> None:
    """On SQLite there is one writer, so one crawl at a time; on Postgres any number share the sites by leases
    (storage/leases.py). Raises StillRunningError.
    """
    if connection.dialect.name != "sqlite":
        return
    crawling = select(runs.c.run_id, runs.c.owner, runs.c.started_at, runs.c.seen_at).where(
        runs.c.state == "running", runs.c.command == CRAWL
    )
    for run in connection.execute(crawling):
        if not is_dead(run.owner, as_moment(run.seen_at), now):
            raise StillRunningError(
                f"run {run.run_id} (process {run.owner}) has been crawling since {run.started_at[:16]} UTC; "
                "wait for it or stop it"
            )


def finish_run(connection: Connection, run_id: int, now: datetime, state: str = DONE) -> str:
    """Close a run as "done" or "interrupted" and give its seal. Raises RunClosedError if it is closed."""
    hold_lock(connection, "seals")  # one at a time: each seal names the one before
    closed = (
        update(runs)
        .where(runs.c.run_id == run_id, runs.c.state == "running")
        .values(state=state, finished_at=as_text(now), previous_seal=last_seal(connection))
    )
    if connection.execute(closed).rowcount == 0:
        raise RunClosedError(f"run {run_id} is not running")
    seal = seal_of(connection, run_id)
    connection.execute(update(runs).where(runs.c.run_id == run_id).values(seal=seal, after_capture=None))
    return seal


def note_captures(connection: Connection, run_id: int, number: int) -> None:
    """Count `number` more captures and show a sign of life. Raises RunClosedError."""
    alive = (
        update(runs)
        .where(runs.c.run_id == run_id, runs.c.state == "running")
        .values(captures=runs.c.captures + number, seen_at=as_text(clock.now()))
    )
    if connection.execute(alive).rowcount == 0:
        raise RunClosedError(f"run {run_id} is not running; another process may have taken it for dead")


def left_running(connection: Connection, now: datetime) -> list[int]:
    running = connection.execute(
        select(runs.c.run_id, runs.c.owner, runs.c.seen_at)
        .where(runs.c.state == "running")
        .order_by(runs.c.run_id)
    )
    return [run.run_id for run in running if is_dead(run.owner, as_moment(run.seen_at), now)]


def is_dead(owner: str, seen_at: datetime, now: datetime) -> bool:
    machine, _, process = owner.rpartition(":")
    if machine == socket.gethostname():
        # Our own number: the process that had it before us, as in a container where it is always 1.
        return int(process) == os.getpid() or not is_alive(int(process))
    return now - seen_at > SILENCE


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)  # signal 0 only asks
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # it lives, under another user
    return True


def this_process() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"
