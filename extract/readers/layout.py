"""What the readers of office files share: cells laid out as a grid, paragraphs and grids as blocks."""

from collections.abc import Iterable, Iterator, Sequence

from extract.document import Block, Cell, Grid
from extract.readers import flat
from extract.readers.formats import NotReadable

MOST_SLOTS = 100_000
"""Rows times columns. The largest official table has 15 columns and 40 rows."""


def laid_out(cells: Sequence[Cell], place: str) -> Grid:
    """Where two cells claim one slot the first keeps it. NotReadable for a table too large to print."""
    height = max((cell.row + cell.row_span for cell in cells), default=0)
    width = max((cell.column + cell.column_span for cell in cells), default=0)
    if height * width > MOST_SLOTS:
        raise NotReadable(f"{place}: a table of {height} rows and {width} columns")
    rows: list[list[Cell | None]] = [[None] * width for _ in range(height)]
    for cell in cells:
        for row in rows[cell.row : cell.row + cell.row_span]:
            for column in range(cell.column, cell.column + cell.column_span):
                row[column] = row[column] or cell
    return Grid(tuple(map(tuple, rows)), place)


FEWEST_FLAT_VALUES = 6
"""Fewer values in a run of short paragraphs are no flattened table, but numbers that a text also has."""


def in_order(pieces: Iterable[Cell | Grid]) -> Iterator[Block]:
    """Paragraphs (each a cell of its own) and tables to blocks: between two tables there is prose, or another
    table that lost its lines.
    """
    between: list[flat.Line] = []
    for piece in pieces:
        if isinstance(piece, Cell):
            between.append(flat.Line((piece,), piece.text))
        else:
            yield from flat.blocks(between, FEWEST_FLAT_VALUES)
            between = []
            yield piece
    yield from flat.blocks(between, FEWEST_FLAT_VALUES)
