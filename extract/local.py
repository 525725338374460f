"""Tables of the bodies' own, kept whole: every cell with its place and the words that say what it is.

Before 2014 each province had its own table, and many still print one beside the official ones. No form says
what their cells mean; the labels beside and above a cell do.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile, zip_longest

from extract.alignment.ledger import is_value
from extract.document import Cell, Grid, distinct
from extract.result import LocalCell
from extract.values import read_value

STEP = " / "
GridRow = Sequence[Cell | None]


def local_cells(grids: Iterable[Grid]) -> tuple[LocalCell, ...]:
    return tuple(cell for number, grid in enumerate(grids, 1) for cell in cells_of(grid, number))


def cells_of(grid: Grid, number: int) -> Iterator[LocalCell]:
    """Each cell once, where it first stands."""
    seen: set[int] = set()
    labels = placed_labels(grid) if grid.geometry else run_labels(grid)
    for row, line in enumerate(grid.rows, 1):
        for column, cell in enumerate(line, 1):
            if cell is not None and id(cell) not in seen:
                seen.add(id(cell))
                label, value = labels.get(id(cell), ""), read_value(cell.text).number
                yield LocalCell(number, row, column, label, cell.text, value, cell.place)


def placed_labels(grid: Grid) -> dict[int, str]:
    """What the values of a table are called: by the words to their left, then by those of the header."""
    header = list(takewhile(is_header, grid.rows))
    above = [words_of(column) for column in zip_longest(*header)]
    labels: dict[int, str] = {}
    for row in grid.rows[len(header) :]:
        beside: dict[int, str] = {}  # the words so far, by the cell they are in
        before = None
        for column, cell in enumerate(row):
            if cell is None or cell is before:
                continue
            before = cell
            if not is_value(cell):
                beside[id(cell)] = cell.text
            elif id(cell) not in labels:
                over = above[column] if column < len(above) else []
                labels[id(cell)] = STEP.join((*beside.values(), *over))
    return labels


def words_of(cells: Iterable[Cell | None]) -> list[str]:
    return [cell.text for cell in distinct(cells) if cell.text]


def run_labels(grid: Grid) -> dict[int, str]:
    """Where only the order is known, the last words before a value say what it is."""
    labels: dict[int, str] = {}
    word = ""
    for cell in grid.cells():
        if is_value(cell):
            labels[id(cell)] = word
        else:
            word = cell.text
    return labels


def is_header(row: GridRow) -> bool:
    return not any(cell is not None and cell.text and is_value(cell) for cell in row)
