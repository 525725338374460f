from contextlib import closing
from datetime import UTC, datetime

import pytest

from storage.archive import record_captures
from storage.captures import Capture
from storage.database import Database
from storage.reports import CellRow, Reading, store_reading
from storage.runs import finish_run, start_run
from storage.verify import verify

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
URL = "http://www.a.gov.cn/a.html"
CELL = CellRow("requests", "received", "total", 107, "number", "107", "件", "line:1/column:1")
LOOK_AWAY = "SET session_replication_role = replica"


@pytest.fixture
def filled(database: Database) -> Database:
    """Three sealed runs of two captures, and a reading."""
    for night in range(3):
        with database.write() as connection:
            run = start_run(connection, "crawl", NOW)
            pages = [
                Capture(URL, NOW, 200, b"page %d" % night * 50, (("Content-Type", "text/html"),)),
                Capture(URL + "?raw", NOW, 200, bytes([night])),
                Capture(URL + "?none", NOW, None, None, error="timeout"),
            ]
            recorded = record_captures(connection, run, pages)
            finish_run(connection, run, NOW, "done")
    with database.write() as connection:
        reading = Reading(URL, is_report=True, title="年报", cells=(CELL,))
        store_reading(connection, recorded[0].capture_id, "1", reading, NOW)
    return database


def tamper(database: Database, statement: str) -> None:
    """Change the database behind its own back, as a bad disk or a bad hand does."""
    on_sqlite = database.engine.dialect.name == "sqlite"
    database.engine.dispose()  # only a new connection can be told to look away, and none else may get it
    with closing(database.engine.raw_connection()) as raw:
        raw.cursor().execute("PRAGMA foreign_keys = OFF" if on_sqlite else LOOK_AWAY)
        raw.cursor().execute(statement)
        raw.commit()
    database.engine.dispose()


def faults(database: Database) -> set[tuple[str, str]]:
    return {(fault.what, fault.where) for fault in verify(database)}


def test_nothing_is_wrong(filled: Database):
    assert list(verify(filled)) == []


def test_an_empty_database_is_in_order(database: Database):
    assert list(verify(database)) == []


def test_every_flipped_bit_of_a_payload_is_found(filled: Database):
    with filled.read() as connection:
        query = "SELECT sha256, body FROM payloads ORDER BY size DESC LIMIT 1"
        sha256, body = connection.exec_driver_sql(query).one()
    for place in range(len(body)):
        flipped = bytes(body[:place]) + bytes([body[place] ^ 1 << place % 8]) + bytes(body[place + 1 :])
        tamper(filled, f"UPDATE payloads SET body = {blob(filled, flipped)} WHERE sha256 = '{sha256}'")
        assert faults(filled) == {("payload", sha256)}


def blob(database: Database, content: bytes) -> str:
    return (
        f"X'{content.hex()}'" if database.engine.dialect.name == "sqlite" else f"'\\x{content.hex()}'::bytea"
    )


@pytest.mark.parametrize(
    "change",
    ["checksum = 7", "codec = 'raw'", "codec = 'lzma'", "size = size + 1", "size = 999999999999"],
)
def test_every_column_of_a_payload_counts(filled: Database, change):
    with filled.read() as connection:
        sha256 = connection.exec_driver_sql("SELECT sha256 FROM captures WHERE capture_id = 1").scalar()
    tamper(filled, f"UPDATE payloads SET {change} WHERE sha256 = '{sha256}'")
    assert ("payload", sha256) in faults(filled)


def test_a_deleted_payload_is_found(filled: Database):
    tamper(filled, "DELETE FROM payloads WHERE sha256 = (SELECT sha256 FROM captures WHERE capture_id = 4)")
    assert faults(filled) == {("capture", "4")}


@pytest.mark.parametrize(
    "change",
    [
        "url = 'http://www.a.gov.cn/b.html'",
        "host = 'b.gov.cn'",
        "fetched_at = '2020-01-01T00:00:00.000Z'",
        "status = 404",
        "status = NULL",
        "headers = '[]'",
        'request_headers = \'[["a", "b"]]\'',
        "method = 'POST'",
        "content_type = 'text/plain'",
        "kind = 'report'",
        "outcome = 'unchanged'",
        "error = 'cut'",
        "ip_address = '10.0.0.1'",
        "protocol = 'HTTP/2'",
        "sha256 = NULL",
    ],
)
def test_every_column_of_a_capture_counts(filled: Database, change):
    tamper(filled, f"UPDATE captures SET {change} WHERE capture_id = 4")
    assert ("run", "2") in faults(filled)


def test_a_capture_moved_taken_or_added_is_found(filled: Database):
    tamper(filled, "UPDATE captures SET run_id = 3 WHERE capture_id = 4")
    assert faults(filled) == {("run", "2"), ("run", "3")}
    tamper(filled, "UPDATE captures SET run_id = 2 WHERE capture_id = 4")
    tamper(filled, "UPDATE captures SET capture_id = 40 WHERE capture_id = 9")
    assert faults(filled) == {("run", "3")}
    tamper(filled, "UPDATE captures SET capture_id = 9 WHERE capture_id = 40")
    assert faults(filled) == set()
    tamper(filled, "DELETE FROM captures WHERE capture_id = 6")
    assert faults(filled) == {("run", "2")}


@pytest.mark.parametrize(
    "change",
    ["seal = 'ff'", "seal = NULL", "previous_seal = 'ff'", "started_at = 'x'", "state = 'interrupted'"],
)
def test_every_column_of_a_run_counts(filled: Database, change):
    tamper(filled, f"UPDATE runs SET {change} WHERE run_id = 2")
    assert ("run", "2") in faults(filled)


def test_a_run_taken_out_leaves_a_gap(filled: Database):
    tamper(filled, "DELETE FROM runs WHERE run_id = 2")
    found = faults(filled)
    assert {("run", "3"), ("capture", "4")} <= found
    tamper(filled, "DELETE FROM captures WHERE run_id = 2")
    assert faults(filled) == {("run", "3")}


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE reading_cells SET value = 108", "digest"),
        ("UPDATE reading_cells SET locator = ''", "digest"),
        ("DELETE FROM reading_cells", "digest"),
        ("UPDATE readings SET publisher = '另一个'", "digest"),
        ("UPDATE readings SET cells_read = 7", "digest"),
        ("UPDATE readings SET report_id = 'ff'", "digest"),
        ("UPDATE readings SET digest = 'ff'", "digest"),
        ("UPDATE readings SET capture_id = 99", "capture 99 is missing"),
    ],
)
def test_a_changed_reading_is_found(filled: Database, statement, problem):
    tamper(filled, statement)
    (fault,) = verify(filled)
    assert (fault.what, fault.where) == ("reading", "1")
    assert problem in fault.problem


def test_progress_is_told(filled: Database):
    told: list[tuple[str, int, int]] = []
    assert list(verify(filled, lambda *each: told.append(each))) == []
    assert told[-1] == ("reading", 1, 1)
    assert [each for each in told if each[0] == "payload"][-1] == ("payload", 6, 6)
