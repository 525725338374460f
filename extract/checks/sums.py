"""Holding a printed total against the sum of its parts: what the rules of addition have in common.

A blank part counts as nothing. A total that was not printed although its parts are, or was printed although
none of its parts is, contradicts nothing: it is a warning. Where a cell was not read, or holds words, nothing
can be said.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from extract.forms.model import Equation, Form, Table
from extract.result import Check, ReadCell, Severity

Line = Mapping[str, ReadCell]  # the cells that one equation is about, by the code that the equation uses
NOTHING = Decimal(0)


def along_rows(form: Form, rule: str, cells: Sequence[ReadCell]) -> Iterator[Check]:
    """The rule's equations over columns, held for every row; the scope is the row."""
    for equation in form.equations_of(rule):
        lines = grouped((cell.row, cell.column, cell) for cell in cells if cell.table == equation.table)
        for row in table_of(form, equation).rows:
            official = {column.code for column in row.columns}
            yield from hold(equation, row.code, lines.get(row.code, {}), official)


def along_columns(form: Form, rule: str, cells: Sequence[ReadCell]) -> Iterator[Check]:
    """The rule's equations over rows, held for every column; the scope is the column."""
    for equation in form.equations_of(rule):
        lines = grouped((cell.column, cell.row, cell) for cell in cells if cell.table == equation.table)
        rows = table_of(form, equation).rows
        official = {row.code for row in rows}
        for column in dict.fromkeys(column.code for row in rows for column in row.columns):
            yield from hold(equation, column, lines.get(column, {}), official)


def among_rows(form: Form, rule: str, cells: Sequence[ReadCell]) -> Iterator[Check]:
    """The rule's equations over rows, in every column; the scope is the row that holds the total."""
    for equation in form.equations_of(rule):
        lines = grouped((cell.column, cell.row, cell) for cell in cells if cell.table == equation.table)
        official = {row.code for row in table_of(form, equation).rows}
        for line in lines.values():
            yield from hold(equation, equation.total[0], line, official)


def hold(equation: Equation, scope: str, line: Line, official: set[str]) -> Iterator[Check]:
    """One equation against one line. Codes that the page's form does not have are no part of it."""
    parts = [code for code in equation.parts if code in official]
    if not all(code in line and line[code].state != "text" for code in (*equation.total, *parts)):
        return
    expected = added(line[code] for code in parts)
    actual = added(line[code] for code in equation.total)
    passed = (expected or NOTHING) == (actual or NOTHING)
    if expected is None and actual is None:
        return
    passed = passed and actual is not None
    severity: Severity = "warning" if not passed and None in (expected, actual) else "error"
    yield Check(equation.rule, scope, expected or NOTHING, actual, passed, severity)


def added(cells: Iterable[ReadCell]) -> Decimal | None:
    """The sum, or None where no number is printed at all."""
    numbers = [cell.value for cell in cells if cell.value is not None]
    return sum(numbers, NOTHING) if numbers else None


def grouped(cells: Iterable[tuple[str, str, ReadCell]]) -> dict[str, dict[str, ReadCell]]:
    lines: dict[str, dict[str, ReadCell]] = {}
    for scope, code, cell in cells:
        lines.setdefault(scope, {})[code] = cell
    return lines


def table_of(form: Form, equation: Equation) -> Table:
    return next(table for table in form.tables if table.code == equation.table)
