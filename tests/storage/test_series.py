"""What stands beside the official cells: local tables, the series over the forms, the review list."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import text

from storage.archive import record_captures
from storage.captures import Capture
from storage.cells import CellRow
from storage.crosswalk import CrosswalkRow, store_crosswalk
from storage.database import Database
from storage.reports import load_reading, store_reading
from storage.rows import GridRow, Reading
from storage.runs import start_run

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


def part(measure, form, address, parts=1, option=1, comparable=1):
    return CrosswalkRow(measure, form, option, *address.split("/"), parts, "……", comparable, "")


CROSSWALK = [
    part("received", "2021", "requests/received/total"),
    part("received", "2014", "statistics/received.total/value", comparable=0),
    part("other", "2021", "requests/other/total"),
    part("other", "2021", "requests/other.a/total", parts=2, option=2),
    part("other", "2021", "requests/other.b/total", parts=2, option=2),
    part("fees", "2021", "disclosure/fees/amount"),
]


def cell(address, value, state="number"):
    number = Decimal(value) if value else None
    return CellRow(*address.split("/"), number, state, value, "件", f"at:{address}")


@pytest.fixture
def keep(database: Database):
    """Keep readings as reports of their own and give back what a view says of them."""

    def kept(*readings):
        with database.write() as connection:
            run = start_run(connection, "crawl", NOW)
            for reading in readings:
                page = Capture(reading.url, NOW, 200, reading.url.encode(), kind="report")
                (recorded,) = record_captures(connection, run, [page])
                store_reading(connection, recorded.capture_id, "1", reading, NOW)
            store_crosswalk(connection, CROSSWALK)
            store_crosswalk(connection, CROSSWALK)

    return kept


def rows(database, query):
    with database.read() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def report(name, year, form, *cells, **more):
    return Reading(f"http://a.gov.cn/{name}", is_report=True, year=year, form=form, cells=cells, **more)


def test_one_series_over_the_forms(database, keep):
    keep(
        report("1", 2016, "2014", cell("statistics/received.total/value", "7")),
        report(
            "2",
            2021,
            "2021",
            cell("requests/received/total", "9"),
            cell("requests/other.a/total", "2"),
            cell("requests/other.b/total", "", "blank"),
        ),
        report(
            "3", 2022, "2021", cell("requests/other/total", "5"), cell("requests/received/total", "", "text")
        ),
        report("4", 2023, "2021", cell("requests/other.a/total", "1")),
    )
    found = rows(database, "SELECT year, measure, value, form, comparable FROM series ORDER BY year, measure")
    assert found == [
        (2016, "received", 7, "2014", 0),
        (2021, "other", 2, "2021", 1),
        (2021, "received", 9, "2021", 1),
        (2022, "other", 5, "2021", 1),
    ]


def test_money_comes_through_the_series_exactly(database, keep):
    keep(report("1", 2021, "2021", cell("disclosure/fees/amount", "7730.28")))
    assert [str(value) for (value,) in rows(database, "SELECT value FROM series")] == ["7730.28"]


def test_a_local_table_is_there_as_it_was(database, keep):
    grids = (
        GridRow(1, 1, 2, "", "累计数", None, "at:1/2"),
        GridRow(1, 2, 2, "1.申请数 / 累计数", "1,204", Decimal(1204), "at:2/2"),
    )
    keep(report("1", 2018, "local", grids=grids))
    found = rows(database, 'SELECT grid, "row", "column", label, text, value, locator FROM local_tables')
    assert found == [
        (1, 1, 2, "", "累计数", None, "at:1/2"),
        (1, 2, 2, "1.申请数 / 累计数", "1,204", 1204, "at:2/2"),
    ]
    with database.read() as connection:
        assert load_reading(connection, 1).grids == grids


def test_what_is_nearly_even_is_to_be_reviewed(database, keep):
    keep(
        report("sure", 2021, "2021", margin=12),
        report("hardly", 2021, "2021", margin=1),
        Reading("http://a.gov.cn/nearly", is_report=False, margin=-2),
        Reading("http://a.gov.cn/not", is_report=False, margin=-9),
        Reading("http://a.gov.cn/unreadable", is_report=False),
    )
    found = rows(database, "SELECT url, standing, margin FROM review ORDER BY url")
    assert found == [
        ("http://a.gov.cn/hardly", "current", 1),
        ("http://a.gov.cn/nearly", "rejected", -2),
    ]
