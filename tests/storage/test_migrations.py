"""A database made by an earlier schema comes through with all it held, and its seals hold."""

import hashlib
import json
import zlib
from contextlib import closing

import zstandard
from alembic import command
from sqlalchemy import Connection, text

from storage import database as opening
from storage.archive import load_capture
from storage.captures import Capture
from storage.database import Database, make_engine, open_database, parse_url
from storage.runs import finish_run, start_run
from storage.schema import alembic_config
from storage.seals import line
from storage.values import as_moment
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


def made_by_0001(url: str) -> None:
    engine = make_engine(parse_url(url))
    opening.keep_write_ahead_log(engine) if engine.dialect.name == "sqlite" else None
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "0001")
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
    made_by_0001(database_url)
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
