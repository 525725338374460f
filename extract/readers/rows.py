"""A sheet's cells, row by row, told apart as tables and as the lines of text around them."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from extract.document import Cell, Grid
from extract.readers.layout import laid_out
from extract.words import LONG, is_section_heading

LONGEST_LABEL = 12
"""Characters of what may stand alone in the first row of a table (第二十条第（一）项); a title has more."""


def pieces(cells: Iterable[Cell]) -> Iterator[Cell | Grid]:
    """The rows of a sheet as tables, with the lines of text above, between and below them as paragraphs."""
    table: list[list[Cell]] = []
    for _, together in groupby(cells, key=attrgetter("row")):
        row = list(together)
        filled = [cell for cell in row if cell.text]
        if len(filled) == 1 and is_line(filled[0].text, is_first=not any(map(is_wide, table))):
            yield from table_or_lines(table)
            table = []
            yield filled[0]
        else:
            table.append(row)
    yield from table_or_lines(table)


def is_line(text: str, *, is_first: bool) -> bool:
    """Whether what stands alone in its row is no row of a table; above a table only labels are short."""
    return is_section_heading(text) or "。" in text or len(text) > (LONGEST_LABEL if is_first else LONG)


def is_wide(row: Sequence[Cell]) -> bool:
    return sum(bool(cell.text) for cell in row) > 1


def table_or_lines(rows: Sequence[Sequence[Cell]]) -> Iterator[Cell | Grid]:
    """The rows as one grid from its first filled row and column to its last."""
    filled = [cell for row in rows for cell in row if cell.text]
    if not any(map(is_wide, rows)):
        yield from filled
        return
    top, left = filled[0].row, min(cell.column for cell in filled)
    right, bottom = max(cell.column for cell in filled), filled[-1].row
    kept = [cell for row in rows for cell in row if cell.row <= bottom and left <= cell.column <= right]
    moved = [cell._replace(row=cell.row - top, column=cell.column - left) for cell in kept if cell.row >= top]
    yield laid_out(moved, filled[0].place)
