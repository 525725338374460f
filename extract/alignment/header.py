"""The header rows above the lines being read, and what official cells they head."""

from collections.abc import Iterator, Sequence
from itertools import pairwise, zip_longest

from extract.alignment.assign import Head, Target
from extract.alignment.ledger import Ledger, is_value
from extract.document import Cell, Grid, distinct
from extract.forms.vocabulary import Entry

GridRow = tuple[Cell | None, ...]
Stack = tuple[list[Cell], int, int]  # header cells from the top down, first slot, slot after the last


TALLEST = 8  # rows of a header; the official ones have 3, and a caption above


class Header:
    """One run of header rows. A header row after a line begins a new run; a table that a page break cut goes
    on under the header of the grid before it.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.is_open = False
        self.number = 0  # changes with every row of a header
        self._ledger = ledger
        self._rows: list[GridRow] = []
        self._found: list[Stack] | None = None  # the stacks of the rows, once asked for
        self._columns: dict[str, list[tuple[str, Stack]]] = {}  # by table, as asked for
        self._plain: dict[int, bool] = {}  # by the columns of a row, as asked for
        self._ragged: bool | None = None  # once asked for

    @property
    def width(self) -> int:
        return max(map(len, self._rows), default=0)

    @property
    def is_ragged(self) -> bool:
        if self._ragged is None:
            self._ragged = is_ragged(self._rows)
        return self._ragged

    @property
    def is_gappy(self) -> bool:
        """Whether a blank stands where a label should."""
        return any(not cell.text for stack, _, _ in self._stacks for cell in stack)

    @property
    def _stacks(self) -> list[Stack]:
        if self._found is None:
            self._found = list(stacks_of(self._rows))
        return self._found

    def add(self, row: GridRow) -> None:
        self._hold([*self._rows[1 - TALLEST :], row] if self.is_open else [row])
        self.is_open = True

    def close(self) -> None:
        self.is_open = False

    def turn_to(self, grid: Grid) -> None:
        """Forget the header unless the grid could be the rest of its table."""
        if self.width != width_of(grid):
            self._hold([])
            self.is_open = False

    def goes_on_in(self, grid: Grid) -> bool:
        """Whether the grid is the values of a header that was the end of the grid before."""
        return self.is_open and self.width == width_of(grid) and all(map(is_value, grid.cells()))

    def is_plain(self, entry: Entry) -> bool:
        """Whether exactly the columns of the row are named, in the form's order and by the form's words."""
        columns = entry.row.columns  # one tuple for all rows of a block
        if id(columns) not in self._plain:
            over = [(column, stack) for column, stack in self._columns_of(entry.table.code) if stack[1] > 0]
            is_official = [column for column, _ in over] == [column.code for column in columns]
            is_foreign = any(self._ledger.is_foreign(stack[0][-1].text) for _, stack in over)
            self._plain[id(columns)] = is_official and not is_foreign and not self.is_ragged
        return self._plain[id(columns)]

    def heads(self, entry: Entry) -> list[Head]:
        """The heads over the values of one row; what stands over its labels is left out."""
        row, official = entry.row.code, {column.code for column in entry.row.columns}
        return [
            self._head(stack, (row, column) if column in official else None)
            for column, stack in self._columns_of(entry.table.code)
            if stack[1] > 0
        ]

    def heads_across(self, table: str, targets: Sequence[Target]) -> list[Head]:
        """The heads over the one line of a table whose rows stand side by side. Where the wide cells above do
        not name each target once, the columns below them do, if all are there in the form's order.
        """
        columns = self._columns_of(table)
        heads = [
            self._head(stack, (row, column) if (row := self._row_over(stack)) and column else None)
            for column, stack in columns
        ]
        is_plain = sorted(head.target for head in heads if head.target) == sorted(targets)
        if is_plain or [column for column, _ in columns if column] != [column for _, column in targets]:
            return heads
        order = iter(targets)
        return [self._head(stack, next(order) if column else None) for column, stack in columns]

    def across(self) -> tuple[Cell, list[Entry]] | None:
        """The form's side-by-side rows if the header names one of them, and the cell that does."""
        vocabulary = self._ledger.vocabulary
        for cell in (cell for stack, _, _ in self._stacks for cell in stack):
            if named := vocabulary.across_entry(cell.text):
                return cell, [entry for entry in vocabulary.across.values() if entry.table is named.table]
        return None

    def _hold(self, rows: list[GridRow]) -> None:
        self.number += 1
        self._rows, self._found = rows, None
        self._columns, self._plain, self._ragged = {}, {}, None

    def _head(self, stack: Stack, target: Target | None) -> Head:
        cells, start, stop = stack
        text = cells[-1].text
        return Head(target, start, stop, self._ledger.is_foreign(text), is_blank=not text)

    def _columns_of(self, table: str) -> list[tuple[str, Stack]]:
        """The code of the lowest column named in each stack, or empty."""
        if table not in self._columns:
            self._columns[table] = [(self._column_over(stack, table), stack) for stack in self._stacks]
        return self._columns[table]

    def _column_over(self, stack: Stack, table: str) -> str:
        codes = (self._ledger.vocabulary.column(table, cell.text) for cell in reversed(stack[0]))
        return next(filter(None, codes), "")

    def _row_over(self, stack: Stack) -> str:
        entries = (self._ledger.vocabulary.across_entry(cell.text) for cell in reversed(stack[0]))
        return next((entry.row.code for entry in entries if entry), "")


def stacks_of(rows: list[GridRow]) -> Iterator[Stack]:
    """The cells over each run of slots that ends in the same lowest cell."""
    stack: list[Cell] = []
    start = end = 0
    for end, slots in enumerate(zip_longest(*rows)):
        over = distinct(slots)
        if not stack or not over or over[-1] is not stack[-1]:
            if stack:
                yield stack, start, end
            stack, start = over, end
    if stack:
        yield stack, start, end + 1


def is_ragged(rows: list[GridRow]) -> bool:
    """Whether a cell hangs below a row that has ended: spans that disagree shift what stands beside."""
    return any(
        has_slot(below, slot) and not has_slot(above, slot)
        for above, below in pairwise(rows)
        if None in above or len(above) < len(below)
        for slot in range(len(below))
    )


def has_slot(row: GridRow, slot: int) -> bool:
    return slot < len(row) and row[slot] is not None


def width_of(grid: Grid) -> int:
    return max(map(len, grid.rows), default=0)
