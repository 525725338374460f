"""Who reads does not matter: the rows are the same, whatever dies in between."""

import os
import pickle
import signal
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import dask
import pytest
from distributed import LocalCluster
from sqlalchemy import Connection, select, text

from pipeline import executors, portions, remote
from pipeline.attachments import Unit
from pipeline.errors import UsageProblem, WorkFailed
from pipeline.executors import on_cluster, on_this_machine
from pipeline.portions import Asked, FindFiles
from pipeline.processes import Desk, Limits
from pipeline.reading import read_captures
from storage.archive import record_captures
from storage.captures import Capture
from storage.database import Database, open_database
from storage.payloads import digest_of
from storage.reviews import CELL, Review, keep_review
from storage.runs import start_run
from storage.tables import (
    read_captures as captures_read,
)
from storage.tables import (
    reading_checks,
    reading_findings,
    reading_sections,
    readings,
)
from tests.pipeline.test_workers import misbehave

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
REPORT = Path(__file__).parents[1] / "extract/readers/files/report.html"
PAGES = 220
DESK = Desk(Limits(), note=-1, doomed={})  # at which nothing is read
WORDS = "一、总体情况</p><p>我局认真贯彻条例，全年收到申请{number}件，答复{number}件。"
TABLES = (captures_read, reading_checks, reading_findings, reading_sections)


def page(number: int) -> bytes:
    title = f"某局{2008 + number % 15}年政府信息公开工作年度报告"
    return f"<title>{title}</title><h1>{title}</h1><p>{WORDS.format(number=number)}</p>".encode()


def fill(database: Database, bodies: list[bytes]) -> list[int]:
    with database.write() as connection:
        run = start_run(connection, "import", NOW)
        pages = [
            Capture(f"http://a.gov.cn/{number}.html", NOW, 200, body, kind="report")
            for number, body in enumerate(bodies)
        ]
        return [each.capture_id for each in record_captures(connection, run, pages)]


def rows(connection: Connection) -> list[list[tuple[object, ...]]]:
    """All that was read, but for the hour at which it was."""
    read = [column for column in readings.c if column.name != "read_at"]
    queries = [select(*read), *(select(table) for table in TABLES)]
    return [sorted(map(tuple, connection.execute(query)), key=repr) for query in queries]


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with (
        dask.config.set({"distributed.worker.daemon": False}),
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
    ):
        yield cluster


@pytest.fixture
def database(tmp_path) -> Iterator[Database]:
    with closing(open_database(f"sqlite:///{tmp_path}/a.db")) as database:
        yield database


def test_a_cluster_gives_the_same_rows_though_a_worker_dies(cluster, database, tmp_path):
    fill(database, [page(number) for number in range(PAGES)])
    victims = [worker.pid for worker in cluster.workers.values()]

    def kill_one(_what: str, done: int, _of: int) -> None:
        if victims and done >= 50:
            os.kill(victims.pop(), signal.SIGKILL)
            victims.clear()

    summary = read_captures(database, cluster=cluster.scheduler_address, tell=kill_one)
    assert (summary.captures, summary.changes["new"], victims) == (PAGES, PAGES, [])
    with closing(open_database(f"sqlite:///{tmp_path}/b.db")) as other:
        fill(other, [page(number) for number in range(PAGES)])
        read_captures(other)
        with database.read() as here, other.read() as there:
            assert rows(here) == rows(there)


def test_a_poisoned_document_costs_only_itself(cluster, database):
    ids = fill(database, [b"one", b"crash", b"two", b"abort", *[b"three"] * 60])
    with on_cluster(database, cluster.scheduler_address, misbehave) as readers:
        found = [each for unit in readers.read(list(map(Unit, ids))) for each in unit.outcomes]
    assert [each.capture_id for each in found] == ids
    results = [each.unread for each in found]
    assert [result for result in results if len(result) < 6] == ["one", "two", *["three"] * 60]
    assert "SIGSEGV" in results[1]
    assert "SIGABRT" in results[3]


def test_a_person_s_decision_holds_on_a_cluster_too(cluster, database):
    body = REPORT.read_bytes().replace(b">844<", b">84 4<")
    [capture_id] = fill(database, [body])
    cell = text("SELECT table_code, row_code, col_code FROM cells WHERE raw_text = :printed")
    read_captures(database)
    with database.write() as connection:
        [at] = connection.execute(cell, {"printed": "84 4"}).all()
        seen = Review("http://a.gov.cn/0.html", CELL, "张三", "看过原页", digest_of(body), *at, "844")
        keep_review(connection, seen, capture_id, NOW)
    read_captures(database, cluster=cluster.scheduler_address)
    with database.read() as connection:
        assert connection.execute(cell, {"printed": "844"}).all() == [at]


def test_this_machine_reads_in_the_order_that_was_asked(database):
    ids = fill(database, [page(number) for number in range(5)])
    with on_this_machine(database, 2) as readers:
        found = [each for unit in readers.read(list(map(Unit, ids[::-1]))) for each in unit.outcomes]
    assert [each.capture_id for each in found] == ids[::-1]


def test_another_extractor_is_refused(database):
    with pytest.raises(WorkFailed, match="same nianbao on every machine"):
        portions.answer(
            pickle.dumps(Asked(str(database.engine.url), "", "an older one", FindFiles([1]))), DESK
        )


def test_a_worker_that_may_not_start_processes_is_refused(monkeypatch):
    monkeypatch.setattr(remote, "current_process", lambda: type("Process", (), {"daemon": True}))
    with pytest.raises(WorkFailed, match="--no-nanny"):
        remote.answer_here(b"")


def test_no_scheduler_there(database, monkeypatch):
    monkeypatch.setattr(executors, "PATIENCE", 0.5)
    with pytest.raises(UsageProblem, match="no Dask scheduler"), on_cluster(database, "tcp://127.0.0.1:1"):
        pass


@pytest.mark.parametrize("address", ["nowhere", "tcp://nowhere", "none://nowhere:1"])
def test_what_is_no_address_of_a_scheduler(database, address):
    with pytest.raises(UsageProblem, match="is written as tcp://"), on_cluster(database, address):
        pass
