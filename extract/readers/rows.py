"""A sheet's cells, row by row, told apart as tables and as the lines of text around them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from operator import attrgetter

from msgspec import structs

from extract.document import Cell, Grid
from extract.labels import ORDINAL
from extract.readers.layout import laid_out
from extract.sections import printed_number
from extract.words import LONG, NOTE, is_section_heading, squeeze, starts_official_section

LONGEST_LABEL = 12
"""Characters of what may stand alone in the first row of a table (第二十条第（一）项); a title has more."""
_DATE = re.compile(r"[\d〇○零一二三四五六七八九十]{4}\s*年.{1,3}月.{1,3}日")

Row = list[Cell]


def pieces(cells: Iterable[Cell]) -> Iterator[Cell | Grid]:
    """The rows of a sheet as tables, with the lines of text above, between and below them as paragraphs."""
    rows = [list(together) for _, together in groupby(cells, key=attrgetter("row"))]
    filled = [row for row in rows if any(cell.text for cell in row)]
    below = {id(row): words_of(after) for row, after in pairwise(filled)}
    table: list[Row] = []
    section = 0  # the number of the last heading
    for row in rows:
        lines = lines_in(row, below.get(id(row), []), section, is_first=not any(map(is_wide, table)))
        section = next((number for line in lines if (number := printed_number(line.text))), section)
        if lines and lines == words_of(row):
            yield from table_or_lines(table)
            yield from lines
            table = []
        else:
            yield from lines
            table.append([cell for cell in row if cell not in lines])
    yield from table_or_lines(table)


def lines_in(row: Row, below: Row, section: int, *, is_first: bool) -> Row:
    """The cells of a row that are lines of text: what stands alone, and a heading to the right of all others,
    where an import of HTML puts it whose tables reach too far down.
    """
    words = words_of(row)
    if len(words) == 1:
        return words if is_line(words[0].text, below, section, is_first=is_first) else []
    return [
        cell
        for cell in words[-1:]
        if starts_official_section(squeeze(cell.text)) and printed_number(cell.text) == section + 1
    ]


def words_of(row: Iterable[Cell]) -> Row:
    return [cell for cell in row if cell.text]


def is_line(text: str, below: Row, section: int, *, is_first: bool) -> bool:
    """Whether what stands alone in its row, in a section, is no row of a table; above a table only labels are
    short. A heading in a table that does not count on is the table's own, and so is a note under it.
    """
    if is_section_heading(text):
        return is_first or not section or printed_number(text) == section + 1
    if NOTE.match(text) and not is_first:
        return False
    return "。" in text or len(text) > (LONGEST_LABEL if is_first else LONG) or is_signature(text, below)


def is_signature(text: str, below: Row) -> bool:
    """A date alone in its row, or the body above it."""
    is_over_date = len(below) == 1 and _DATE.fullmatch(below[0].text) is not None
    return _DATE.fullmatch(text) is not None or (is_over_date and not ORDINAL.match(text))


def is_wide(row: Sequence[Cell]) -> bool:
    return len(words_of(row)) > 1


def table_or_lines(rows: Sequence[Row]) -> Iterator[Cell | Grid]:
    """The rows as one grid from its first filled row and column to its last."""
    filled = [cell for row in rows for cell in row if cell.text]
    if not any(map(is_wide, rows)):
        yield from filled
        return
    top, left = filled[0].row, min(cell.column for cell in filled)
    right, bottom = max(cell.column for cell in filled), filled[-1].row
    kept = [cell for row in rows for cell in row if cell.row <= bottom and left <= cell.column <= right]
    moved = [
        structs.replace(cell, row=cell.row - top, column=cell.column - left)
        for cell in kept
        if cell.row >= top
    ]
    yield laid_out(moved, filled[0].place)
