"""What has changed since a release, and why: a night later, everything that can change has."""

import csv
import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from frictionless import Package

from pipeline.codebook import dictionary
from pipeline.reading import crosswalk_rows, number_cells
from storage.archive import record_captures
from storage.captures import Capture
from storage.cells import CellRow
from storage.crosswalk import store_crosswalk
from storage.database import open_database
from storage.export.datapackage import export_datapackage
from storage.export.released import ReleaseError, open_release
from storage.export.selection import Selection
from storage.payloads import digest_of
from storage.reports import store_reading
from storage.reviews import CELL, NOT_REPORT, Review, keep_review
from storage.rows import Reading
from storage.runs import finish_run, start_run

FIRST = datetime(2026, 11, 22, 10, tzinfo=UTC)
SECOND = FIRST + timedelta(days=1)


def cell(address, printed):
    return CellRow(*address.split("/"), Decimal(printed), "number", printed, "件", f"at:{address}")


def reading(name, received, **more):
    cells = (cell("requests/granted/total", "1"), cell("requests/received/total", received))
    said = {"publisher": f"{name}局", "level": "county", "year": 2023, "form": "2021", "cells": cells}
    return Reading(url(name), is_report=True, **said | more)


def url(name):
    return f"http://{name}.gov.cn/"


def captured(connection, run, name, body, now):
    page = Capture(url(name), now, 200, body, kind="report")
    return record_captures(connection, run, [page])[0].capture_id


@pytest.fixture
def pages(database):
    """Five reports and a release's worth of archive; gives their captures by name."""
    with database.write() as connection:
        number_cells(connection)
        store_crosswalk(connection, crosswalk_rows())
        run = start_run(connection, "crawl", FIRST)
        at = {name: captured(connection, run, name, name.encode(), FIRST) for name in "abcde"}
        for name in "abcde":
            store_reading(connection, at[name], "1", reading(name, "7"), FIRST)
        finish_run(connection, run, FIRST)
    return at


def a_night_later(database, pages):
    """a is read better, b new on its site, c mended by a person, d no report says one, f new, e as before."""
    with database.write() as connection:
        run = start_run(connection, "crawl", SECOND)
        store_reading(connection, pages["a"], "2", reading("a", "70", title="年度报告"), SECOND)
        other = captured(connection, run, "b", b"other", SECOND)
        store_reading(connection, other, "2", reading("b", "8"), SECOND)
        seen = Review(url("c"), CELL, "王", "看错", digest_of(b"c"), "requests", "received", "total", "17")
        keep_review(connection, seen, pages["c"], SECOND)
        store_reading(connection, pages["c"], "2", reading("c", "17"), SECOND)
        keep_review(connection, Review(url("d"), NOT_REPORT, "王", "通知"), pages["d"], SECOND)
        store_reading(connection, pages["d"], "2", Reading(url("d"), is_report=False), SECOND)
        store_reading(
            connection, captured(connection, run, "f", b"f", SECOND), "2", reading("f", "1"), SECOND
        )
        finish_run(connection, run, SECOND)


def release(database, folder, since=None, **chosen):
    earlier = since and open_release(since)
    export_datapackage(database, folder, Selection(**chosen), dictionary(), lambda *_: None, earlier)
    return folder


def changes(folder):
    with (folder / "data" / "changes.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.filterwarnings("default")  # Frictionless's own
def test_each_change_with_before_after_and_cause(database, pages, tmp_path):
    first = release(database, tmp_path / "1")
    a_night_later(database, pages)
    second = release(database, tmp_path / "2", since=first)
    told = {
        (
            row["publisher"],
            row["change"],
            row["cause"],
            row["column"],
            row["row_code"],
            row["text_before"],
            row["text_after"],
        )
        for row in changes(second)
    }
    assert told == {
        ("a局", "changed", "reading", "title", "", "", "年度报告"),
        ("a局", "changed", "reading", "", "received", "7", "70"),
        ("b局", "changed", "site", "", "received", "7", "8"),
        ("c局", "changed", "review", "", "received", "7", "17"),
        ("d局", "withdrawn", "review", "", "", "", ""),
        ("f局", "new", "site", "", "", "", ""),
    }
    assert len(changes(second)) == len(told)
    assert Package(str(second / "datapackage.json")).validate().valid
    words = (second / "CHANGES.md").read_text(encoding="utf-8")
    assert "| 数据格 cells | 改变 changed | `review` | 1 |" in words
    assert json.loads((second / "datapackage.json").read_bytes())["nianbao"]["since"]["run_id"] == 1


def test_cells_that_came_and_went(database, pages, tmp_path):
    first = release(database, tmp_path / "1")
    with database.write() as connection:
        moved = reading(
            "a", "7", cells=(cell("requests/granted/total", "1"), cell("requests/partial/total", "7"))
        )
        store_reading(connection, pages["a"], "2", moved, SECOND)
    rows = changes(release(database, tmp_path / "2", since=first))
    assert [(row["row_code"], row["change"], row["value_before"], row["value_after"]) for row in rows] == [
        ("partial", "new", "", "7"),
        ("received", "withdrawn", "7", ""),
    ]


def test_nothing_has_changed(database, pages, tmp_path):
    first = release(database, tmp_path / "1")
    second = release(database, tmp_path / "2", since=first)
    assert changes(second) == []
    assert "Nothing has changed" in (second / "CHANGES.md").read_text(encoding="utf-8")


def test_a_release_of_another_archive_or_part_is_refused(database, pages, tmp_path):
    first = release(database, tmp_path / "1")
    with closing(open_database(f"sqlite:///{tmp_path}/other.db")) as other:
        with pytest.raises(ReleaseError, match="another archive"):
            release(other, tmp_path / "2", since=first)
        with pytest.raises(ReleaseError, match="another selection"):
            release(database, tmp_path / "2", since=first, year=2023)
    path = first / "data" / "cells.csv"
    path.write_bytes(path.read_bytes().replace(b",7,", b",9,", 1))
    with pytest.raises(ReleaseError, match="was changed after"):
        release(database, tmp_path / "2", since=first)
    assert not (tmp_path / "2").exists()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"resources": [], "nianbao": {}}'])
def test_what_is_no_release(tmp_path, text):
    (tmp_path / "datapackage.json").write_text(text)
    with pytest.raises(ReleaseError, match=r"datapackage\.json: is no descriptor|is not whole"):
        open_release(tmp_path)


def test_a_folder_without_a_descriptor_or_with_a_file_too_few(database, pages, tmp_path):
    with pytest.raises(ReleaseError, match="is no release"):
        open_release(tmp_path)
    folder = release(database, tmp_path / "1")
    (folder / "data" / "cells.csv").unlink()
    with pytest.raises(ReleaseError, match=r"is not whole, data/cells\.csv"):
        open_release(folder)
