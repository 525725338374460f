"""The reports of one body over the years, and how they hold against one another."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal

from sqlalchemy import Connection, delete, insert, select, text

from storage.cells import load_cells
from storage.reports import CheckRow
from storage.tables import readings, year_checks

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


def reports_by_year(connection: Connection, body: Body) -> dict[int, YearReport]:
    publisher, region_code = body
    found = connection.execute(YEARS, {"publisher": publisher, "region_code": region_code}).all()
    return {year: load_report(connection, report_id) for year, report_id in found}


def load_report(connection: Connection, report_id: str) -> YearReport:
    is_current = (readings.c.report_id == report_id) & (readings.c.standing == "current")
    reading = connection.execute(select(readings.c.reading_id, readings.c.form).where(is_current)).one()
    cells = load_cells(connection, reading.reading_id, reading.form)
    return YearReport(
        report_id,
        reading.form,
        {(cell.table_code, cell.row_code, cell.col_code): (cell.value, cell.state) for cell in cells},
    )


def store_year_checks(connection: Connection, body: Body, checks: Mapping[str, Sequence[CheckRow]]) -> None:
    """Make the checks of the body's reports (by report id) against the year before exactly these."""
    of_body = (readings.c.publisher == body[0]) & (readings.c.region_code == body[1])
    reports = select(readings.c.report_id).where(of_body)
    connection.execute(delete(year_checks).where(year_checks.c.report_id.in_(reports)))
    rows = [
        {"report_id": report_id, "ordinal": ordinal, **asdict(check), "passed": int(check.passed)}
        for report_id, held in checks.items()
        for ordinal, check in enumerate(held, 1)
    ]
    if rows:
        connection.execute(insert(year_checks), rows)
