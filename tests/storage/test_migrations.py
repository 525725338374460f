"""A database made by an earlier schema comes through with all it held, and its seals hold."""

import hashlib
import json
import zlib
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict
from decimal import Decimal

import zstandard
from alembic import command
from sqlalchemy import Connection, bindparam, text

from storage import database as opening
from storage.archive import load_capture
from storage.captures import Capture
from storage.cells import CellRow
from storage.database import Database, make_engine, open_database, parse_url
from storage.reports import Reading, is_intact, load_reading, reading_digest, report_id
from storage.runs import finish_run, start_run
from storage.schema import alembic_config
from storage.seals import line
from storage.values import ExactNumber, as_moment
from storage.verify import verify

AT = "2026-11-22T10:00:00.123Z"
PAGE = "政府信息公开工作年度报告".encode() * 50
HEADERS = [["Date", "Sun, 22 Nov 2026 10:00:00 GMT"], ["Content-Type", "text/html"]]
CAPTURE = """INSERT INTO captures (capture_id, run_id, url, host, fetched_at, method, request_headers, status,
    headers, content_type, sha256, size, kind, outcome, error, ip_address, protocol) VALUES (:id, 1, :url,
    'a.gov.cn', :at, 'GET', '[]', :status, :headers, 'text/html', :sha256, :size, 'report', :outcome, '',
    '10.0.0.1', NULL)"""
RUN = """INSERT INTO runs (command, started_at, finished_at, state, captures, owner, seen_at, previous_seal,
    seal) VALUES ('crawl', :at, :at, 'done', 3, 'a:1', :at, '', '')"""


def make_at(url: str, revision: str, fill: Callable[[Connection], None]) -> None:
    """A database as a program of that revision has left it."""
    engine = make_engine(parse_url(url))
    opening.keep_write_ahead_log(engine) if engine.dialect.name == "sqlite" else None
    with engine.execution_options(rebuilds=True).begin() as connection:
        command.upgrade(alembic_config(connection), revision)
        fill(connection)
    engine.dispose()


def fill(connection: Connection) -> None:
    sha256 = hashlib.sha256(PAGE).hexdigest()
    stored = zstandard.ZstdCompressor(level=3).compress(PAGE)
    run = [1, "crawl", AT, AT, "done", 3]
    seal = hashlib.sha256(b"\n" + line(run))
    body = {"sha256": sha256, "size": len(PAGE), "checksum": zlib.crc32(stored), "body": stored}
    connection.execute(text("INSERT INTO payloads VALUES (:sha256, 'zstd', :size, :checksum, :body)"), body)
    connection.execute(text(RUN), {"at": AT})
    for number, (url, digest) in enumerate([("a", sha256), ("a", sha256), ("b", None)], 1):
        row = {"id": number, "url": f"http://a.gov.cn/{url}", "at": AT, "headers": json.dumps(HEADERS)}
        row |= {"sha256": digest, "size": digest and len(PAGE), "status": 200 if digest else 304}
        row |= {"outcome": "new" if number == 1 else "unchanged"}
        connection.execute(text(CAPTURE), row)
        seal.update(
            line(
                [
                    *(number, row["url"], "a.gov.cn", AT, "GET", "[]", row["status"], row["headers"]),
                    *("text/html", digest, row["size"], "report", row["outcome"], "", "10.0.0.1", None),
                ]
            )
        )
    connection.execute(text("UPDATE runs SET seal = :seal"), {"seal": seal.hexdigest()})


def test_everything_comes_through(database_url):
    make_at(database_url, "0001", fill)
    with closing(open_database(database_url)) as database:
        assert list(verify(database)) == []
        with database.read() as connection:
            stored = [load_capture(connection, number).capture for number in (1, 2, 3)]
            seen = connection.execute(text("SELECT fetched_at, sha256, size FROM captures")).first()
        assert [each.payload for each in stored] == [PAGE, PAGE, None]
        assert [list(each) for each in stored[0].headers] == HEADERS
        assert (stored[0].fetched_at, stored[0].ip_address) == (as_moment(AT), "10.0.0.1")
        assert seen is not None
        assert tuple(seen) == (AT, hashlib.sha256(PAGE).hexdigest(), len(PAGE))
        goes_on(database)


OLD_READING = """INSERT INTO readings (reading_id, report_id, capture_id, standing, version, extractor,
    digest, read_at, url, host, publisher, region_code, level, year, form, title, published_on, index_number,
    is_mirror, cells_read, cells_expected, checks_passed, checks_failed, status) VALUES (:id, :report_id, 1,
    'current', 1, '1', :digest, '', :url, 'a.gov.cn', '', '', '', NULL, '2021', '', '', '', 0, :cells, 0, 0,
    0, 'unreadable')"""
OLD_CELL = """INSERT INTO reading_cells (reading_id, ordinal, table_code, row_code, col_code, value, state,
    raw_text, unit, locator) VALUES (:id, :ordinal, :table_code, :row_code, :col_code, :value, :state,
    :raw_text, :unit, :locator)"""
OLD_CELLS = (
    CellRow("requests", "received", "natural", Decimal(107), "number", "107", "件", "line:1/column:2"),
    CellRow("requests", "received", "total", None, "blank", "", "件", "line:1/column:3"),
    CellRow("disclosure", "fees", "amount", Decimal("25.1"), "number", "251000元", "万元", "line:9/column:1"),
)


def read_before_0007(connection: Connection, number: int, cells: Sequence[CellRow]) -> None:
    url = f"http://a.gov.cn/{number}"
    reading = Reading(url, is_report=True, form="2021", cells=tuple(cells))
    row = {"id": number, "report_id": report_id(url), "digest": reading_digest(reading), "url": url}
    connection.execute(text(OLD_READING), row | {"cells": len(cells)})
    insert_cell = text(OLD_CELL).bindparams(bindparam("value", type_=ExactNumber()))
    for ordinal, cell in enumerate(cells, 1):
        connection.execute(insert_cell, {"id": number, "ordinal": ordinal, **asdict(cell)})


def fill_0006(connection: Connection) -> None:
    """One capture, on which 250 readings stand; some have a part of the form, or nothing."""
    none = {"none": b""}
    connection.execute(text(RUN), {"at": AT})
    connection.execute(text("INSERT INTO addresses VALUES (1, 'http://a.gov.cn/1', 'a.gov.cn')"))
    connection.execute(
        text("INSERT INTO requests VALUES (1, :none, 'GET', '[]', :none, '', '', '', '')"), none
    )
    connection.execute(text("INSERT INTO heads VALUES (1, :none, 1, 200, 'report', NULL, '', '[]')"), none)
    connection.execute(text("INSERT INTO capture_rows VALUES (1, 0, 1, 1, 1, NULL, NULL, NULL, 0, NULL)"))
    for number in range(1, 251):
        read_before_0007(connection, number, OLD_CELLS[number % 4 :])


def test_cells_come_through_in_their_order(database_url):
    make_at(database_url, "0006", fill_0006)
    with closing(open_database(database_url)) as database, database.read() as connection:
        for number in range(1, 251):
            assert load_reading(connection, number).cells == OLD_CELLS[number % 4 :]
            assert is_intact(connection, number)
        assert connection.scalar(text("SELECT COUNT(*) FROM cells")) == 63 + 2 * 63 + 3 * 62


def goes_on(database: Database) -> None:
    """New captures join the old ones: a delta against an old body, and foreign keys that hold."""
    from storage.archive import record_captures

    later = Capture(
        "http://a.gov.cn/a", as_moment("2026-11-23T10:00:00.000Z"), 200, PAGE + b"1", kind="report"
    )
    with database.write() as connection:
        run = start_run(connection, "crawl", later.fetched_at)
        [recorded] = record_captures(connection, run, [later])
        finish_run(connection, run, later.fetched_at)
        assert recorded.capture_id == 4
        bases = connection.execute(text("SELECT base_id FROM payloads ORDER BY payload_id")).scalars().all()
        assert bases == [None, 1]
    assert list(verify(database)) == []
    with database.read() as connection:
        assert load_capture(connection, 4).capture.payload == later.payload
        if database.engine.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            tables = connection.exec_driver_sql("SELECT sql FROM sqlite_master").scalars()
            assert not [sql for sql in tables if sql and "old_" in sql]
