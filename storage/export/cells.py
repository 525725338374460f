"""The tables that follow from a report's cells, out of its packed lists: the same rows as the views give,
in a fraction of the time, for each list is taken apart once and not once a cell.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import Connection, select

from storage.cells import CellCode, Item, codes_by_position, said_of
from storage.export.selection import PIECE, Row, Tell
from storage.places import Place, unpack_place
from storage.sums import Way, positions, ways_by_form
from storage.tables import crosswalk, reading_cells, reading_places, readings

FormAddress = tuple[str, str, str, str]  # form, table, row and column code


class PackedReport(NamedTuple):
    """A report as it stands, with its lists (storage/cells.py)."""

    report_id: str
    form: str
    publisher: str
    region_code: str
    year: int | None
    capture_id: int
    items: Sequence[Item]
    stems: Sequence[str] | None
    places: Sequence[Place] | None

    def item(self, position: int) -> Item:
        return self.items[position] if position < len(self.items) else None

    def locator(self, position: int) -> str:
        if self.stems is None or self.places is None:
            return ""
        return unpack_place(self.stems, self.places[position])


def packed_reports(
    connection: Connection, reports: Sequence[str], tell: Callable[[int], None] = lambda _done: None
) -> Iterator[PackedReport]:
    """In the order of `reports`; those without cells are left out."""
    columns = readings.c["report_id", "form", "publisher", "region_code", "year", "capture_id"]
    query = (
        select(*columns, reading_cells.c["items"], *reading_places.c["stems", "places"])
        .join_from(readings, reading_cells, reading_cells.c.reading_id == readings.c.reading_id)
        .outerjoin(reading_places, reading_places.c.reading_id == readings.c.reading_id)
        .where(readings.c.standing == "current")
    )
    for start in range(0, len(reports), PIECE):
        piece = reports[start : start + PIECE]
        found = connection.execute(query.where(readings.c.report_id.in_(piece)))
        yield from sorted(map(PackedReport._make, found), key=lambda report: report.report_id)
        tell(start + len(piece))


def cell_rows(connection: Connection, reports: Sequence[str], tell: Tell) -> Iterator[Row]:
    orders: dict[str, list[tuple[int, CellCode]]] = {}
    for report in packed_reports(connection, reports, lambda done: tell("cells", done, len(reports))):
        if report.form not in orders:
            codes = codes_by_position(connection, report.form).items()
            orders[report.form] = sorted(codes, key=lambda pair: pair[1])
        for position, (table, row, column, unit) in orders[report.form]:
            item = report.item(position)
            if item is not None:
                said = (*said_of(item), unit, report.capture_id, report.locator(position))
                yield (report.report_id, report.form, table, row, column, *said)


def series_rows(connection: Connection, reports: Sequence[str], tell: Tell) -> Iterator[Row]:
    ways = measured_ways(connection)
    for report in packed_reports(connection, reports, lambda done: tell("series", done, len(reports))):
        whose = (report.report_id, report.publisher, report.region_code, report.year)
        for measure, way, is_comparable in ways.get(report.form, ()):
            numbers = way.numbers(report.items)
            if numbers is not None:
                value = Decimal(sum(numbers)) if numbers else None
                yield (*whose, measure, value, report.form, is_comparable)


def measured_ways(connection: Connection) -> Mapping[str, list[tuple[str, Way, int]]]:
    """By form, in the order of the measures' names: measure, way, and whether it compares."""
    names = {position: measure for measure, position in positions(connection).items()}
    said = connection.execute(select(*crosswalk.c["form", "measure", "comparable"]).distinct())
    compares = {(form, measure): comparable for form, measure, comparable in said}
    return {
        form: sorted(
            ((names[way.measure], way, compares[form, names[way.measure]]) for way in ways),
            key=lambda each: each[0],
        )
        for form, ways in ways_by_form(connection).items()
    }


def said_by_report(
    connection: Connection, reports: Sequence[str]
) -> dict[str, dict[FormAddress, tuple[Decimal | None, str]]]:
    """Of each report that has cells, their values and states."""
    codes: dict[str, Mapping[int, CellCode]] = {}
    found: dict[str, dict[FormAddress, tuple[Decimal | None, str]]] = {}
    for report in packed_reports(connection, reports):
        form = report.form
        if form not in codes:
            codes[form] = codes_by_position(connection, form)
        there = ((at, item) for at, item in enumerate(report.items) if item is not None)
        found[report.report_id] = {(form, *codes[form][at][:3]): said_of(item)[:2] for at, item in there}
    return found


FROM_LISTS = {"cells": cell_rows, "series": series_rows}
