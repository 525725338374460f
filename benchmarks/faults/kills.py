"""Processes that end in the middle: ours by kill -9, and the server's."""

import os
import random
import signal
import time
from contextlib import closing, suppress

from sqlalchemy import Connection, exc, text

from benchmarks.faults.ingest import (
    BATCH,
    NOW,
    Row,
    batch_of,
    count,
    goes_on,
    killed_child,
    problems_after,
    record,
    wrong,
)
from storage.archive import record_captures
from storage.database import Database, DatabaseError, open_database
from storage.runs import start_run

LOST = 20
CRASHES = 20
PATIENCE = 60.0  # seconds that a server may take to stand up again


def kills(url: str, number: int, chance: random.Random) -> Row:
    """Each kill falls anywhere between opening and the tenth commit or so."""
    problems, acknowledged, known = 0, 0, count(url)
    for done in range(number):
        told = killed_child(url, 1000 * done, chance.uniform(0.0, 0.1))
        found = count(url)
        acknowledged += told
        # One batch more may be there: committed, and killed before it could say so.
        problems += (found - known) % BATCH != 0 or not told <= (found - known) // BATCH <= told + 1
        known = found
        if done % 50 == 49:
            problems += len(wrong(url))
    problems += len(wrong(url)) + (not goes_on(url))
    kind = url.partition(":")[0].partition("+")[0]
    return f"kill -9 of an ingest ({kind})", number, f"{acknowledged} commits told of, {problems} problems"


def lost_connection(url: str) -> Row:
    """The server ends our session inside a transaction."""
    problems = 0
    with closing(open_database(url)) as database:
        for number in range(LOST):
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
    problems += len(wrong(url))
    return "lost connection", LOST, f"{problems} problems"


def end_session(url: str, connection: Connection) -> None:
    ours = connection.scalar(text("SELECT pg_backend_pid()"))
    with closing(open_database(url)) as other, other.write() as ending:
        ending.execute(text("SELECT pg_terminate_backend(:ours)"), {"ours": ours})


def server_crashes(url: str) -> Row:
    """Kill -9 of our session's server process right after a commit: the server throws all memory away and
    stands up again from its log.
    """
    problems = 0
    for number in range(CRASHES):
        before, told = count(url), list[int]()
        with closing(open_database(url)) as database:
            record(database, 200 + number, 2, told)
            if not kill_server(database):
                return "server killed with -9", 0, "not tried: it is not ours or not here, 0 problems known"
        wait_for(url)
        problems += problems_after(url, before, len(told))
    problems += not goes_on(url)
    return "server killed with -9", CRASHES, f"{problems} problems"


def kill_server(database: Database) -> bool:
    with suppress(exc.OperationalError), database.read() as connection:
        ours = connection.scalar(text("SELECT pg_backend_pid()"))
        try:
            os.kill(int(ours or 0), signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return False
        connection.scalar(text("SELECT 1"))  # nobody answers
    return True


def wait_for(url: str) -> None:
    """Until the server answers again."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            open_database(url).close()
        except DatabaseError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return
