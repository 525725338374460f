"""The roles of deploy/roles.sql on a real server: each can do its work, and no more."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from benchmarks.servers import postgres_database
from storage.archive import record_captures
from storage.captures import Capture
from storage.database import Database, open_database
from storage.reports import store_reading
from storage.runs import finish_run, start_run
from tests.storage.test_questions import NOW, VALUES, report

ROLES = Path(__file__).parents[2] / "deploy" / "roles.sql"
pytestmark = pytest.mark.postgres


@pytest.fixture
def database(postgres_server) -> Iterator[Database]:
    with postgres_database(postgres_server) as url, closing(open_database(url)) as database:
        for _ in range(2):  # it may be run again
            with database.write() as connection:
                connection.exec_driver_sql(ROLES.read_text(encoding="utf-8").replace("%", "%%"))
        yield database


@contextmanager
def acting_as(database: Database, role: str) -> Iterator[Connection]:
    with database.write() as connection:
        connection.exec_driver_sql(f"SET LOCAL ROLE {role}")
        yield connection


def crawl_and_read(connection: Connection) -> None:
    run = start_run(connection, "crawl", NOW)
    for year, value in zip((2022, 2023), VALUES, strict=True):
        each = report(1, year, value)
        [recorded] = record_captures(connection, run, [Capture(each.url, NOW, 200, b"a page")])
        store_reading(connection, recorded.capture_id, "1", each, NOW)
    finish_run(connection, run, NOW)


def test_a_crawler_crawls_and_reads(database):
    with acting_as(database, "nianbao_crawler") as connection:
        crawl_and_read(connection)
        assert connection.scalar(text("SELECT COUNT(*) FROM cells")) == 4


@pytest.mark.parametrize(
    "forbidden",
    [
        "DELETE FROM capture_rows",
        "DELETE FROM readings",
        "UPDATE reading_cells SET items = '[]'",
        "UPDATE payloads SET body = ''",
        "DELETE FROM runs",
        "DROP TABLE sites",
        "CREATE TABLE mine (a int)",
        "UPDATE alembic_version SET version_num = ''",
    ],
)
def test_a_crawler_rewrites_nothing(database, forbidden):
    with (
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
        acting_as(database, "nianbao_crawler") as connection,
    ):
        connection.execute(text(forbidden))


@pytest.mark.parametrize("forbidden", ["INSERT INTO sites (host) VALUES ('a')", "DELETE FROM coverage_gaps"])
def test_a_reader_changes_nothing(database, forbidden):
    with acting_as(database, "nianbao_reader") as connection:
        for view in ("reports", "cells", "series", "coverage", "captures"):
            connection.execute(text(f"SELECT * FROM {view}")).all()
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        acting_as(database, "nianbao_reader") as connection,
    ):
        connection.execute(text(forbidden))
