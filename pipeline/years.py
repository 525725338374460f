"""A report against the same body's report of the year before: what one carries over the other took in.

The rules are data of the forms. What is found depends only on the reports as they stand, so it may be made
anew at any time, in any order.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache

from sqlalchemy import Connection

from extract.forms.model import YearEquation, official_forms
from storage.book import Book
from storage.cells import CellCode
from storage.rows import CheckRow, report_id
from storage.years import (
    CellAddress,
    Wanted,
    YearReport,
    bodies_of,
    reports_by_year,
    store_year_checks,
)

SAME = "*"  # in an equation: the same row or column code in every cell
NOTHING = Decimal(0)
Cells = Mapping[CellAddress, tuple[Decimal | None, str]]


def check_years(connection: Connection, addresses: Iterable[str], book: Book) -> None:
    """Check all years of the bodies whose reports are, or once were, at the addresses."""
    bodies = bodies_of(connection, map(report_id, addresses))
    if not bodies:
        return
    checks = {
        report.report_id: tuple(checks_between(report, years[year - 1]))
        for years in reports_by_year(connection, bodies, wanted_of(book)).values()
        for year, report in years.items()
        if year - 1 in years
    }
    store_year_checks(connection, bodies, checks)


@lru_cache(maxsize=1)
def wanted_of(book: Book) -> Wanted:
    """The cells that equations between years are about."""
    equations = {form.code: form.years for form in official_forms()}
    return {
        form: {
            at: (code.table_code, code.row_code, code.col_code)
            for code, at in positions.items()
            if any(is_in(equation, code) for equation in equations.get(form, ()))
        }
        for form, positions in book.positions.items()
    }


def is_in(equation: YearEquation, code: CellCode) -> bool:
    if code.table_code != equation.table:
        return False
    cells = (cell.split("/") for cell in (equation.total, *equation.last, *equation.plus, *equation.minus))
    return any(row in (SAME, code.row_code) and column in (SAME, code.col_code) for row, column in cells)


def checks_between(report: YearReport, last: YearReport) -> Iterator[CheckRow]:
    for form in official_forms():
        if form.code == report.form:
            for equation in form.years:
                yield from held(equation, report.cells, last.cells)


def held(equation: YearEquation, this: Cells, last: Cells) -> Iterator[CheckRow]:
    """The equation wherever all its cells were read and one on either side holds a number."""
    for address in this:
        code = same_code(equation, address)
        if code is None:
            continue
        before = [last.get(cell_address(equation, cell, code)) for cell in equation.last]
        plus = [this.get(cell_address(equation, cell, code)) for cell in equation.plus]
        minus = [this.get(cell_address(equation, cell, code)) for cell in equation.minus]
        cells = [this[address], *before, *plus, *minus]
        known = [cell for cell in cells if cell is not None and cell[1] != "text"]
        actual = this[address][0]
        if len(known) < len(cells) or actual is None or before[0] is None or before[0][0] is None:
            continue
        expected = total(before) + total(plus) - total(minus)
        scope = "/".join(address[1:])
        yield CheckRow(equation.rule, scope, expected, actual, passed=expected == actual, severity="warning")


def same_code(equation: YearEquation, address: CellAddress) -> str | None:
    """The code that `*` stands for at this address, or None where the equation's total is another cell."""
    row, column = equation.total.split("/")
    if address[0] != equation.table:
        return None
    if row == SAME:
        return address[1] if column == address[2] else None
    return address[2] if row == address[1] and column in (SAME, address[2]) else None


def cell_address(equation: YearEquation, cell: str, code: str) -> CellAddress:
    row, column = cell.replace(SAME, code).split("/")
    return equation.table, row, column


def total(cells: Iterable[tuple[Decimal | None, str] | None]) -> Decimal:
    return sum((cell[0] for cell in cells if cell and cell[0] is not None), NOTHING)
