"""Cells as they are packed: whatever was read comes back to the letter, from Python and from the view."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from storage.archive import record_captures
from storage.captures import Capture
from storage.cells import CellCode, CellRow, cell_of, item_of, lists_of, positions, unpack
from storage.database import Database
from storage.places import pack_places, unpack_place
from storage.reports import load_reading, store_reading
from storage.rows import Reading
from storage.runs import start_run

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
URL = "http://www.a.gov.cn/report.html"


def cell(row, value, raw_text=None, state="number", locator="line:1/column:2", unit="件"):
    number = None if value is None else Decimal(value)
    said = str(value) if raw_text is None else raw_text
    return CellRow("requests", row, "total", number, state, said, unit, locator)


CELLS = (
    cell("a", "107", locator="xpath:/html/body[1]/table[1]/tbody[1]/tr[3]/td[2]"),
    cell("b", "0", locator="xpath:/html/body[1]/table[1]/tbody[1]/tr[3]/td[3]"),
    cell("c", "-3", locator="page:2/box:231.3,540.1,338.6,573.4"),
    cell("d", None, "", "blank", "line:37/column:119"),
    cell("e", None, "—", "dash", "sheet:表 1/cell:B07"),
    cell("f", None, "/", "not_applicable", "member:2/record:3/field:1"),
    cell("g", None, "无", "text", "100%"),
    cell("h", "25.1", "251000元", unit="万元", locator=""),
    cell("i", "31.42", unit="万元"),
    cell("j", "31.4", "31.40"),
    cell("k", "1234", "1,234"),
    cell("l", "7", "７"),
    cell("m", "0.00001"),
    cell("n", "12345678901234567.89"),
    cell("o", "99999999999999999999"),
    cell("p", "0.30000000000000004"),
    cell("q", None, " ", "blank"),
)


def keep(database: Database, *kept: Reading) -> None:
    with database.write() as connection:
        run = start_run(connection, "crawl", NOW)
        for number, reading in enumerate(kept):
            page = Capture(reading.url, NOW, 200, b"%d" % number, kind="report")
            [recorded] = record_captures(connection, run, [page])
            store_reading(connection, recorded.capture_id, "1", reading, NOW)


def reading(*cells: CellRow, url: str = URL) -> Reading:
    return Reading(url, is_report=True, form="2021", year=2023, cells=cells)


def test_cells_come_back_as_they_went_in(database: Database):
    keep(database, reading(*CELLS), reading(*reversed(CELLS), url=URL + "?2"))
    with database.read() as connection:
        assert load_reading(connection, 1).cells == CELLS
        assert load_reading(connection, 2).cells == CELLS[::-1]


def test_the_view_says_what_was_read(database: Database):
    keep(database, reading(*CELLS))
    with database.read() as connection:
        rows = connection.execute(
            text("SELECT table_code, row_code, col_code, value, state, raw_text, unit, locator FROM cells")
        ).all()
    exact = [CellRow(*row[:3], None if row[3] is None else Decimal(str(row[3])), *row[4:]) for row in rows]
    assert sorted(exact, key=lambda each: each.row_code) == list(CELLS)


def test_a_form_seen_in_part_first_keeps_every_position(database: Database):
    some, more = reading(CELLS[3], CELLS[8]), reading(*CELLS[:9], url=URL + "?2")
    keep(database, some, more)
    with database.read() as connection:
        assert load_reading(connection, 1).cells == some.cells
        assert load_reading(connection, 2).cells == more.cells


def test_two_readings_of_the_same_cell_are_refused(database: Database):
    with pytest.raises(ValueError, match="requests/a/total twice"):
        keep(database, reading(CELLS[0], replace(CELLS[0], unit="项")))


def test_a_cell_in_another_unit_is_another_position(database: Database):
    code = CellCode("disclosure", "fees", "amount", "万元")
    with database.write() as connection:
        assert positions(connection, "2021", [code]) == {code: 0}
        both = positions(connection, "2021", [code._replace(unit="元"), code])
        assert both == {code: 0, code._replace(unit="元"): 1}


def test_most_cells_are_their_number():
    assert [item_of(each) for each in CELLS[:4]] == [107, 0, -3, ""]
    assert item_of(CELLS[8]) == 31.42
    code = CellCode("requests", "a", "total", "件")
    lists = lists_of({code: 2}, CELLS[:1])
    assert (lists.items, lists.sequence) == ([None, None, 107], None)
    assert lists.places == [None, None, [0, 3, 2]]


@given(st.text(), st.decimals(allow_nan=False, allow_infinity=False) | st.none(), st.sampled_from("nb"))
def test_any_cell_survives(raw_text, value, state):
    given_cell = cell("a", value, raw_text, {"n": "number", "b": "blank"}[state], raw_text)
    code = CellCode("requests", "a", "total", "件")
    lists = lists_of({code: 0}, [given_cell])
    assert unpack(lists.items, None, {0: code}, lists.stems, lists.places) == (given_cell,)
    assert cell_of(code, item_of(given_cell), raw_text) == given_cell


@given(st.lists(st.text(st.sampled_from("a/[]%s:,.0123456789"), max_size=30)))
def test_any_place_survives(locators):
    stems, places = pack_places(locators)
    assert [unpack_place(stems, place) for place in places] == locators


def test_places_of_a_table_share_a_stem():
    stems, places = pack_places(f"xpath:/html/body[1]/table[1]/tr[{row}]/td[2]" for row in range(1, 26))
    assert stems == ["xpath:/html/body[1]/table[1]/tr[%s]/td[%s]"]
    assert places[24] == [0, 25, 2]
