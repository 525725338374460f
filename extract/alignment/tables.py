"""Reading a grid whose geometry is known: rows by their labels, columns by the header stacked above them."""

from collections.abc import Callable, Sequence

from extract.alignment.assign import Head, Target, assign
from extract.alignment.ledger import Ledger, distinct, is_value
from extract.document import Cell, Grid
from extract.forms.vocabulary import Entry, Vocabulary

GridRow = tuple[Cell | None, ...]
Stack = tuple[list[Cell], int, int]  # header cells from the top down, first slot, slot after the last


class Header:
    """The run of header rows above the lines being read. A header row after a line begins a new run."""

    def __init__(self) -> None:
        self.rows: list[GridRow] = []
        self.is_open = False
        self._stacks: list[Stack] | None = None

    def add(self, row: GridRow) -> None:
        if not self.is_open:
            self.rows.clear()
        self.is_open = True
        self.rows.append(row)
        self._stacks = None

    def close(self) -> None:
        self.is_open = False

    def turn_to(self, grid: Grid) -> None:
        """Forget the header unless the grid could be the rest of its table."""
        if self.width != width_of(grid):
            self.rows.clear()
            self.is_open = False
            self._stacks = None

    def goes_on_in(self, grid: Grid) -> bool:
        """Whether the grid is the values of a header that was the end of the grid before."""
        return self.is_open and self.width == width_of(grid) and all(map(is_value, grid.cells()))

    @property
    def width(self) -> int:
        return max(map(len, self.rows), default=0)

    def stacks(self) -> list[Stack]:
        """The header cells over each run of slots that ends in the same lowest cell, from the top down."""
        if self._stacks is None:
            self._stacks = self._stack_up()
        return self._stacks

    def _stack_up(self) -> list[Stack]:
        found: list[Stack] = []
        for slot in range(self.width):
            stack = distinct(row[slot] for row in self.rows if slot < len(row))
            if stack and found and found[-1][0][-1] is stack[-1]:
                found[-1] = (found[-1][0], found[-1][1], slot + 1)
            elif stack:
                found.append((stack, slot, slot + 1))
        return found


def read_table(grid: Grid, header: Header, ledger: Ledger) -> None:
    """Write down every line of the grid that belongs to the ledger's form."""
    header.turn_to(grid)
    above: set[int] = set()
    for row in grid.rows:
        cells = distinct(row)
        fresh = [cell for cell in cells if id(cell) not in above]
        read_row(row, cells, fresh, header, ledger)
        above = {id(cell) for cell in cells}


def width_of(grid: Grid) -> int:
    return max(map(len, grid.rows), default=0)


def read_row(row: GridRow, cells: list[Cell], fresh: list[Cell], header: Header, ledger: Ledger) -> None:
    vocabulary = ledger.vocabulary
    label = find_label(cells, ledger)
    if label is not None:
        read_line(cells, fresh, *label, header, ledger)
        header.close()
    elif is_line_across(fresh, header, vocabulary):
        read_line_across(fresh, header, ledger)
        header.close()
    elif is_header(cells, header, ledger):
        header.add(row)
        mark_header(fresh, ledger)
    elif any(is_value(cell) and cell.text for cell in fresh):
        ledger.find("unknown_row", " | ".join(cell.text for cell in cells), cells[0])
        header.close()


def find_label(cells: Sequence[Cell], ledger: Ledger) -> tuple[int, Entry] | None:
    """Where the row's own label stands and which row of the form it names.

    The rightmost known label counts (groups stand to its left); text to the right of it is compared for
    likeness, so that a misspelt label under a known group is not taken for the group.
    """
    known = None
    for index, cell in enumerate(cells):
        if cell.text and (entries := ledger.vocabulary.row(cell.text)):
            known = index, ledger.next_entry(entries)
    for index in range(known[0] + 1 if known else 0, len(cells)):
        text = cells[index].text
        if text and not is_value(cells[index]) and (entries := ledger.vocabulary.row_like(text)):
            ledger.find("label_corrected", f"{text} → {entries[0].row.label}", cells[index])
            return index, ledger.next_entry(entries)
    return known


def read_line(
    cells: list[Cell], fresh: list[Cell], index: int, entry: Entry, header: Header, ledger: Ledger
) -> None:
    """The values are the row's own cells to the right of its label, blank ones too."""
    ledger.mark_label(*(cell for cell in cells[:index] if ledger.vocabulary.is_heading(cell.text)))
    values = [cell for cell in cells[index + 1 :] if any(cell is own for own in fresh)]
    targets = [(entry.row.code, column.code) for column in entry.row.columns]
    if not any(cell.text for cell in values) and len(values) < len(targets):
        return ledger.mark_label(cells[index])
    if len(values) > len(targets) and values[0].text and not is_value(values[0]):
        return ledger.find("unknown_row", " | ".join(cell.text for cell in cells), cells[index])
    heads = [
        head for head in heads_of(header, ledger, down_target(entry, ledger.vocabulary)) if head.start > 0
    ]
    return ledger.write(entry, cells[index], values, assign(targets, values, heads))


def is_line_across(cells: Sequence[Cell], header: Header, vocabulary: Vocabulary) -> bool:
    """Whether the row is the one line of values under a header of rows that stand side by side."""
    if not all(map(is_value, cells)) or not across_entries(header, vocabulary):
        return False
    return any(cell.text for cell in cells) or len(cells) == len(across_targets(header, vocabulary))


def read_line_across(values: list[Cell], header: Header, ledger: Ledger) -> None:
    entry = across_entries(header, ledger.vocabulary)[0]
    heads = heads_of(header, ledger, across_target(entry, ledger.vocabulary))
    targets = across_targets(header, ledger.vocabulary)
    ledger.write(entry, header.stacks()[0][0][0], values, assign(targets, values, heads))


def across_entries(header: Header, vocabulary: Vocabulary) -> list[Entry]:
    """The form's side-by-side rows of the table that the header names one of."""
    named = (vocabulary.across_entry(cell.text) for row in header.rows for cell in distinct(row))
    entry = next((entry for entry in named if entry), None)
    return [other for other in vocabulary.across.values() if entry and other.table is entry.table]


def across_targets(header: Header, vocabulary: Vocabulary) -> list[Target]:
    entries = across_entries(header, vocabulary)
    return [(entry.row.code, column.code) for entry in entries for column in entry.row.columns]


def is_header(cells: Sequence[Cell], header: Header, ledger: Ledger) -> bool:
    """A row with a known word, or one of words only that continues a header."""
    if any(ledger.vocabulary.is_heading(cell.text) or ledger.is_foreign(cell.text) for cell in cells):
        return True
    return header.is_open and not any(cell.text and is_value(cell) for cell in cells)


def mark_header(cells: Sequence[Cell], ledger: Ledger) -> None:
    for cell in cells:
        if ledger.vocabulary.is_heading(cell.text):
            ledger.mark_heading(cell)


def heads_of(header: Header, ledger: Ledger, target_of: Callable[[list[Cell]], Target | None]) -> list[Head]:
    return [
        Head(target_of(stack), start, stop, is_foreign=ledger.is_foreign(stack[-1].text))
        for stack, start, stop in header.stacks()
    ]


def down_target(entry: Entry, vocabulary: Vocabulary) -> Callable[[list[Cell]], Target | None]:
    """For a line of one row: a stack of header cells → that row's column."""
    codes = {column.code for column in entry.row.columns}

    def target(stack: list[Cell]) -> Target | None:
        column = lowest_column(stack, entry.table.code, vocabulary)
        return (entry.row.code, column) if column in codes else None

    return target


def across_target(entry: Entry, vocabulary: Vocabulary) -> Callable[[list[Cell]], Target | None]:
    """For a line of several rows: a stack of header cells → the row and the column it names."""

    def target(stack: list[Cell]) -> Target | None:
        column = lowest_column(stack, entry.table.code, vocabulary)
        rows = [found.row.code for cell in stack if (found := vocabulary.across_entry(cell.text))]
        return (rows[-1], column) if rows and column else None

    return target


def lowest_column(stack: Sequence[Cell], table: str, vocabulary: Vocabulary) -> str:
    return next(filter(None, (vocabulary.column(table, cell.text) for cell in reversed(stack))), "")
