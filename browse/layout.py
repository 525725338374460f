"""A report's cells laid out as the official form prints them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import RowMapping

from extract.forms.model import Column, Form, Row, Table, official_forms


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a block. `group_span` is how many lines its group label covers, 0 on those that follow."""

    row: Row
    group: str
    group_span: int
    cells: tuple[RowMapping | None, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Lines under one heading row of columns."""

    caption: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class LaidOut:
    table: Table
    blocks: tuple[Block, ...]
    wrong: frozenset[tuple[str, str]]  # (row, column) of printed numbers that fail a check

    def is_wrong(self, row: str, column: str) -> bool:
        return (row, column) in self.wrong


def laid_out(form_code: str, cells: Sequence[RowMapping], checks: Sequence[RowMapping]) -> list[LaidOut]:
    """The tables of the report's form, filled; none where it has no official form."""
    form = next((form for form in official_forms() if form.code == form_code), None)
    if form is None or not cells:
        return []
    found = {(cell["table_code"], cell["row_code"], cell["col_code"]): cell for cell in cells}
    form = as_printed(form, {row for _, row, _ in found})
    wrong = frozenset(wrong_cells(checks))
    return [LaidOut(table, tuple(blocks_of(table, found)), wrong) for table in form.tables]


def as_printed(form: Form, rows: set[str]) -> Form:
    """The form with the alternate rows that this report printed."""
    for alternate in form.alternates:
        if {row.code for row in alternate.rows} & rows:
            form = form.with_alternate(alternate)
    return form


def blocks_of(table: Table, found: dict[tuple[str, str, str], Any]) -> Iterable[Block]:
    """One block where all rows have the same columns; else one for each group, under its own heading."""
    is_one = len({row.columns for row in table.rows}) == 1
    for group, members in groupby(table.rows, key=lambda row: "" if is_one else row.group):
        rows = list(members)
        lines = tuple(lines_of(table, rows, found, with_groups=is_one and table.layout == "rows"))
        yield Block(group, rows[0].columns, lines)


def lines_of(
    table: Table, rows: list[Row], found: dict[tuple[str, str, str], Any], *, with_groups: bool
) -> Iterable[Line]:
    for group, members in groupby(rows, key=lambda row: row.group if with_groups else ""):
        run = list(members)
        for place, row in enumerate(run):
            span = len(run) if group and place == 0 else 0
            cells = tuple(found.get((table.code, row.code, column.code)) for column in row.columns)
            yield Line(row, group, span, cells)


def wrong_cells(checks: Sequence[RowMapping]) -> Iterable[tuple[str, str]]:
    """Where to put the mark of a failed check: at the total that was printed."""
    for check in checks:
        if check["passed"] or check["severity"] != "error":
            continue
        if check["rule"] in {"row_total", "proceedings_total"}:
            yield check["scope"], "total"
        elif check["rule"] == "column_total":
            yield "handled_total", check["scope"]
        elif check["rule"] == "balance":
            yield "carried_out", check["scope"]


def labels_of(form_code: str) -> dict[str, str]:
    """The printed label of every row and column code, for saying which of them a check is about."""
    form = next((form for form in official_forms() if form.code == form_code), None)
    cells = form.cells() if form else ()
    return {code: label for _, row, column in cells for code, label in pairs(row, column)}


def pairs(row: Row, column: Column) -> tuple[tuple[str, str], tuple[str, str]]:
    return (row.code, row.label), (column.code, column.label)
