"""A crawl without a proxy, to a host whose name leads inside: no connection, and what is kept of it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from settings.registry import Site
from storage.database import Database, open_database
from storage.sites import register_sites

ROOT = Path(__file__).parents[2]
HOST = "www.wuyou.gov.cn"
CRAWL = """
import socket
import sys
from pipeline.crawl import crawl
from settings.environment import read_environment

def lie(host, port, *_, **__):  # what a resolver that was told a lie would say
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

socket.getaddrinfo = lie
crawl(sys.argv[1], environment=read_environment(), delay=0)
"""
DIRECT = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}  # noqa: TID251
REHEARSAL = {"NIANBAO_NOW": "2026-11-22T22:00+08:00"}  # it does not wait for what failed


REFUSE = "CREATE TRIGGER refuse BEFORE INSERT ON capture_rows BEGIN SELECT RAISE(ABORT, 'disk is full'); END"


@pytest.fixture
def database(tmp_path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path}/nianbao.db")
    with database.write() as connection:
        register_sites(connection, [Site(HOST, start=(f"http://{HOST}/",))])
    yield database
    database.close()


def crawl(database: Database) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", CRAWL, database.name]
    return subprocess.run(
        command, cwd=ROOT, env=DIRECT | REHEARSAL, capture_output=True, text=True, timeout=60, check=False
    )


def test_a_public_name_that_leads_inside_is_not_connected_to(database):
    done = crawl(database)
    assert done.returncode == 0, done.stderr
    with database.read() as connection:
        captures = connection.execute(text("SELECT url, status, error FROM captures")).all()
    assert len(captures) == 2  # a robots.txt is asked for twice
    for capture in captures:
        assert (capture.url, capture.status) == (f"http://{HOST}/robots.txt", None)
        assert "CannotResolveHostError" in capture.error  # and not that the connection was refused
    assert "127.0.0.1, which is not of the public internet" in done.stderr


def test_a_database_that_refuses_ends_the_run_and_everything_stays_pending(database):
    with database.write() as connection:
        connection.execute(text(REFUSE))
    done = crawl(database)
    assert done.returncode == 1
    assert "CrawlFailed: run 1 could not be written" in done.stderr
    assert "disk is full" in done.stderr
    with database.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM frontier WHERE due_at <= added_at")) == 2
