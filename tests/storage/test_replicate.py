"""A copy kept in step proves itself; a damaged archive is mended from one; a backup comes back whole."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from benchmarks.servers import postgres_database
from storage.archive import record_captures
from storage.captures import Capture
from storage.database import Database, open_database
from storage.fulltext import search
from storage.replicate import ReplicaError, replicate
from storage.reports import store_reading
from storage.rows import Reading, SectionRow
from storage.runs import finish_run, start_run
from storage.tables import metadata
from storage.verify import verify
from tests.storage.test_cells import CELLS

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


def rows(database: Database, *names: str) -> list[list[tuple[object, ...]]]:
    with database.read() as connection:
        return [
            [tuple(row) for row in connection.execute(select(metadata.tables[name]).order_by(text("1, 2")))]
            for name in names
        ]


def test_only_what_is_new_is_copied(database: Database, tmp_path):
    grown = ("runs", "payloads", "capture_rows", "heads", "addresses", "requests", "dictionaries")
    with closing(open_database(f"sqlite:///{tmp_path}/copy.db")) as copy:
        record(database, 0)
        replicate(database, copy, quiet)
        before = sum(map(len, rows(database, *grown)))
        made_anew = replicate(database, copy, quiet)
        record(database, 1)
        new = sum(map(len, rows(database, *grown))) - before
        assert replicate(database, copy, quiet) == made_anew + new
        assert new == 11  # a run, five captures, five bodies


def test_a_report_that_changed_stands_in_the_copy_as_it_does_here(database: Database, tmp_path):
    told = ("readings", "reading_sections", "read_captures")
    record(database, 0)
    with closing(open_database(f"sqlite:///{tmp_path}/copy.db")) as copy:
        for version in range(3):
            reading = Reading(
                "http://a.gov.cn/0", is_report=True, sections=(SectionRow(1, "一", f"{version}"),)
            )
            with database.write() as connection:
                store_reading(connection, 1, f"{version}", reading, NOW)
            replicate(database, copy, quiet)
            assert rows(copy, *told) == rows(database, *told)
        assert [row[3] for row in rows(copy, "readings")[0]] == ["superseded", "superseded", "current"]
        assert list(verify(copy)) == []


def test_what_a_slower_worker_committed_later_is_copied_too(database: Database, tmp_path):
    """Its keys are lower than those that the copy has already."""
    record(database, 0)
    record(database, 1)
    with closing(open_database(f"sqlite:///{tmp_path}/copy.db")) as copy:
        replicate(database, copy, quiet)
        with copy.write() as connection:
            connection.execute(text("DELETE FROM capture_rows WHERE capture_id IN (2, 7)"))
        assert list(verify(copy)) != []
        replicate(database, copy, quiet)
        assert list(verify(copy)) == []
        assert seals(copy) == seals(database)


@pytest.mark.postgres
def test_up_to_postgres_and_back_again(postgres_server, tmp_path):
    with (
        postgres_database(postgres_server) as url,
        closing(open_database(f"sqlite:///{tmp_path}/grown.db")) as grown,
        closing(open_database(url)) as server,
        closing(open_database(f"sqlite:///{tmp_path}/back.db")) as back,
    ):
        record(grown, 0)
        with grown.write() as connection:
            for number, cells in enumerate((CELLS, CELLS[::-1]), 1):
                each = replace(REPORT, url=f"http://a.gov.cn/{number}", cells=cells)
                store_reading(connection, number, "1", each, NOW)
        replicate(grown, server, quiet)
        replicate(server, back, quiet)
        assert rows_of(back) == rows_of(server) == rows_of(grown)
        for database in (grown, server, back):
            with database.read() as connection:
                assert [found.times for found in search(connection, "行政复议")] == [1, 1]
            assert list(verify(database)) == []


REPORT = Reading(
    "", is_report=True, form="2021", year=2023, sections=(SectionRow(1, "一、总体情况", "行政复议"),)
)


def rows_of(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, and of the view of cells."""
    with database.read() as connection:
        rows = {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
        }
        cells = connection.execute(text("SELECT row_code, state, raw_text, locator FROM cells"))
        return rows | {"cells": sorted(tuple(row) for row in cells)}
