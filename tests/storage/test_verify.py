from contextlib import closing
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection

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


NIGHTS = 20


@pytest.fixture
def filled(database: Database) -> Database:
    """Sealed runs: run n has captures 3n-2 to 3n, and reading n is of the first of them."""
    with database.write() as connection:
        for night in range(NIGHTS):
            record_night(connection, f"{URL}?night={night}", night)
    return database


def record_night(connection: Connection, url: str, night: int) -> None:
    pages = [
        Capture(url, NOW, 200, b"page %d" % night * 50, (("Content-Type", "text/html"),)),
        Capture(f"{url}&raw", NOW, 200, bytes([night])),
        Capture(f"{url}&none", NOW, None, None, error="timeout"),
    ]
    run = start_run(connection, "crawl", NOW)
    recorded = record_captures(connection, run, pages)
    reading = Reading(url, is_report=True, title="年报", cells=(CELL,))
    store_reading(connection, recorded[0].capture_id, "1", reading, NOW)
    finish_run(connection, run, NOW, "done")


def tamper(database: Database, *statements: str) -> None:
    """Change the database behind its own back, as a bad disk or a bad hand does."""
    on_sqlite = database.engine.dialect.name == "sqlite"
    database.engine.dispose()  # only a new connection can be told to look away, and none else may get it
    with closing(database.engine.raw_connection()) as raw:
        raw.cursor().execute("PRAGMA foreign_keys = OFF" if on_sqlite else LOOK_AWAY)
        for statement in statements:
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


def test_every_column_of_a_payload_counts(filled: Database):
    changes = ["checksum = 7", "codec = 'raw'", "codec = 'lzma'", "size = size + 1", "size = 999999999999"]
    with filled.read() as connection:
        query = "SELECT sha256 FROM payloads WHERE codec = 'zstd' ORDER BY sha256"
        digests = connection.exec_driver_sql(query).scalars().all()[: len(changes)]
    pairs = zip(changes, digests, strict=True)
    tamper(filled, *(f"UPDATE payloads SET {change} WHERE sha256 = '{sha256}'" for change, sha256 in pairs))
    assert {where for what, where in faults(filled) if what == "payload"} == set(digests)


def test_a_deleted_payload_is_found(filled: Database):
    tamper(filled, "DELETE FROM payloads WHERE sha256 = (SELECT sha256 FROM captures WHERE capture_id = 4)")
    assert faults(filled) == {("capture", "4")}


def test_every_column_of_a_capture_counts(filled: Database):
    changes = [
        "url = 'http://www.a.gov.cn/b.html'",
        "host = 'b.gov.cn'",
        "fetched_at = '2020-01-01T00:00:00.000Z'",
        "status = 404",
        "status = NULL",
        "headers = '[]'",
        "request_headers = '[1]'",
        "method = 'POST'",
        "content_type = 'text/plain'",
        "kind = 'report'",
        "outcome = 'unchanged'",
        "error = 'cut'",
        "ip_address = '10.0.0.1'",
        "protocol = 'HTTP/2'",
        "sha256 = NULL",
        "size = NULL",
    ]
    runs = range(1, len(changes) + 1)
    pairs = zip(runs, changes, strict=True)
    tamper(
        filled, *(f"UPDATE captures SET {change} WHERE capture_id = {3 * run - 2}" for run, change in pairs)
    )
    assert {where for what, where in faults(filled) if what == "run"} == {str(run) for run in runs}


def test_a_capture_moved_or_taken_is_found(filled: Database):
    tamper(
        filled,
        "UPDATE captures SET run_id = 3 WHERE capture_id = 4",
        "UPDATE captures SET capture_id = 400 WHERE capture_id = 18",
        "DELETE FROM captures WHERE capture_id = 24",
    )
    assert faults(filled) == {("run", "2"), ("run", "3"), ("run", "6"), ("run", "8")}


def test_every_column_of_a_run_counts(filled: Database):
    changes = {
        2: "seal = 'ff'",
        5: "seal = NULL",
        8: "previous_seal = 'ee'",
        11: "previous_seal = NULL",
        14: "started_at = 'x'",
        16: "finished_at = 'x'",
        18: "captures = 7",
        20: "state = 'interrupted'",
    }
    tamper(filled, *(f"UPDATE runs SET {change} WHERE run_id = {run}" for run, change in changes.items()))
    assert {("run", str(run)) for run in changes} <= faults(filled)


def test_a_run_taken_out_leaves_a_gap(filled: Database):
    tamper(filled, "DELETE FROM runs WHERE run_id = 2")
    found = faults(filled)
    assert {("run", "3"), ("capture", "4")} <= found
    tamper(filled, "DELETE FROM captures WHERE run_id = 2")
    assert ("run", "3") in faults(filled)


def test_every_changed_reading_is_found(filled: Database):
    changes = [
        "UPDATE reading_cells SET value = 108",
        "UPDATE reading_cells SET locator = ''",
        "DELETE FROM reading_cells",
        "UPDATE readings SET publisher = '另一个'",
        "UPDATE readings SET cells_read = 7",
        "UPDATE readings SET report_id = 'ff'",
        "UPDATE readings SET digest = 'ff'",
        "UPDATE readings SET capture_id = 99",
    ]
    readings = range(1, len(changes) + 1)
    tamper(
        filled,
        *(
            f"{change} WHERE reading_id = {reading}"
            for reading, change in zip(readings, changes, strict=True)
        ),
    )
    assert faults(filled) == {("reading", str(reading)) for reading in readings}


def test_progress_is_told(filled: Database):
    told: list[tuple[str, int, int]] = []
    assert list(verify(filled, lambda *each: told.append(each))) == []
    assert told[-1] == ("reading", NIGHTS, NIGHTS)
    assert ("payload", 2 * NIGHTS, 2 * NIGHTS) in told
