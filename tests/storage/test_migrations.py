"""A database of an earlier schema comes through with all it held, its seals hold, and it goes on."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, MetaData, Table, insert, inspect, select

from benchmarks.invented import bodies, readings
from pipeline.reading import crosswalk_rows, number_cells
from storage import database as opening
from storage.archive import record_captures
from storage.captures import Capture
from storage.crosswalk import store_crosswalk
from storage.database import SCHEMA, Database, DatabaseError, make_engine, open_database, parse_url
from storage.nights import night_of, note_told
from storage.replicate import keep_counting
from storage.reports import store_reading
from storage.reviews import NOT_REPORT, Review, keep_review
from storage.rows import FindingRow, GridRow, LeftoverRow, Reading
from storage.runs import finish_run, start_run
from storage.schema import alembic_config
from storage.tables import metadata
from storage.verify import verify

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
URL = "http://a.gov.cn/page"
PAGE = "政府信息公开工作年度报告".encode() * 200
MADE_UP = {str: "x", int: 1, bytes: b"x", object: Decimal("1.5")}  # 1 is a key in every table
# What an earlier schema does not have and nothing in it gives: columns as they are to be filled, and tables.
LATER = {"sites": {"scheme": ""}}
LATER_TABLES = {"listed_days"}
REST: dict[str, Any] = {  # what invented readings have none of
    "leftovers": (LeftoverRow("unknown_row", "其他", "line:1"),),
    "findings": (FindingRow("inferred", "合计", "line:2"),),
    "grids": (GridRow(1, 1, 2, "累计数", "1.5", Decimal("1.5"), "line:3"),),
}
FIRST = "0013"  # the schema of the first release
REVISIONS = [each.revision for each in ScriptDirectory.from_config(alembic_config()).walk_revisions()]
OPENED = [revision for revision in REVISIONS if revision.isdecimal() and revision >= FIRST]


def make_at(url: str, revision: str, fill: Callable[[Connection], None]) -> None:
    """A database as a program of that revision has left it."""
    engine = make_engine(parse_url(url))
    opening.keep_write_ahead_log(engine) if engine.dialect.name == "sqlite" else None
    with engine.execution_options(rebuilds=True).begin() as connection:
        command.upgrade(alembic_config(connection), revision)
        fill(connection)
    engine.dispose()


@pytest.fixture(scope="module")
def today(tmp_path_factory) -> Iterator[Database]:
    """A row in every table: what a crawl, its reading and a person leave, and else one that is made up."""
    url = f"sqlite:///{tmp_path_factory.mktemp('today')}/nianbao.db"
    with closing(open_database(url)) as database:
        with database.write() as connection:
            store_crosswalk(connection, crosswalk_rows())
            number_cells(connection)
            fill(connection)
            fill_what_is_empty(connection)
        yield database


def fill(connection: Connection) -> None:
    drawn = (each for body in bodies(10) for each in readings(body) if isinstance(each, Reading))
    for night, body in enumerate((PAGE, PAGE + b"1", PAGE + b"1")):
        at = NOW + timedelta(days=night)
        run = start_run(connection, "crawl", at)
        pages = [Capture(URL, at, 200, body, kind="report", headers=(("Content-Type", "text/html"),))]
        reports = [replace(each, **REST) for each in islice(drawn, 10)]
        pages += [Capture(each.url, at, 304, None, kind="report") for each in reports]
        recorded = record_captures(connection, run, pages)
        for reading, capture in zip(reports, recorded[1:], strict=True):
            store_reading(connection, capture.capture_id, "1", reading, at)
        rejected = Reading(URL, is_report=False, reasons=("no",))
        store_reading(connection, recorded[0].capture_id, "1", rejected, at)
        finish_run(connection, run, at)
        note_told(connection, night_of(connection, run))
    keep_review(connection, Review(URL, NOT_REPORT, "张三", "看过"), recorded[0].capture_id, NOW)


def fill_what_is_empty(connection: Connection) -> None:
    for table in metadata.sorted_tables:
        if table.name not in LATER_TABLES and connection.execute(select(table)).first() is None:
            row = {column.name: MADE_UP[column.type.python_type] for column in table.columns}
            row |= LATER.get(table.name, {})
            connection.execute(insert(table), row)


def carried_from(source: Database) -> Callable[[Connection], None]:
    """Fill what tables and columns a schema has with what a database of today's has there."""

    def carry(target: Connection) -> None:
        there = inspect(target)
        with source.read() as ours:
            for table in (each for each in metadata.sorted_tables if there.has_table(each.name)):
                names = {column["name"] for column in there.get_columns(table.name)}
                columns = [column for column in table.columns if column.name in names]
                known = Table(table.name, MetaData(), *(Column(each.name, each.type) for each in columns))
                if rows := [dict(row) for row in ours.execute(select(*columns)).mappings()]:
                    target.execute(insert(known), rows)
        keep_counting(target)

    return carry


def everything(database: Database) -> dict[str, list[str]]:
    with database.read() as connection:
        return {
            table.name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
            for table in metadata.sorted_tables
        }


@pytest.mark.parametrize("revision", OPENED)
def test_everything_comes_through(database_url, today, revision):
    make_at(database_url, revision, carried_from(today))
    with closing(open_database(database_url)) as database:
        held = everything(today)
        assert everything(database) == held
        assert {name for name, rows in held.items() if not rows} == LATER_TABLES
        assert list(verify(database)) == []
        goes_on(database)


def goes_on(database: Database) -> None:
    """New captures join the old ones: a delta against an old body, and foreign keys that hold."""
    later = Capture(URL, NOW + timedelta(days=9), 200, PAGE + b"2", kind="report")
    with database.write() as connection:
        run = start_run(connection, "crawl", later.fetched_at)
        [recorded] = record_captures(connection, run, [later])
        finish_run(connection, run, later.fetched_at)
    assert recorded.outcome == "new"
    assert list(verify(database)) == []
    if database.engine.dialect.name == "sqlite":
        with database.read() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []


def test_the_newest_revision_is_the_one_that_is_known():
    assert REVISIONS[0] == SCHEMA


@pytest.mark.parametrize(
    ("found", "advice"), [("0009", "from before the first release"), ("9999", "upgrade nianbao")]
)
def test_a_schema_of_no_release_is_refused(database_url, found, advice):
    open_database(database_url).close()
    engine = make_engine(parse_url(database_url))
    with engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{found}'")
    engine.dispose()
    with pytest.raises(DatabaseError, match=advice):
        open_database(database_url)
