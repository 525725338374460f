"""The reports of one body over the years, and how they hold against one another."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal

from sqlalchemy import Connection, delete, insert, or_, select, text

from storage.cells import CellCode, Item, codes_by_position, said_of
from storage.reports import CheckRow
from storage.tables import reading_cells, readings, year_checks

Body = tuple[str, str]  # publisher, region code
CellAddress = tuple[str, str, str]  # table, row, column code

# A body's reports year by year: of several pages of one year the one that the view `coverage` stands on.
YEARS = text(
    "SELECT year, report_id FROM coverage WHERE publisher = :publisher AND region_code = :region_code"
    " AND report_id <> ''"  # nor null: a year whose report is missing or behind a wall has none
)


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


def reports_by_year(connection: Connection, bodies: Iterable[Body]) -> dict[Body, dict[int, YearReport]]:
    """Of bodies that have two years to hold against each other."""
    found = {body: dict(years_of(connection, *body)) for body in bodies}
    several = {body: years for body, years in found.items() if any(year - 1 in years for year in years)}
    reports = load_reports(connection, {each for years in several.values() for each in years.values()})
    return {body: {year: reports[key] for year, key in years.items()} for body, years in several.items()}


def years_of(connection: Connection, publisher: str, region_code: str) -> Iterator[tuple[int, str]]:
    rows = connection.execute(YEARS, {"publisher": publisher, "region_code": region_code})
    yield from ((row.year, row.report_id) for row in rows)


def load_reports(connection: Connection, report_ids: Collection[str]) -> dict[str, YearReport]:
    query = (
        select(*readings.c["report_id", "form"], reading_cells.c["items"])
        .outerjoin(reading_cells, reading_cells.c.reading_id == readings.c.reading_id)
        .where(readings.c.report_id.in_(report_ids), readings.c.standing == "current")
    )
    rows = connection.execute(query).mappings().all()
    codes = {form: codes_by_position(connection, form) for form in {row["form"] for row in rows}}
    return {
        row["report_id"]: YearReport(
            row["report_id"], row["form"], dict(said_by_address(row["items"] or [], codes[row["form"]]))
        )
        for row in rows
    }


def said_by_address(
    items: Sequence[Item], codes: Mapping[int, CellCode]
) -> Iterator[tuple[CellAddress, tuple[Decimal | None, str]]]:
    for position, item in enumerate(items):
        if item is not None:
            value, state, _ = said_of(item)
            code = codes[position]
            yield (code.table_code, code.row_code, code.col_code), (value, state)


def store_year_checks(
    connection: Connection, bodies: Collection[Body], checks: Mapping[str, Sequence[CheckRow]]
) -> None:
    """Make the checks of the bodies' reports (by report id) against the year before exactly these."""
    of_bodies = or_(*((readings.c.publisher == name) & (readings.c.region_code == at) for name, at in bodies))
    reports = set(connection.scalars(select(readings.c.report_id).where(of_bodies)))
    connection.execute(delete(year_checks).where(year_checks.c.report_id.in_(reports)))
    rows = [
        {"report_id": report_id, "ordinal": ordinal, **asdict(check), "passed": int(check.passed)}
        for report_id, held in checks.items()
        for ordinal, check in enumerate(held, 1)
    ]
    if rows:
        connection.execute(insert(year_checks), rows)
