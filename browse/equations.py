"""A report's checks unfolded: which printed figures each of them adds up, and to what."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import RowMapping

from extract.forms.codebook import english_column, english_row
from extract.forms.model import Equation, Form, official_forms

Address = tuple[str, str, str]  # table, row and column
Cells = Mapping[Address, RowMapping]


@dataclass(frozen=True, slots=True)
class Term:
    """One figure of an equation, with the words beside it."""

    label: str
    cell: RowMapping


@dataclass(frozen=True, slots=True)
class Unfolded:
    """A check with its sums; both empty where the rule is no sum of this report's own cells."""

    check: RowMapping
    subject: str
    total: tuple[Term, ...] = ()
    parts: tuple[Term, ...] = ()

    @property
    def totals(self) -> tuple[Address, ...]:
        return tuple(address_of(term.cell) for term in self.total)


def address_of(cell: RowMapping) -> Address:
    return cell["table_code"], cell["row_code"], cell["col_code"]


def form_of(code: str) -> Form | None:
    return next((form for form in official_forms() if form.code == code), None)


def unfold(form_code: str, cells: Sequence[RowMapping], checks: Sequence[RowMapping]) -> list[Unfolded]:
    form = form_of(form_code)
    known = {address_of(cell): cell for cell in cells}
    return [unfold_one(form, known, check) for check in checks]


def unfold_one(form: Form | None, cells: Cells, check: RowMapping) -> Unfolded:
    subject = subject_of(form, check["rule"], check["scope"])
    for equation in form.equations_of(check["rule"]) if form else ():
        labels = labels_of(form, equation.table)
        for way in ways(equation, check["scope"], cells):
            total = tuple(terms(way, equation.total, cells, labels))
            parts = tuple(terms(way, equation.parts, cells, labels))
            if total and parts:
                return Unfolded(check, subject, total, parts)
    return Unfolded(check, subject)


def subject_of(form: Form | None, rule: str, scope: str) -> str:
    """What a check is about, in the words of the table that its rule is about."""
    tables = {each.rule: each.table for each in form.equations} if form else {}
    tables |= {each.rule: each.table for each in form.years} if form else {}
    table = tables.get(rule, "")
    labels = labels_of(form, table)
    return " · ".join(labels.get(code, code) for code in scope.split("/"))


Way = tuple[str, str, bool]  # table, what all cells share, and whether that is their row


def ways(equation: Equation, scope: str, cells: Cells) -> Iterator[Way]:
    """How the equation may run: along the row that the scope names, down its column, or down any column from
    the row of the total (extract/checks/sums.py).
    """
    yield equation.table, scope, True
    yield equation.table, scope, False
    if scope == equation.total[0]:
        for table, row, column in cells:
            if (table, row) == (equation.table, scope):
                yield equation.table, column, False


def terms(way: Way, codes: Sequence[str], cells: Cells, labels: Mapping[str, str]) -> Iterator[Term]:
    table, shared, is_row = way
    for code in codes:
        cell = cells.get((table, shared, code) if is_row else (table, code, shared))
        if cell is not None:
            yield Term(labels.get(code, code), cell)


def cell_words(form: Form | None, address: Address, language: str) -> str:
    """A cell's row and column: as the form prints them, or in English."""
    table, *codes = address
    labels = labels_of(form, table)
    if language == "en" and labels.keys() >= set(codes):
        return f"{english_row(table, codes[0])} · {english_column(table, codes[1])}"
    return " · ".join(labels.get(code, code) for code in codes)


@cache
def labels_of(form: Form | None, table: str = "") -> dict[str, str]:
    """The printed label of every row and column code of a table, of all where none is named."""
    found: dict[str, str] = {}
    for each, row, column in form.cells() if form else ():
        if table in ("", each.code):
            found |= {row.code: row.label, column.code: column.label}
    for alternate in form.alternates if form else ():
        if table in ("", alternate.table):
            found |= {row.code: row.label for row in alternate.rows}
    return found
