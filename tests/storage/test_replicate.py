"""A copy kept in step proves itself; a damaged archive is mended from one; a backup comes back whole."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from storage.archive import load_capture, record_captures
from storage.captures import Capture
from storage.database import Database, open_database
from storage.replicate import ReplicaError, bodies_of, repair, replicate
from storage.runs import finish_run, start_run
from storage.verify import verify

NOW = datetime(2026, 1, 1, 10, tzinfo=UTC)
PAGE = b"".join(b"<td>%d</td>" % (number * number) for number in range(200))


def record(database: Database, night: int, name: str = "a") -> None:
    at = NOW + timedelta(days=night)
    pages = [Capture(f"http://{name}.gov.cn/{n}", at, 200, PAGE + b"%d %d" % (n, night)) for n in range(5)]
    with database.write() as connection:
        run = start_run(connection, "import", at)
        record_captures(connection, run, pages)
        finish_run(connection, run, at)


def quiet(_what: str, _done: int, _of: int) -> None:
    return


def seals(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.scalars(text("SELECT seal FROM runs ORDER BY run_id")))


def test_a_copy_keeps_in_step(database: Database, tmp_path):
    with closing(open_database(f"sqlite:///{tmp_path}/copy.db")) as copy:
        for night in range(3):
            record(database, night)
            assert replicate(database, copy, quiet) > 0
            assert seals(copy) == seals(database)
            assert list(verify(copy)) == []
        record(copy, 9)  # a copy may take over
        assert list(verify(copy)) == []


def test_a_backup_comes_back(database: Database, tmp_path):
    record(database, 0)
    with closing(open_database(f"sqlite:///{tmp_path}/backup.db")) as backup:
        replicate(database, backup, quiet)
        with closing(open_database(f"sqlite:///{tmp_path}/restored.db")) as restored:
            replicate(backup, restored, quiet)
            assert seals(restored) == seals(database)
            record(restored, 1)
            assert list(verify(restored)) == []


def test_another_archive_is_refused(database: Database, tmp_path):
    record(database, 0)
    with closing(open_database(f"sqlite:///{tmp_path}/other.db")) as other:
        record(other, 0, "b")
        with pytest.raises(ReplicaError, match="run 1 is not one of this database"):
            replicate(database, other, quiet)


def test_broken_bodies_are_mended(tmp_path):
    path = tmp_path / "a.db"
    with closing(open_database(f"sqlite:///{path}")) as database:
        record(database, 0)
        record(database, 1)
        with closing(open_database(f"sqlite:///{tmp_path}/copy.db")) as copy:
            replicate(database, copy, quiet)
            with closing(sqlite3.connect(path)) as raw:
                raw.execute("UPDATE payloads SET body = X'00' WHERE payload_id IN (1, 7)")
                raw.commit()
            broken = [fault.where for fault in verify(database) if fault.what == "payload"]
            assert len(broken) >= 2
            with copy.read() as connection:
                assert set(repair(database, broken, bodies_of(connection))) == set(broken)
            assert list(verify(database)) == []
            with database.read() as connection, copy.read() as beside:
                for capture_id in range(1, 11):
                    assert load_capture(connection, capture_id) == load_capture(beside, capture_id)
