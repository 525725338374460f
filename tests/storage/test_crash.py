"""Processes that die in the middle of a write, as by kill -9, and processes that write side by side."""

import multiprocessing
import os
import signal
from datetime import UTC, datetime

from sqlalchemy import text

from storage.archive import record_captures
from storage.captures import Capture
from storage.database import open_database
from storage.runs import finish_run, start_run
from storage.verify import verify

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


def pages(first: int) -> list[Capture]:
    return [
        Capture(f"http://a.gov.cn/{number}", NOW, 200, b"%d" % number * 99)
        for number in range(first, first + 20)
    ]


def record_and_die(url: str) -> None:
    database = open_database(url)
    with database.write() as connection:
        run = start_run(connection, "crawl", NOW)
    with database.write() as connection:
        record_captures(connection, run, pages(0))
    with database.write() as connection:
        record_captures(connection, run, pages(20))
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_killed_process_loses_only_what_it_had_not_committed(database_url):
    process = multiprocessing.get_context("fork").Process(target=record_and_die, args=(database_url,))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    database = open_database(database_url)
    with database.write() as connection:
        assert connection.scalar(text("SELECT count(*) FROM captures")) == 20
        assert connection.scalar(text("SELECT captures FROM runs")) == 20
        again = start_run(connection, "crawl", NOW)
        record_captures(connection, again, pages(20))
        states = connection.execute(text("SELECT state FROM runs ORDER BY run_id")).scalars().all()
    assert states == ["interrupted", "running"]
    assert list(verify(database)) == []
    database.close()


def record_beside_others(url: str, together, number: int) -> None:
    database = open_database(url)
    together.wait()
    with database.write() as connection:
        run = start_run(connection, "import", NOW)
    for first in range(0, 60, 20):  # two of three batches hold pages that the others record too
        with database.write() as connection:
            record_captures(connection, run, pages(first or 1000 * number))
    with database.write() as connection:
        finish_run(connection, run, NOW, "done")


def test_processes_side_by_side(database_url):
    processes = multiprocessing.get_context("fork")
    together = processes.Barrier(3)
    started = [
        processes.Process(target=record_beside_others, args=(database_url, together, number))
        for number in range(3)
    ]
    for process in started:
        process.start()
    for process in started:
        process.join()
    assert [process.exitcode for process in started] == [0, 0, 0]
    database = open_database(database_url)
    with database.read() as connection:
        assert connection.execute(text("SELECT state, captures FROM runs")).all() == [("done", 60)] * 3
        assert connection.scalar(text("SELECT count(*) FROM captures")) == 180
        assert connection.scalar(text("SELECT count(*) FROM payloads")) == 100
        assert connection.scalar(text("SELECT count(DISTINCT previous_seal) FROM runs")) == 3
    assert list(verify(database)) == []
    database.close()
