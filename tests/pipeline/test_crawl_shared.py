"""Workers on one Postgres: each a process, all on one small web, whose server tells who was asked when."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL

from benchmarks.servers import postgres_database
from samples.site import build_sites
from samples.web import Handler, SampleWeb
from settings.registry import Site
from storage.database import Database, open_database
from storage.sites import register_sites

pytestmark = pytest.mark.postgres
ROOT = Path(__file__).parents[2]
SITES = build_sites(pages=40, copies=11)
WORK = """
import sys
import settings.crawl
from crawler import crew
from pipeline.crawl import crawl
from settings.environment import read_environment
from storage import leases
leases.LEASE, crew.BEAT, crew.BITE = 10.0, 0.3, 4
settings.crawl.NIANBAO_SUBDOMAINS = False  # some are dead, and a run lingers for those
crawl(sys.argv[1], environment=read_environment(), delay=0, requisites=False)
"""
CAPTURES = text("SELECT DISTINCT url, sha256 FROM captures WHERE outcome <> 'error'")


class Rush:
    """How many questions a host was busy with at once, at most."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.now: Counter[str] = Counter()
        self.most: Counter[str] = Counter()

    @contextmanager
    def counted(self, host: str) -> Iterator[None]:
        with self.lock:
            self.now[host] += 1
            self.most[host] = max(self.most[host], self.now[host])
        try:
            yield
        finally:
            with self.lock:
                self.now[host] -= 1


@pytest.fixture
def rush(monkeypatch) -> Rush:
    rush = Rush()
    answer = Handler.write_tempered

    def counted(self: Handler, host: Any, question: Any) -> None:
        with rush.counted(host.site.host):
            time.sleep(0.005)  # long enough for another to come
            answer(self, host, question)

    monkeypatch.setattr(Handler, "write_tempered", counted)
    return rush


@contextmanager
def fresh(server: URL) -> Iterator[Database]:
    with postgres_database(server) as url, closing(open_database(url)) as database:
        with database.write() as connection:
            register_sites(connection, [Site(site.host, start=(f"http://{site.host}/",)) for site in SITES])
        yield database


@pytest.fixture
def database(postgres_server) -> Iterator[Database]:
    with fresh(postgres_server) as database:
        yield database


def start(database: Database, web: SampleWeb) -> "subprocess.Popen[bytes]":
    url = database.engine.url.render_as_string(hide_password=False)
    environ = dict(os.environ) | {"http_proxy": web.proxy}  # noqa: TID251 - inherited by the worker
    environ.pop("no_proxy", None)
    return subprocess.Popen([sys.executable, "-c", WORK, url], cwd=ROOT, env=environ)


def rows(database: Database, query: str) -> list[Any]:
    with database.read() as connection:
        return list(connection.execute(text(query)))


def captured(database: Database) -> set[tuple[str, str]]:
    with database.read() as connection:
        return {(row.url, row.sha256) for row in connection.execute(CAPTURES)}


def crawl_with(workers: int, database: Database, web: SampleWeb) -> None:
    running = [start(database, web) for _ in range(workers)]
    assert [worker.wait(120) for worker in running] == [0] * workers


@pytest.fixture(scope="module")
def web() -> Iterator[SampleWeb]:
    with SampleWeb(SITES) as web:
        web.server.draw_all()
        yield web


@pytest.fixture(scope="module")
def found_by_one(postgres_server, web) -> set[tuple[str, str]]:
    with fresh(postgres_server) as database:
        crawl_with(1, database, web)
        return captured(database)


def test_workers_share_the_hosts_and_find_what_one_finds(database, web, found_by_one, rush):
    crawl_with(4, database, web)
    assert captured(database) == found_by_one
    assert set(rush.most.values()) == {1}  # no host was served to two at once
    assert rows(database, "SELECT url FROM captures GROUP BY url HAVING count(*) > 1") == []
    captures = [row.captures for row in rows(database, "SELECT captures FROM runs ORDER BY 1")]
    assert len(captures) == 4
    assert captures[0] > 0
    assert sum(captures) == rows(database, "SELECT count(*) FROM captures")[0][0]
    assert rows(database, "SELECT 1 FROM sites WHERE lease_owner IS NOT NULL") == []
    assert rows(database, "SELECT 1 FROM runs WHERE state <> 'done' OR seal IS NULL") == []


def test_what_two_killed_workers_held_is_taken_over(database, web, found_by_one, rush):
    workers = [start(database, web) for _ in range(4)]
    while len(captured(database)) < 40:
        time.sleep(0.05)
    for worker in workers[:2]:
        worker.send_signal(signal.SIGKILL)
    assert [worker.wait(120) for worker in workers] == [-9, -9, 0, 0]
    assert captured(database) == found_by_one
    assert set(rush.most.values()) == {1}
