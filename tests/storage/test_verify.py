from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Connection

from storage.archive import record_captures
from storage.captures import Capture
from storage.cells import CellRow
from storage.database import PAGE_SIZE, Database
from storage.reports import store_reading
from storage.rows import Reading
from storage.runs import finish_run, start_run
from storage.tables import metadata
from storage.verify import verify

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
URL = "http://www.a.gov.cn/a.html"
CELL = CellRow("requests", "received", "total", Decimal(107), "number", "107", "件", "line:1/column:1")
LOOK_AWAY = "SET session_replication_role = replica"


NIGHTS = 20
PAGE = b"".join(b"<td>%d</td>" % (number * number) for number in range(150))
DATED = (("Date", "Sun, 22 Nov 2026 10:00:01 GMT"), ("Content-Length", "7"))


@pytest.fixture
def two_nights(database: Database) -> Database:
    with database.write() as connection:
        for night in range(2):
            record_night(connection, f"{URL}?night={night}", night)
    return database


@pytest.fixture
def filled(database: Database) -> Database:
    """Sealed runs: run n has captures 4n-3 to 4n, and reading n is of the first of them."""
    with database.write() as connection:
        for night in range(NIGHTS):
            record_night(connection, f"{URL}?night={night}", night)
    return database


def record_night(connection: Connection, url: str, night: int) -> None:
    pages = [
        Capture(url, NOW, 200, b"page %d " % night * 200, (("Content-Type", "text/html"),)),
        Capture(URL, NOW + timedelta(days=night), 200, b"page of %d views " % night + PAGE, DATED),
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


MOST_PLACES = 150


@pytest.mark.parametrize(
    ("table", "which"),
    [
        ("payloads", "dictionary_id IS NOT NULL"),
        ("payloads", "base_id IS NOT NULL"),
        ("dictionaries", "codec = 1"),
    ],
)
def test_every_flipped_bit_and_truncation_of_a_body_is_found(two_nights: Database, table, which):
    filled = two_nights
    [key] = metadata.tables[table].primary_key.columns.keys()
    with filled.read() as connection:
        query = f"SELECT {key}, body FROM {table} WHERE {which} ORDER BY length(body) LIMIT 1"
        place, body = connection.exec_driver_sql(query).one()
    # Every place in a short body, MOST_PLACES of a long one; benchmarks/faults.py tries them all.
    places = range(0, len(body), 1 + len(body) // MOST_PLACES)
    flips = [body[:at] + bytes([body[at] ^ 1 << at % 8]) + body[at + 1 :] for at in places]
    for changed in (*flips, *(body[:at] for at in places)):
        tamper(filled, f"UPDATE {table} SET body = {blob(filled, changed)} WHERE {key} = {place}")
        assert {what for what, _ in faults(filled)} >= {table.replace("ies", "y").removesuffix("s")}


def blob(database: Database, content: bytes) -> str:
    return (
        f"X'{content.hex()}'" if database.engine.dialect.name == "sqlite" else f"'\\x{content.hex()}'::bytea"
    )


CHANGES = {
    "payloads": """checksum = 7; codec = 0; codec = 2; codec = 7; size = size + 1; size = 999999999999;
        size = -1; dictionary_id = 99; dictionary_id = NULL; base_id = 1; base_id = 99""",
    "dictionaries": """checksum = 7; codec = 0; codec = 7; size = 7; host = 'b.gov.cn'; kind = 'home';
        dictionary_id = 99""",
    "addresses": "url = 'http://www.a.gov.cn/b.html'; host = 'b.gov.cn'; address_id = 99",
    "heads": """request_id = 99; status = 404; status = NULL; kind = 'home'; content_type = 'text/plain';
        charset = 'gbk'; headers = '[]'; headers = '{'; head_id = 99""",
    "requests": """method = 'POST'; headers = '[1]'; ip_address = '10.0.0.1'; protocol = 'HTTP/2';
        tls = 'TLSv1.2'; robots = 'allowed'; request_id = 99""",
    "capture_rows": """fetched_at = fetched_at + 1; run_id = 2; run_id = 99; address_id = address_id % 3 + 1;
        head_id = head_id % 2 + 1; payload_id = payload_id + 1; payload_id = NULL; payload_id = 99;
        date_offset = 7; elapsed = 7; outcome = 1; outcome = 9; error = 'cut'; capture_id = 400""",
}


@pytest.mark.parametrize(("table", "changes"), CHANGES.items())
def test_every_column_counts(two_nights: Database, table, changes):
    filled = two_nights
    with filled.read() as connection:
        rows = connection.exec_driver_sql(f"SELECT * FROM {table}").mappings().all()
    [key] = metadata.tables[table].primary_key.columns.keys()
    leaning = [row for row in rows if row.get("dictionary_id")] if table == "payloads" else []
    row = (leaning or rows)[0]
    for change in changes.split(";"):
        tamper(filled, f"UPDATE {table} SET {change} WHERE {key} = {row[key]}")
        assert faults(filled), change
        column = change.split("=")[0].strip()
        mended = "NULL" if row[column] is None else literal(filled, row[column])
        now = change.split("=")[1] if column == key else row[key]
        tamper(filled, f"UPDATE {table} SET {column} = {mended} WHERE {key} = {now}")
        assert not faults(filled), change


def literal(database: Database, value) -> str:
    return blob(database, bytes(value)) if isinstance(value, bytes | memoryview) else f"'{value}'"


def test_a_deleted_payload_is_found(filled: Database):
    tamper(
        filled,
        "DELETE FROM payloads WHERE payload_id = (SELECT payload_id FROM capture_rows WHERE capture_id = 5)",
    )
    assert faults(filled) == {("capture", "5"), ("run", "2")}


def test_a_capture_moved_or_taken_is_found(filled: Database):
    tamper(
        filled,
        "UPDATE capture_rows SET run_id = 3 WHERE capture_id = 6",
        "UPDATE capture_rows SET capture_id = 400 WHERE capture_id = 18",
        "DELETE FROM capture_rows WHERE capture_id = 24",
    )
    assert faults(filled) == {("run", "2"), ("run", "3"), ("run", "5"), ("run", "6")}


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
    assert {("run", "3"), ("capture", "5")} <= found
    tamper(filled, "DELETE FROM capture_rows WHERE run_id = 2")
    assert ("run", "3") in faults(filled)


def test_every_changed_reading_is_found(filled: Database):
    changes = [
        "UPDATE reading_cells SET items = '[108]'",
        "UPDATE reading_cells SET items = '[\"\"]'",
        "UPDATE reading_cells SET items = '[[9, 1, \"1\"]]'",
        "UPDATE reading_cells SET items = '{}'",
        "UPDATE reading_places SET stems = '[\"elsewhere\"]'",
        "UPDATE reading_places SET places = '[[0, 4711]]'",
        "DELETE FROM reading_cells",
        "DELETE FROM reading_places",
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
    assert ("payload", 3 * NIGHTS, 3 * NIGHTS) in told


def test_a_broken_page_of_the_file_is_found(filled: Database, database_kind: str):
    if database_kind != "sqlite":
        pytest.skip("Postgres says nothing of its files")
    file = Path(filled.engine.url.database or "")
    tamper(filled, "PRAGMA wal_checkpoint(TRUNCATE)")
    with filled.read() as connection:
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'ix_capture_rows_address_id_fetched_at'"
        page = int(connection.exec_driver_sql(query).scalar() or 0) - 1
    filled.close()
    whole = file.read_bytes()
    file.write_bytes(whole[: page * PAGE_SIZE] + bytes(PAGE_SIZE) + whole[(page + 1) * PAGE_SIZE :])
    assert {what for what, _ in faults(filled)} & {"file", "database"}
