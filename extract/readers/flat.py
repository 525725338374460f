"""Tables that lost their grid: cells in reading order, one or several to a line, told from prose by shape.

Which labels a form has is for the forms to say. Here only the shape counts: a run of short lines with values
among them is a table; a sentence or a section heading ends it.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, pairwise, takewhile
from operator import itemgetter

from msgspec import Struct

from extract.document import Block, Cell, Grid, Prose
from extract.labels import ORDINAL
from extract.readers import lines
from extract.words import LONG, NOTE, is_section_heading, squeeze

FEWEST_VALUES = 2
TOGETHER = 3
"""Lines of nothing but values, or left open, one after the other, that no text has and a small table does."""
_LABEL = re.compile(f"{ORDINAL.pattern}|第二十条第")
LIST_HEADS = frozenset({"指标", "统计指标", "指标名称", "统计指标名称", "统计数"})


class Line(Struct, frozen=True, gc=False):
    """`cells` are as printed, `beyond` the empty ones at the end of a line with bars; `plain` is the whole
    line in the official wording, for judging only. A line without words has one empty cell.
    """

    cells: tuple[Cell, ...]
    plain: str
    barred: bool = False
    beyond: tuple[Cell, ...] = ()

    @property
    def is_blank(self) -> bool:
        return not self.plain

    @property
    def prose(self) -> Prose:
        first = self.cells[0]
        if len(self.cells) == 1:
            return Prose(first.text, first.place)
        return Prose(" ".join(cell.text for cell in self.cells), first.place.partition("/column")[0])


def read_line(number: int, line: str, wording: Callable[[str], str]) -> Line | None:
    """None for a line of nothing but bars: what is left of wide cells."""
    cells, beyond = (
        tuple(Cell(words, f"line:{number}/column:{column}") for column, words in found)
        for found in (lines.cells(line), lines.beyond(line))
    )
    if not cells and lines.has_bars(line.strip()[1:]):
        return None
    if not cells:
        return Line((Cell("", f"line:{number}/column:1"),), "", lines.has_bars(line))
    return Line(cells, wording(" ".join(cell.text for cell in cells)), lines.has_bars(line), beyond)


def is_sentence(line: Line) -> bool:
    if line.barred:
        return False
    plain = squeeze(line.plain)
    return len(plain) > LONG or "。" in plain or plain.endswith((":", ";", ","))


def _may_be_cells(read: Sequence[Line]) -> Iterator[bool]:
    """A heading ends a table, unless that is a list of indicators: there headings stand between the rows. A
    sentence ends it, unless that is a note under the figures.
    """
    is_list = is_under_values = False
    for line in read:
        words = [squeeze(cell.text) for cell in line.cells]
        is_list = is_list or not LIST_HEADS.isdisjoint(words)
        is_note = is_under_values and NOTE.match(line.plain) is not None
        is_cell = line.barred or is_note or not is_sentence(line)
        is_list = is_list and is_cell
        is_under_values = is_note or any(map(lines.is_value, words))
        yield is_cell and (is_list or line.barred or not is_section_heading(line.plain))


def values_in(line: Line) -> int:
    return sum([lines.is_value(squeeze(cell.text)) for cell in line.cells])


def blocks(read: Sequence[Line], fewest_values: int = FEWEST_VALUES) -> Iterator[Block]:
    """Under a table, and only a heading in between, fewer values are its next part."""
    is_under_table = False
    may_be_cells = list(_may_be_cells(read))
    is_spaced = _is_spaced(read, may_be_cells)
    for together, pairs in groupby(zip(may_be_cells, read, strict=True), key=itemgetter(0)):
        run = [line for _, line in pairs]
        if together:
            fewest = FEWEST_VALUES if is_under_table else fewest_values
            made = list(_table_or_prose(run, fewest, is_spaced=is_spaced))
            is_under_table = isinstance(made[-1], Grid) if made else is_under_table
            yield from made
        else:
            is_under_table = is_under_table and len(run) == 1 and is_section_heading(run[0].plain)
            yield from (line.prose for line in run)


def _is_spaced(read: Sequence[Line], may_be_cells: Sequence[bool]) -> bool:
    """Whether an empty line stands between two paragraphs: then one under a table is no cell of it."""
    between = zip(may_be_cells, read[1:], may_be_cells[2:], strict=False)
    return any(line.is_blank and not (before or after) for before, line, after in between)


def _table_or_prose(run: list[Line], fewest_values: int, *, is_spaced: bool) -> Iterator[Block]:
    """What follows the last value (a signature, a date) is prose again, but for the notes right under it, for
    lines whose values are all left empty, and for cells left empty at its end.
    """
    if sum(map(values_in, run)) < fewest_values and not has_together(run):
        yield from (line.prose for line in run if not line.is_blank)
        return
    last = max(at for at, line in enumerate(run) if values_in(line) or line.barred or is_open(line))
    last += sum(1 for _ in takewhile(lambda line: NOTE.match(line.plain), run[last + 1 :]))
    if not is_spaced:
        last += sum(1 for _ in takewhile(lambda line: line.is_blank, run[last + 1 :]))
    last += len(_labels_of_blanks(run[last + 1 :], is_spaced=is_spaced))
    rows = tuple(_rows(_without_spacing(run[: last + 1])))
    yield Grid(rows, rows[0][0].place, geometry=False)
    yield from (line.prose for line in run[last + 1 :] if not line.is_blank)


def _rows(table: Sequence[Line]) -> Iterator[tuple[Cell, ...]]:
    """Empty cells at the end of a row are cells as far as another row with bars has words there."""
    width = max((len(line.cells) for line in table if line.barred), default=0)
    for line in table:
        yield line.cells + line.beyond[: max(width - len(line.cells), 0)]


def _labels_of_blanks(rest: list[Line], *, is_spaced: bool) -> list[Line]:
    """The lines to the last empty one, where these stand behind labels; between paragraphs each is alone. One
    is enough behind what begins as only labels do.
    """
    behind = [at for at, line in enumerate(rest) if line.is_blank and at and not rest[at - 1].is_blank]
    is_row = not is_spaced and bool(rest) and _LABEL.match(rest[0].plain) is not None
    if len(behind) < (1 if is_row else FEWEST_VALUES) or all(
        before.is_blank or line.is_blank for before, line in pairwise(rest)
    ):
        return []
    return rest[: behind[-1] + 1]


def has_together(run: Sequence[Line]) -> bool:
    return any(is_all and len(list(those)) >= TOGETHER for is_all, those in groupby(run, key=is_values))


def is_values(line: Line) -> bool:
    return is_open(line) or (not line.is_blank and values_in(line) == len(line.cells))


def is_open(line: Line) -> bool:
    """A row with a cell left empty."""
    return len(line.cells) > 1 and not all(cell.text for cell in line.cells)


def _without_spacing(table: list[Line]) -> list[Line]:
    """A blank line is an empty cell, unless there is one after every line, or it stands before the first."""
    worded = [at for at, line in enumerate(table) if not line.is_blank]
    is_spaced = len(worded) > 1 and all(after - before > 1 for before, after in pairwise(worded))
    return [table[at] for at in worded] if is_spaced else table[worded[0] :]
