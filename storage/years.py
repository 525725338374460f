"""The reports of one body over the years, and how they hold against one another."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, text

from storage.cells import Item, said_of
from storage.inserting import insert_rows
from storage.rows import CheckRow, Values
from storage.tables import reading_cells, readings, year_checks
from storage.values import as_bound

Body = tuple[str, str]  # publisher, region code
CellAddress = tuple[str, str, str]  # table, row, column code

Wanted = Mapping[str, Mapping[int, CellAddress]]  # by form, which cells by their positions

# Reports year by year: of several pages of one year the one that the view `coverage` stands on.
YEARS = text(
    "SELECT publisher, region_code, year, report_id FROM coverage WHERE publisher IN :names"
    " AND report_id <> ''"  # nor null: a year whose report is missing or behind a wall has none
).bindparams(bindparam("names", expanding=True))


@dataclass(frozen=True, slots=True)
class YearReport:
    """`cells` holds the value and the state of each."""

    report_id: str
    form: str
    cells: Mapping[CellAddress, tuple[Decimal | None, str]]


def bodies_of(connection: Connection, report_ids: Iterable[str]) -> set[Body]:
    """Every body that any reading of the reports named, the present one and earlier ones."""
    query = select(readings.c.publisher, readings.c.region_code).where(
        readings.c.report_id.in_(list(report_ids)), readings.c.publisher != "", readings.c.year.is_not(None)
    )
    return {(row.publisher, row.region_code) for row in connection.execute(query.distinct())}


def reports_by_year(
    connection: Connection, bodies: Collection[Body], wanted: Wanted
) -> dict[Body, dict[int, YearReport]]:
    """Of bodies that have two years to hold against each other, each report with those cells."""
    found = years_of(connection, bodies)
    several = {body: years for body, years in found.items() if any(year - 1 in years for year in years)}
    reports = load_reports(
        connection, [each for years in several.values() for each in years.values()], wanted
    )
    return {body: {year: reports[key] for year, key in years.items()} for body, years in several.items()}


def years_of(connection: Connection, bodies: Collection[Body]) -> dict[Body, dict[int, str]]:
    """The key of each year's report."""
    found: dict[Body, dict[int, str]] = {body: {} for body in bodies}
    names = sorted({name for name, _ in bodies})
    for name, region, year, report_id in connection.execute(YEARS, {"names": names}):
        if (name, region) in found:
            found[name, region][year] = report_id
    return found


def load_reports(
    connection: Connection, report_ids: Collection[str], wanted: Wanted
) -> dict[str, YearReport]:
    query = (
        select(*readings.c["report_id", "form"], reading_cells.c["items"])
        .outerjoin(reading_cells, reading_cells.c.reading_id == readings.c.reading_id)
        .where(readings.c.report_id.in_(report_ids), readings.c.standing == "current")
    )
    rows: Iterable[Any] = connection.execute(query) if report_ids else ()
    return {
        key: YearReport(key, form, dict(said_by_address(items or (), wanted.get(form, {}))))
        for key, form, items in rows
    }


def said_by_address(
    items: Sequence[Item], wanted: Mapping[int, CellAddress]
) -> Iterator[tuple[CellAddress, tuple[Decimal | None, str]]]:
    for position, address in wanted.items():
        if position < len(items) and (item := items[position]) is not None:
            value, state, _ = said_of(item)
            yield address, (value, state)


def store_year_checks(
    connection: Connection, bodies: Collection[Body], checks: Mapping[str, Sequence[CheckRow]]
) -> None:
    """Make the checks of the bodies' reports (by report id) against the year before exactly these."""
    names = readings.c.publisher.in_(sorted({name for name, _ in bodies}))
    of_names = select(*readings.c["report_id", "publisher", "region_code"]).where(names).distinct()
    reports = {key for key, *body in connection.execute(of_names) if (*body,) in bodies}
    anew = {key: check_rows(key, checks.get(key, ())) for key in sorted(reports)}
    stored = stored_checks(connection, reports)
    changed = [key for key, rows in anew.items() if rows != stored.get(key, [])]
    if stale := [key for key in changed if key in stored]:
        connection.execute(delete(year_checks).where(year_checks.c.report_id.in_(stale)))
    insert_rows(connection, year_checks, [tuple(map(as_bound, row)) for key in changed for row in anew[key]])


def check_rows(report_id: str, checks: Sequence[CheckRow]) -> list[Values]:
    return [
        (report_id, at, held.rule, held.scope, held.expected, held.actual, int(held.passed), held.severity)
        for at, held in enumerate(checks, 1)
    ]


def stored_checks(connection: Connection, report_ids: Collection[str]) -> dict[str, list[Values]]:
    found: dict[str, list[Values]] = {}
    query = select(year_checks).where(year_checks.c.report_id.in_(report_ids))
    for row in connection.execute(query.order_by(*year_checks.primary_key.columns)):
        found.setdefault(row.report_id, []).append(tuple(row))
    return found
