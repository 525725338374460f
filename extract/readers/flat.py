"""Tables that lost their grid: cells in reading order, one or several to a line, told from prose by shape.

Which labels a form has is for the forms to say. Here only the shape counts: a run of short lines with values
among them is a table; a sentence or a section heading ends it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter

from extract.document import Block, Cell, Grid, Prose
from extract.readers import lines
from extract.words import LONG, is_section_heading, squeeze

FEWEST_VALUES = 2
LIST_HEADS = frozenset({"指标", "统计指标", "指标名称", "统计指标名称"})


@dataclass(frozen=True, slots=True)
class Line:
    """`cells` are as printed; `plain` is the whole line in the official wording, for judging only. A line
    without words has one empty cell.
    """

    cells: tuple[Cell, ...]
    plain: str
    barred: bool = False

    @property
    def is_blank(self) -> bool:
        return not self.plain

    @property
    def prose(self) -> Prose:
        first = self.cells[0].place
        place = first if len(self.cells) == 1 else first.partition("/column")[0]
        return Prose(" ".join(cell.text for cell in self.cells), place)


def read_line(number: int, line: str, wording: Callable[[str], str]) -> Line | None:
    """None for a line of nothing but bars: what is left of wide cells."""
    cells = tuple(Cell(words, f"line:{number}/column:{column}") for column, words in lines.cells(line))
    if not cells and lines.has_bars(line.strip()[1:]):
        return None
    if not cells:
        return Line((Cell("", f"line:{number}/column:1"),), "", lines.has_bars(line))
    return Line(cells, wording(" ".join(cell.text for cell in cells)), lines.has_bars(line))


def is_sentence(line: Line) -> bool:
    if line.barred:
        return False
    plain = squeeze(line.plain)
    return len(plain) > LONG or "。" in plain or plain.endswith((":", ";", ","))


def _may_be_cells(read: Sequence[Line]) -> Iterator[bool]:
    """A heading ends a table, unless that is a list of indicators: there headings stand between the rows."""
    is_list = False
    for line in read:
        is_list = is_list or squeeze(line.cells[0].text) in LIST_HEADS
        is_cell = line.barred or not is_sentence(line)
        is_list = is_list and is_cell
        yield is_cell and (is_list or line.barred or not is_section_heading(line.plain))


def values_in(line: Line) -> int:
    return sum(lines.is_value(squeeze(cell.text)) for cell in line.cells)


def blocks(read: Sequence[Line], fewest_values: int = FEWEST_VALUES) -> Iterator[Block]:
    """Under a table, and only a heading in between, fewer values are its next part."""
    is_under_table = False
    for together, pairs in groupby(zip(_may_be_cells(read), read, strict=True), key=itemgetter(0)):
        run = [line for _, line in pairs]
        if together:
            made = list(_table_or_prose(run, FEWEST_VALUES if is_under_table else fewest_values))
            is_under_table = isinstance(made[-1], Grid) if made else is_under_table
            yield from made
        else:
            is_under_table = is_under_table and len(run) == 1 and is_section_heading(run[0].plain)
            yield from (line.prose for line in run)


def _table_or_prose(run: list[Line], fewest_values: int) -> Iterator[Block]:
    """What follows the last value (a signature, a date) is prose again."""
    if sum(map(values_in, run)) < fewest_values:
        yield from (line.prose for line in run if not line.is_blank)
        return
    last = max(at for at, line in enumerate(run) if values_in(line) or line.barred)
    table = _without_spacing(run[: last + 1])
    yield Grid(tuple(line.cells for line in table), table[0].cells[0].place, geometry=False)
    yield from (line.prose for line in run[last + 1 :] if not line.is_blank)


def _without_spacing(table: list[Line]) -> list[Line]:
    """A blank line is an empty cell, unless there is one after every line, or it stands before the first."""
    worded = [at for at, line in enumerate(table) if not line.is_blank]
    is_spaced = len(worded) > 1 and all(after - before > 1 for before, after in pairwise(worded))
    return [table[at] for at in worded] if is_spaced else table[worded[0] :]
