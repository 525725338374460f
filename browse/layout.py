"""A report's cells laid out as the official form prints them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import RowMapping

from browse.equations import Address, Unfolded, form_of, unfold
from extract.forms.model import Column, Form, Row, Table


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
    wrong: frozenset[Address]  # printed totals that fail a check
    right: frozenset[Address]  # printed totals that pass all of theirs

    def is_wrong(self, row: str, column: str) -> bool:
        return (self.table.code, row, column) in self.wrong

    def is_right(self, row: str, column: str) -> bool:
        return (self.table.code, row, column) in self.right


def laid_out(form_code: str, cells: Sequence[RowMapping], checks: Sequence[RowMapping]) -> list[LaidOut]:
    """The tables of the report's form, filled; none where it has no official form."""
    form = form_of(form_code)
    if form is None or not cells:
        return []
    found = {(cell["table_code"], cell["row_code"], cell["col_code"]): cell for cell in cells}
    form = as_printed(form, {row for _, row, _ in found})
    wrong, right = judged(unfold(form_code, cells, checks))
    return [LaidOut(table, tuple(blocks_of(table, found)), wrong, right) for table in form.tables]


def judged(checks: Sequence[Unfolded]) -> tuple[frozenset[Address], frozenset[Address]]:
    """The totals that fail a check, and those that pass all of theirs."""
    held = [each for each in checks if each.check["severity"] == "error"]
    wrong = frozenset(at for each in held if not each.check["passed"] for at in each.totals)
    return wrong, frozenset(at for each in held for at in each.totals) - wrong


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
