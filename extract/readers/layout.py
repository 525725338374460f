"""Cells that know their row, column and spans, laid out as a grid."""

from collections.abc import Sequence

from extract.document import Cell, Grid
from extract.readers.formats import NotReadable

MOST_SLOTS = 400_000
"""Rows times columns. The largest official table has 15 columns and 40 rows."""


def laid_out(cells: Sequence[Cell], place: str) -> Grid:
    """Where two cells claim one slot the first keeps it. Raises NotReadable for a table too large to print."""
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
