"""Sums over every report: what SQL gives over the view, whatever the form, and after another reading."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import text

from storage.archive import record_captures
from storage.captures import Capture
from storage.cells import CellRow
from storage.database import Database
from storage.reports import Reading, store_reading
from storage.runs import start_run
from storage.sums import number_of, sums_by_year

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
OVER_THE_VIEW = """
    SELECT year, row_code, SUM(value) AS n FROM cells JOIN reports USING (report_id)
    WHERE table_code = 'requests' AND col_code = 'total' AND value IS NOT NULL AND year IS NOT NULL
    GROUP BY year, row_code"""


def cell(row: str, value: str | None, col: str = "total", table: str = "requests") -> CellRow:
    number = None if value is None else Decimal(value)
    state = "dash" if value is None else "number"
    return CellRow(
        table, row, col, number, state, "——" if value is None else f"{value} ", "件", "line:1/column:1"
    )


def report(name: str, year: int | None, form: str, *cells: CellRow) -> Reading:
    url = f"http://{name}.gov.cn/"
    return Reading(url, is_report=True, publisher=name, year=year, form=form, cells=cells)


READINGS = (
    report(
        "a", 2023, "2021", cell("received", "107"), cell("granted", "1.5"), cell("received", "9", "natural")
    ),
    report("b", 2023, "2021", cell("received", "3"), cell("granted", "0.25")),
    report("c", 2022, "2019", cell("granted", "7"), cell("received", None), cell("made", "4", table="rules")),
    report("d", None, "2021", cell("received", "1000")),
    report("e", 2021, "2014"),
)
AGAIN = report("b", 2023, "2021", cell("received", "30"), cell("denied", "2"))


def keep(database: Database, *each: Reading) -> None:
    with database.write() as connection:
        run = start_run(connection, "import", NOW)
        for reading in each:
            page = Capture(reading.url, NOW, 200, repr(reading).encode(), kind="report")
            [recorded] = record_captures(connection, run, [page])
            store_reading(connection, recorded.capture_id, "1", reading, NOW)


def both(database: Database) -> tuple[dict[tuple[int, str], Decimal], dict[tuple[int, str], Decimal]]:
    """By us, and by the database over the view."""
    with database.read() as connection:
        sums = sums_by_year(connection, "requests", "total")
        rows = connection.execute(text(OVER_THE_VIEW)).all()
    ours = {(year, row): Decimal(number) for year, of_year in sums.items() for row, number in of_year.items()}
    return ours, {(row.year, row.row_code): Decimal(str(row.n)) for row in rows}


def test_sums_are_those_of_the_view_also_after_another_reading(database: Database):
    keep(database, *READINGS)
    ours, theirs = both(database)
    assert ours == theirs
    assert ours[2023, "received"] == 110
    keep(database, AGAIN)
    ours, theirs = both(database)
    assert ours == theirs
    assert ours[2023, "received"] == 137
    assert ours[2023, "granted"] == Decimal("1.5")


@pytest.mark.parametrize(
    ("item", "number"),
    [
        (7, 7),
        (1.1, Decimal("1.1")),
        ([0, "0.10000000000000001", "…"], Decimal("0.10000000000000001")),
        ([1, None, ""], None),
        ("", None),
        (None, None),
    ],
)
def test_a_number_is_exactly_what_was_stored(item, number):
    assert number_of(item) == number
