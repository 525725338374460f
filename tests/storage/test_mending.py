"""What a copy proves is put in the place of what is broken; what it does not prove is left alone."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.archive import load_capture, record_captures
from storage.captures import Capture
from storage.database import Database, open_database
from storage.mending import bodies_of, mend_bodies, mend_rows
from storage.replicate import replicate
from storage.runs import finish_run, start_run
from storage.verify import verify

NOW = datetime(2026, 1, 1, 10, tzinfo=UTC)
PAGE = b"".join(b"<td>%d</td>" % (number * number) for number in range(200))
NIGHTS, PAGES = 3, 4


def record(database: Database, night: int) -> None:
    at = NOW + timedelta(days=night)
    headers = (("Content-Type", "text/html"), ("X-Night", str(night)))
    pages = [
        Capture(f"http://a.gov.cn/{number}", at, 200, PAGE + b"%d %d" % (number, night), headers)
        for number in range(PAGES)
    ]
    with database.write() as connection:
        run = start_run(connection, "import", at)
        record_captures(connection, run, pages)
        finish_run(connection, run, at)


@pytest.fixture
def archive(database: Database) -> Database:
    for night in range(NIGHTS):
        record(database, night)
    return database


@pytest.fixture
def copy(archive: Database, tmp_path: Path) -> Iterator[Database]:
    with closing(open_database(f"sqlite:///{tmp_path}/copy.db")) as copy:
        replicate(archive, copy, lambda *_: None)
        yield copy


def damage(database: Database, *statements: str) -> None:
    on_sqlite = database.engine.dialect.name == "sqlite"
    database.engine.dispose()
    with closing(database.engine.raw_connection()) as raw:
        raw.cursor().execute(
            "PRAGMA foreign_keys = OFF" if on_sqlite else "SET session_replication_role = replica"
        )
        for statement in statements:
            raw.cursor().execute(statement)
        raw.commit()
    database.engine.dispose()


def mend(database: Database, copy: Database) -> list[str]:
    with copy.read() as connection:
        rows = list(mend_rows(database, connection, verify(database)))
        broken = [fault.where for fault in verify(database) if fault.what == "payload"]
        return [*rows, *(f"payload {each}" for each in mend_bodies(database, broken, bodies_of(connection)))]


DAMAGES = {
    "a whole body": "UPDATE payloads SET size = size + 1 WHERE payload_id = 1",
    "a delta": "UPDATE payloads SET checksum = 7 WHERE payload_id = 9",
    "a body's digest": "UPDATE payloads SET sha256 = (SELECT sha256 FROM payloads WHERE payload_id = 2)"
    " WHERE payload_id = 9",
    "a body gone": "DELETE FROM payloads WHERE payload_id = 10",
    "a template": "UPDATE dictionaries SET size = 7",
    "a head": "UPDATE heads SET headers = '[]' WHERE head_id = 2",
    "a head gone": "DELETE FROM heads WHERE head_id = 2",
    "a request": "UPDATE requests SET method = 'POST'",
    "an address": "UPDATE addresses SET url = 'http://b.gov.cn/' WHERE address_id = 1",
    "an address gone": "DELETE FROM addresses WHERE address_id = 1",
    "a capture's time": "UPDATE capture_rows SET fetched_at = fetched_at + 1 WHERE capture_id = 6",
    "a capture gone": "DELETE FROM capture_rows WHERE capture_id = 6",
    "a capture's key": "UPDATE capture_rows SET capture_id = 400 WHERE capture_id = 6",
    "a capture's run": "UPDATE capture_rows SET run_id = 1 WHERE capture_id = 6",
    "a run": "UPDATE runs SET started_at = 'x' WHERE run_id = 2",
    "a seal": "UPDATE runs SET seal = 'ff' WHERE run_id = 2",
    "a run gone": "DELETE FROM runs WHERE run_id = 2",
}


@pytest.mark.parametrize("what", DAMAGES)
def test_what_is_broken_is_mended(archive: Database, copy: Database, what: str):
    damage(archive, DAMAGES[what])
    assert list(verify(archive))
    assert mend(archive, copy)
    assert list(verify(archive)) == []
    with archive.read() as ours, copy.read() as theirs:
        for capture_id in range(1, NIGHTS * PAGES + 1):
            assert load_capture(ours, capture_id) == load_capture(theirs, capture_id)


def test_a_copy_that_is_broken_too_changes_nothing(archive: Database, copy: Database):
    for database in (archive, copy):
        damage(database, "UPDATE capture_rows SET fetched_at = fetched_at + 1 WHERE capture_id = 6")
        damage(database, "UPDATE heads SET headers = '[]' WHERE head_id = 3")
    before = list(verify(archive))
    assert mend(archive, copy) == []
    assert list(verify(archive)) == before


def test_another_archive_proves_nothing(archive: Database, tmp_path: Path):
    with closing(open_database(f"sqlite:///{tmp_path}/other.db")) as other:
        for night in range(9, 12):
            record(other, night)
        damage(archive, "UPDATE capture_rows SET fetched_at = fetched_at + 1 WHERE capture_id = 6")
        before = list(verify(archive))
        assert mend(archive, other) == []
        assert list(verify(archive)) == before
