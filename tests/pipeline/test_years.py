"""One body's reports against one another: warnings, the same in whatever order the reports came."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import permutations

import pytest
from sqlalchemy import text

from pipeline.years import check_years
from storage.archive import record_captures
from storage.book import load_book
from storage.captures import Capture
from storage.cells import CellRow
from storage.database import open_database
from storage.reports import store_reading
from storage.rows import Reading, report_id
from storage.runs import start_run

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


def cell(address, value):
    number = Decimal(value) if value else None
    return CellRow(*address.split("/"), number, "number" if value else "blank", value, "件", "")


def report(year, form, publisher="某局", copy="", **cells):
    printed = tuple(cell(address.replace("__", "/"), value) for address, value in cells.items())
    url = f"http://a.gov.cn/{publisher}/{year}{copy}"
    return Reading(
        url, is_report=True, publisher=publisher, year=year, form=form, cells=printed, status="partial"
    )


REPORTS = (
    report(2020, "2019", requests__carried_out__natural="3", requests__carried_out__total="4"),
    report(
        2021,
        "2021",
        requests__carried_in__natural="3",
        requests__carried_in__total="5",
        disclosure__normative_document__in_force="10",
    ),
    report(
        2022,
        "2021",
        disclosure__normative_document__in_force="11",
        disclosure__normative_document__issued="2",
        disclosure__normative_document__repealed="",
    ),
    report(2022, "2021", publisher="另一局", requests__carried_in__natural="99"),
)
FOUND = [
    (2021, "carried_over", "carried_in/natural", 3, 3, 1, "warning"),
    (2021, "carried_over", "carried_in/total", 4, 5, 0, "warning"),
    (2022, "stock_in_force", "normative_document/in_force", 12, 11, 0, "warning"),
]
QUERY = """SELECT year, rule, scope, expected, actual, passed, c.severity
    FROM checks c JOIN reports USING (report_id) ORDER BY year, scope"""


@pytest.fixture
def database(tmp_path):
    database = open_database(f"sqlite:///{tmp_path}/years.db")
    yield database
    database.close()


def keep(database, *reports, times=1):
    with database.write() as connection:
        run = start_run(connection, "crawl", NOW)
        for reading in reports:
            page = Capture(reading.url, NOW, 200, b"page", kind="report")
            (recorded,) = record_captures(connection, run, [page])
            store_reading(connection, recorded.capture_id, "1", reading, NOW)
            for _ in range(times):
                check_years(connection, [reading.url], load_book(connection))


def checks(database):
    with database.read() as connection:
        return [tuple(row) for row in connection.execute(text(QUERY))]


def test_each_year_is_held_against_the_one_before(database):
    keep(database, *REPORTS, times=2)
    assert checks(database) == FOUND


@pytest.mark.parametrize("order", list(permutations(range(3)))[1:])
def test_the_order_of_arrival_does_not_matter(database, order):
    keep(database, *(REPORTS[place] for place in order), REPORTS[3])
    assert checks(database) == FOUND


def test_a_report_read_otherwise_is_held_anew_and_its_old_body_forgotten(database):
    keep(database, *REPORTS)
    moved = report(2021, "2021", publisher="另一局")
    again = Reading(
        REPORTS[1].url, is_report=True, publisher="另一局", year=2021, form="2021", cells=moved.cells
    )
    keep(database, again)
    assert checks(database) == []
    assert report_id(again.url) == report_id(REPORTS[1].url)
