"""What tests of releases share: a small archive with one of everything, and a release of it."""

from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.codebook import dictionary
from pipeline.reading import crosswalk_rows, number_cells
from storage.archive import record_captures
from storage.captures import Capture
from storage.cells import CellRow
from storage.crosswalk import store_crosswalk
from storage.database import Database, open_database
from storage.export.datapackage import export_datapackage
from storage.export.selection import Selection
from storage.reports import store_reading
from storage.rows import CheckRow, FindingRow, GridRow, LeftoverRow, Reading, SectionRow
from storage.runs import finish_run, start_run

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
LINES = "一、总体情况\r\n“公开”, 说明\n第二行"


def cell(address, printed, state="number", unit="件"):
    value = Decimal(printed) if state == "number" else None
    return CellRow(*address.split("/"), value, state, printed, unit, f"at:{address}")


def reading(name, year=2023, form="2021", **more):
    said = {
        "publisher": f"{name}人民政府",
        "region_code": "340100",
        "level": "prefecture",
        "status": "partial",
    }
    return Reading(f"http://{name}.gov.cn/", is_report=True, year=year, form=form, **said | more)


READINGS = [
    reading(
        "a",
        published_on="2024-01-05",
        cells=(
            cell("requests/received/total", "7"),
            cell("requests/received/natural", "", "blank"),
            cell("requests/granted/total", "—", "dash"),
            cell("disclosure/fees/amount", "1234567890.50", unit="万元"),
        ),
        checks=(
            CheckRow("row_total", "received", Decimal(7), Decimal(7), passed=True, severity="error"),
            CheckRow("row_total", "granted", Decimal(1), None, passed=False, severity="warning"),
        ),
        sections=(SectionRow(1, "一、总体情况", LINES),),
        findings=(FindingRow("label_corrected", "予已公开", "at:4"),),
        leftovers=(LeftoverRow("row", "多出的一行", "at:3"), LeftoverRow("row", "多出的一行", "at:2")),
    ),
    reading("b", 2016, "2014", level="county", cells=(cell("statistics/received.total/value", "12"),)),
    reading("c", 2022, "local", region_code="", grids=(GridRow(1, 1, 1, "项目", "3", Decimal(3), "at:1"),)),
]


def fill_archive(database: Database) -> None:
    with database.write() as connection:
        number_cells(connection)
        store_crosswalk(connection, crosswalk_rows())
        run = start_run(connection, "crawl", NOW)
        for each in READINGS:
            page = Capture(each.url, NOW, 200, each.url.encode(), kind="report")
            (recorded,) = record_captures(connection, run, [page])
            store_reading(connection, recorded.capture_id, "1", each, NOW)
        finish_run(connection, run, NOW)


@pytest.fixture
def filled(database: Database) -> Database:
    fill_archive(database)
    return database


@pytest.fixture
def fill():
    return fill_archive


@pytest.fixture(scope="session")
def package(tmp_path_factory) -> Path:
    """The folder of one release, not to be changed."""
    folder = tmp_path_factory.mktemp("release")
    with closing(open_database(f"sqlite:///{folder}/nianbao.db")) as database:
        fill_archive(database)
        export_datapackage(database, folder / "out", Selection(), dictionary(), lambda *_: None)
    return folder / "out"
