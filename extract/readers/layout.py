"""Cells that know their row, column and spans, laid out as a grid."""

from collections.abc import Sequence

from extract.document import Cell, Grid

WIDEST, TALLEST = 400, 20_000
"""Columns and rows of a grid; what is declared beyond them holds nothing that a report prints."""
MOST_SLOTS = 400_000


def laid_out(cells: Sequence[Cell], place: str) -> Grid:
    """Where two cells claim one slot the first keeps it; no cell is lost unless it lies beyond the limits."""
    height = min(max((cell.row + cell.row_span for cell in cells), default=0), TALLEST)
    width = min(max((cell.column + cell.column_span for cell in cells), default=0), WIDEST)
    if height * width > MOST_SLOTS:
        width = max(MOST_SLOTS // height, 1)
    rows: list[list[Cell | None]] = [[None] * width for _ in range(height)]
    for cell in cells:
        for row in rows[cell.row : cell.row + cell.row_span]:
            for column in range(cell.column, min(cell.column + cell.column_span, width)):
                row[column] = row[column] or cell
    return Grid(tuple(map(tuple, rows)), place)
