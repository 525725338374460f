"""Sums over every report: what SQL gives over the series, whatever the form, and whatever stands since."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sqlalchemy import text

from storage.archive import record_captures
from storage.batches import Batch
from storage.captures import Capture
from storage.cells import CellRow
from storage.crosswalk import CrosswalkRow, store_crosswalk
from storage.database import Database
from storage.mending import mend_rows
from storage.reports import store_reading, withdraw
from storage.rows import Reading
from storage.runs import start_run
from storage.sums import count_anew
from storage.tables import form_sums, reading_sums
from storage.verify import verify

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
OVER_THE_SERIES = """
    SELECT measure, s.form, s.year, level, substr(s.region_code, 1, 2) AS province, COUNT(*) AS bodies,
        COUNT(value) AS stated, SUM(value) AS total, s.comparable
    FROM series s JOIN reports USING (report_id) WHERE s.year IS NOT NULL
    GROUP BY measure, s.form, s.year, level, substr(s.region_code, 1, 2), s.comparable"""


def part(measure: str, form: str, row: str, parts: int = 1, option: int = 1) -> CrosswalkRow:
    return CrosswalkRow(measure, form, option, "requests", row, "total", parts, "……", int(form != "2014"), "")


CROSSWALK = [
    *(part(row, form, row) for row in ("received", "granted") for form in ("2021", "2019", "2014")),
    *(part("other", "2021", row, parts=2, option=2) for row in ("other.a", "other.b")),
    part("other", "2021", "other"),
]


def cell(row: str, value: str | None, state: str = "", unit: str = "件") -> CellRow:
    number = None if value is None else Decimal(value)
    state = state or ("dash" if value is None else "number")
    return CellRow("requests", row, "total", number, state, f"{value} ", unit, "line:1/column:1")


def report(name: str, year: int | None, form: str, *cells: CellRow) -> Reading:
    whose = {"publisher": name, "region_code": "340881", "level": "county"}
    return Reading(f"http://{name}.gov.cn/", is_report=True, year=year, form=form, cells=cells, **whose)


READINGS = (
    report("a", 2023, "2021", cell("received", "107"), cell("granted", "1.1"), cell("other", "5")),
    report("b", 2023, "2021", cell("received", "3"), cell("granted", "2.2"), cell("other.a", "1")),
    report("c", 2022, "2019", cell("granted", "7"), cell("received", None)),
    report("d", None, "2021", cell("received", "1000")),
    report("e", 2016, "2014", cell("received", "12345678901234567.89")),
    report("f", 2023, "2021", cell("other.a", "1"), cell("other.b", None), cell("received", None, "text")),
    report("g", 2023, "2021", cell("received", "4", unit="万件")),
)
AGAIN = (
    report("b", 2023, "2021", cell("received", "30"), cell("other", "2")),
    report("c", 2021, "2019", cell("granted", "8")),
)


def keep(database: Database, *each: Reading, days: int = 0) -> list[int]:
    """All in one transaction, as a group is; gives the captures."""
    at, batch, captures = NOW + timedelta(days=days), Batch(), []
    with database.write() as connection:
        run = start_run(connection, "import", at)
        for reading in each:
            [recorded] = record_captures(
                connection, run, [Capture(reading.url, at, 200, repr(reading).encode(), kind="report")]
            )
            store_reading(connection, recorded.capture_id, "1", reading, at, batch=batch)
            captures.append(recorded.capture_id)
        batch.write(connection)
    return captures


def rows(database: Database, query: str) -> Counter[tuple[object, ...]]:
    """Numbers to nine digits, for in SQLite a sum over the series rounds."""
    with database.read() as connection:
        return Counter(
            tuple(
                f"{float(value):.9g}" if name == "total" and value else value for name, value in row.items()
            )
            for row in connection.execute(text(query)).mappings()
        )


def stored(database: Database) -> list[tuple[object, ...]]:
    with database.read() as connection:
        return [
            tuple(row)
            for table in (form_sums, reading_sums)
            for row in connection.execute(table.select().order_by(*table.primary_key))
        ]


def assert_in_step(database: Database) -> None:
    assert rows(database, "SELECT * FROM series_sums") == rows(database, OVER_THE_SERIES)
    before = stored(database)
    with database.write() as connection:
        count_anew(connection)
    assert stored(database) == before


def test_sums_follow_whatever_stands(database: Database):
    with database.write() as connection:
        store_crosswalk(connection, CROSSWALK)
    captures = keep(database, *READINGS)
    assert_in_step(database)
    keep(database, *AGAIN, days=1)
    assert_in_step(database)
    keep(database, *READINGS[:3], *AGAIN[:1], days=2)
    assert_in_step(database)
    with database.write() as connection:
        batch = Batch()
        withdraw(connection, READINGS[0].url, batch)
        mistaken = Reading(READINGS[-1].url, is_report=False)
        store_reading(connection, captures[-1], "2", mistaken, NOW, batch=batch)
        batch.write(connection)
    assert_in_step(database)
    received = rows(database, "SELECT total FROM series_sums WHERE measure = 'received' AND year = 2023")
    assert list(received) == [("30",)]


def test_sums_that_were_changed_are_found_and_mended(database: Database):
    with database.write() as connection:
        store_crosswalk(connection, CROSSWALK)
    keep(database, *READINGS)
    before = stored(database)
    assert list(verify(database)) == []
    with database.write() as connection:
        connection.execute(form_sums.update().where(form_sums.c.year == 2023).values(items=[[1, 1, 1]]))
        connection.execute(form_sums.delete().where(form_sums.c.year == 2022))
        connection.execute(reading_sums.update().where(reading_sums.c.reading_id == 6).values(items=[7]))
    faults = list(verify(database))
    assert [(fault.what, fault.where) for fault in faults] == [
        ("sums", "reading 6"),
        ("sums", "2019/2022/county/34"),
        ("sums", "2021/2023/county/34"),
    ]
    with database.read() as copy:
        assert list(mend_rows(database, copy, faults)) == ["sums"]
    assert stored(database) == before


def test_another_crosswalk_makes_other_sums(database: Database):
    with database.write() as connection:
        store_crosswalk(connection, CROSSWALK)
    keep(database, *READINGS)
    with database.write() as connection:
        store_crosswalk(connection, [part("new", "2021", "received"), *CROSSWALK[1:3]])
    assert_in_step(database)
    assert rows(database, "SELECT DISTINCT measure FROM series_sums") == Counter([("new",), ("received",)])


def test_sums_are_exact(database: Database):
    with database.write() as connection:
        store_crosswalk(connection, CROSSWALK)
    keep(database, *READINGS)
    cents = [
        report("h", 2023, "2021", cell("granted", "0.1")),
        report("i", 2023, "2021", cell("granted", "0.2")),
    ]
    keep(database, *cents)
    found = {str(item) for row in stored(database) for item in row[-1] if item}
    assert "[4, 4, 3.6]" in found
    assert "[1, 1, '12345678901234567.89']" in found
