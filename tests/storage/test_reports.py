from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, text

from storage.archive import captures_to_read, record_captures
from storage.captures import Capture
from storage.cells import CellRow
from storage.database import Database
from storage.reports import load_reading, store_reading
from storage.rows import CheckRow, FindingRow, LeftoverRow, Reading, SectionRow, reading_digest, report_id
from storage.runs import start_run
from storage.tables import readings

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
URL = "http://www.a.gov.cn/report.html"
READING = Reading(
    url=URL,
    is_report=True,
    reasons=("标题",),
    publisher="某市人民政府",
    region_code="340881",
    level="prefecture",
    year=2023,
    form="2021",
    title="某市人民政府2023年政府信息公开工作年度报告",
    published_on="2024-01-20",
    index_number="A-1",
    is_mirror=True,
    cells_expected=200,
    status="partial",
    evidence={"year": "title", "publisher": "meta"},
    cells=(
        CellRow("requests", "received", "natural", Decimal(107), "number", "107", "件", "line:1/column:1"),
        CellRow("requests", "received", "total", None, "blank", "", "件", "line:1/column:2"),
        CellRow(
            "disclosure", "fees", "amount", Decimal("31.42"), "number", "31.42", "万元", "line:2/column:1"
        ),
    ),
    checks=(
        CheckRow("row_sum", "received", Decimal(107), Decimal(108), passed=False, severity="error"),
        CheckRow("column_sum", "natural", Decimal(1), Decimal(1), passed=True, severity="error"),
    ),
    sections=(SectionRow(1, "一、总体情况", "……"),),
    leftovers=(LeftoverRow("row", "其他", "line:9/column:1"),),
    findings=(FindingRow("header_lost", "自然人", "line:3/column:1"),),
)
LOOK_ALIKE = Reading(url=URL, is_report=False, reasons=("政府工作报告",))


@pytest.fixture
def pages(database: Database) -> list[int]:
    """Three captures of the same address, an hour apart."""
    with database.write() as connection:
        run = start_run(connection, "crawl", NOW)
        captures = [
            Capture(URL, NOW + timedelta(hours=hour), 200, b"%d" % hour, kind="report") for hour in range(3)
        ]
        return [each.capture_id for each in record_captures(connection, run, captures)]


def store(database: Database, capture_id: int, reading: Reading, extractor: str = "1") -> str:
    with database.write() as connection:
        return store_reading(connection, capture_id, extractor, reading, NOW)


def titles(database: Database, view: str = "reports") -> list[str]:
    with database.read() as connection:
        return list(connection.scalars(text(f"SELECT title FROM {view} ORDER BY title")))


def standings(database: Database) -> list[tuple[int, str]]:
    with database.read() as connection:
        rows = connection.execute(select(readings.c["version", "standing"]).order_by(readings.c.reading_id))
        return [(version, standing) for version, standing in rows]


def test_a_reading_comes_back_as_it_went_in(database: Database, pages):
    assert store(database, pages[0], READING) == "new"
    with database.read() as connection:
        stored = load_reading(connection, 1)
        digest = connection.scalar(select(readings.c.digest))
    assert stored == READING
    assert reading_digest(stored) == digest


def test_the_views_show_it(database: Database, pages):
    store(database, pages[0], READING)
    with database.read() as connection:
        report = connection.execute(text("SELECT * FROM reports")).mappings().one()
        cells = connection.execute(
            text("SELECT row_code, value, state, form FROM cells ORDER BY locator")
        ).all()
        failed = connection.execute(text("SELECT rule, scope FROM checks WHERE passed = 0")).all()
        sections = connection.execute(text("SELECT heading FROM sections")).scalars().all()
        leftovers = connection.execute(text("SELECT text FROM leftovers")).scalars().all()
    assert report["report_id"] == report_id(URL)
    assert (report["host"], report["is_mirror"], report["year"]) == ("www.a.gov.cn", 1, 2023)
    assert (report["cells_read"], report["cells_expected"]) == (3, 200)
    assert (report["checks_passed"], report["checks_failed"]) == (1, 1)
    assert [(row.row_code, row.state) for row in cells] == [
        ("received", "number"), ("received", "blank"), ("fees", "number"),
    ]  # fmt: skip
    assert [None if row.value is None else float(row.value) for row in cells] == [107, None, 31.42]
    assert [tuple(row) for row in failed] == [("row_sum", "received")]
    assert (sections, leftovers) == (["一、总体情况"], ["其他"])


@pytest.mark.parametrize(
    "number",
    [
        "0",
        "-3",
        "0.1",
        "92.2343",
        "12345678901234567.89",
        "99999999999999999999",
        "1E+3",
        "0.30000000000000004",
    ],
)
def test_numbers_are_exact(database: Database, pages, number):
    cell = replace(READING.cells[0], value=Decimal(number))
    store(database, pages[0], replace(READING, cells=(cell,)))
    with database.read() as connection:
        assert load_reading(connection, 1).cells[0].value == Decimal(number)


def test_the_same_again_changes_nothing(database: Database, pages):
    store(database, pages[0], READING)
    assert store(database, pages[0], READING, "2") == "unchanged"
    assert store(database, pages[1], READING, "2") == "unchanged"
    assert standings(database) == [(1, "current")]
    with database.read() as connection:
        assert list(captures_to_read(connection, "2")) == [pages[2]]
        assert list(captures_to_read(connection, "3")) == pages
        assert list(captures_to_read(connection, "2", everything=True)) == pages


def test_a_changed_page_is_a_new_version(database: Database, pages):
    store(database, pages[0], READING)
    assert store(database, pages[1], replace(READING, title="更正")) == "changed"
    assert titles(database) == ["更正"]
    assert titles(database, "report_versions") == [READING.title]
    assert store(database, pages[2], READING) == "changed"  # and back again
    assert titles(database) == [READING.title]
    assert standings(database) == [(1, "superseded"), (2, "superseded"), (3, "current")]


def test_an_older_page_read_later_is_an_earlier_version(database: Database, pages):
    store(database, pages[1], READING)
    assert store(database, pages[0], replace(READING, title="初版")) == "unchanged"
    assert store(database, pages[0], replace(READING, title="初版")) == "unchanged"
    assert titles(database) == [READING.title]
    assert titles(database, "report_versions") == ["初版"]


def test_a_look_alike_is_kept_with_its_reasons(database: Database, pages):
    assert store(database, pages[0], LOOK_ALIKE) == "rejected"
    assert store(database, pages[0], LOOK_ALIKE) == "rejected"
    assert titles(database) == []
    assert standings(database) == [(1, "rejected")]
    assert store(database, pages[1], READING) == "new"
    assert standings(database) == [(1, "rejected"), (2, "current")]


def test_a_rejected_page_does_not_take_the_place_of_a_report(database: Database, pages):
    store(database, pages[0], READING)
    assert store(database, pages[1], LOOK_ALIKE) == "rejected"
    assert titles(database) == [READING.title]


def test_a_better_extractor_can_take_back_a_report(database: Database, pages):
    store(database, pages[0], READING)
    taken_back = replace(READING, is_report=False)  # and all else as before
    assert store(database, pages[0], taken_back, "2") == "rejected"
    assert titles(database) == []
    assert standings(database) == [(1, "superseded"), (2, "rejected")]


def test_an_unknown_reading(database: Database):
    with database.read() as connection, pytest.raises(LookupError, match="reading 7"):
        load_reading(connection, 7)


def test_characters_that_no_database_can_hold(database: Database, pages):
    section = SectionRow(1, "a\0b", "half a pair: \ud83d")
    store(database, pages[0], replace(READING, sections=(section,), evidence={"title": "\0\ud83d"}))
    with database.read() as connection:
        stored = load_reading(connection, 1)
        assert reading_digest(stored) == connection.scalar(select(readings.c.digest))
    assert stored.sections[0] == SectionRow(1, "a\ufffdb", "half a pair: ?")


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("https://www.a.gov.cn/report.html", True),
        ("http://www.a.gov.cn:80/report.html", True),
        ("http://www.a.gov.cn/report.html#top", True),
        ("http://WWW.A.gov.cn/report.html", True),
        ("http://www.a.gov.cn:8080/report.html", False),
        ("http://www.a.gov.cn/report.html?id=1", False),
        ("http://www.b.gov.cn/report.html", False),
    ],
)
def test_the_key_of_a_report(other, same):
    assert (report_id(other) == report_id(URL)) is same
    assert len(report_id(other)) == 16


@pytest.mark.parametrize(
    ("year", "level", "published_on", "state"),
    [
        (2023, "department", "2024-01-31", "found"),
        (2023, "department", "2024-02-01", "late"),
        (2023, "township", "2024-02-01", "late"),
        (2023, "county", "2024-03-31", "found"),
        (2023, "county", "2024-04-01", "late"),
        (2018, "department", "2019-03-31", "found"),
        (2018, "department", "2019-04-01", "late"),
        (2023, "county", "", "found"),
    ],
)
def test_coverage_knows_the_legal_dates(database: Database, pages, year, level, published_on, state):
    store(database, pages[0], replace(READING, year=year, level=level, published_on=published_on))
    with database.read() as connection:
        row = connection.execute(text("SELECT * FROM coverage")).one()
    assert tuple(row) == ("某市人民政府", "340881", year, state, report_id(URL))


def test_coverage_is_one_row_for_a_body_and_a_year(database: Database, pages):
    late = replace(READING, published_on="2024-05-01")
    store(database, pages[0], replace(late, url=URL + "?2", status="unreadable"))
    with database.read() as connection:
        assert connection.scalar(text("SELECT state FROM coverage")) == "unreadable"
    store(database, pages[0], replace(late, url=URL + "?3"))
    store(database, pages[0], replace(READING, url=URL + "?4"))
    with database.read() as connection:
        rows = connection.execute(text("SELECT state, report_id FROM coverage")).all()
    assert [tuple(row) for row in rows] == [("found", report_id(URL + "?4"))]
