"""A table as one page shows it, and as a whole again where page breaks cut it."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from msgspec import structs

from extract.document import Cell, Grid
from extract.labels import ORDINAL, key
from extract.readers.boxes import JOINT, Box, place
from extract.readers.glyphs import Glyph, fills, joined, joined_lines, lines
from extract.readers.ruling import SAME, Frame, are_same_edges

MOST_ROWS = 300
"""A table with more is no form's, and joining it further only costs."""
_VALUE = re.compile(r"[\d.,\s/—-]+")


@dataclass(frozen=True, slots=True)
class Drawn:
    """`xs` are the lines between columns, in points; `full` are the cells whose last line of text has no room
    for a further sign, so that a page break may have cut it.
    """

    xs: tuple[float, ...]
    rows: int
    cells: tuple[Cell, ...]
    full: frozenset[Cell] = frozenset()

    def starting(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.row == 0]

    def ending(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.row + cell.row_span == self.rows]


def draw(page: int, frame: Frame, glyphs: Iterable[Glyph], doubtful: Sequence[Box] = ()) -> Drawn:
    """The frame's cells with the signs (all inside the frame) that stand in them. What stands beside a
    doubtful line is not certain.
    """
    owners = {
        (row, column): number
        for number, span in enumerate(frame.spans)
        for row in range(span.row, span.row + span.down)
        for column in range(span.column, span.column + span.across)
    }
    held: list[list[Glyph]] = [[] for _ in frame.spans]
    for glyph in glyphs:
        row = bisect_right(frame.ys, (glyph.y0 + glyph.y1) / 2) - 1
        column = bisect_right(frame.xs, (glyph.x0 + glyph.x1) / 2) - 1
        held[owners[row, column]].append(glyph)
    cells, full = [], []
    for span, inside in zip(frame.spans, held, strict=True):
        box = frame.box_of(span)
        found = lines(inside)
        certain = all(glyph.certain for glyph in inside) and not any(
            is_beside(line, box) for line in doubtful
        )
        cells.append(Cell(joined_lines(found, box.width), place(page, box), *span, certain=certain))
        if found and fills(found[-1], box.width):
            full.append(cells[-1])
    return Drawn(frame.xs, len(frame.ys) - 1, tuple(cells), frozenset(full))


def is_beside(line: Box, cell: Box) -> bool:
    """Whether the middle of a line lies in a cell or on its edge."""
    x, y = (line.x0 + line.x1) / 2, (line.y0 + line.y1) / 2
    return cell.x0 - SAME <= x <= cell.x1 + SAME and cell.y0 - SAME <= y <= cell.y1 + SAME


def grid(drawn: Drawn) -> Grid:
    rows: list[list[Cell | None]] = [[None] * (len(drawn.xs) - 1) for _ in range(drawn.rows)]
    for cell in drawn.cells:
        for row in rows[cell.row : cell.row + cell.row_span]:
            row[cell.column : cell.column + cell.column_span] = [cell] * cell.column_span
    return Grid(tuple(map(tuple, rows)), drawn.cells[0].place)


def is_one(upper: Drawn, lower: Drawn) -> bool:
    """Whether two tables with only a page break between them are one: they are as wide, on the same spot."""
    if upper.rows > MOST_ROWS:
        return False
    return are_same_edges(upper.xs, lower.xs)


def join(upper: Drawn, lower: Drawn) -> Drawn:
    """A header that the second page repeats is left out, and cells cut in two become one again."""
    xs = common_edges(upper.xs, lower.xs)
    upper, lower = refit(upper, xs), without_head(upper, refit(lower, xs))
    merges = merged_cells(upper, lower)
    gone = {id(cell) for pair in merges for cell in pair}
    down = upper.rows - int(is_row_cut(upper, lower))
    shifted = {id(cell): structs.replace(cell, row=cell.row + down) for cell in lower.cells}
    cells = [cell for cell in upper.cells if id(cell) not in gone]
    cells += [whole(one, shifted[id(two)]) for one, two in merges]
    cells += [moved for number, moved in shifted.items() if number not in gone]
    full = [shifted[id(cell)] for cell in lower.full if id(cell) not in gone]
    cells.sort(key=lambda cell: (cell.row, cell.column))
    return Drawn(xs, down + lower.rows, tuple(cells), frozenset(full))


def common_edges(one: Sequence[float], two: Sequence[float]) -> tuple[float, ...]:
    """The lines of both; the outer ones, and those nearer than SAME, count once."""
    inner = sorted([*one[1:-1], *two[1:-1]])
    kept = [one[0]]
    kept += [x for before, x in zip([one[0], *inner], inner, strict=False) if x - before > SAME]
    return (*(x for x in kept if x < one[-1] - SAME), one[-1])


def refit(drawn: Drawn, xs: Sequence[float]) -> Drawn:
    """The same cells, counted in the columns between `xs`; without what lies between the two strokes of a
    double line.
    """
    at = [min(range(len(xs)), key=lambda number: abs(xs[number] - x)) for x in drawn.xs]
    if at == list(range(len(xs))):
        return replace(drawn, xs=tuple(xs))
    moved = {
        id(cell): structs.replace(
            cell, column=at[cell.column], column_span=at[cell.column + cell.column_span] - at[cell.column]
        )
        for cell in drawn.cells
        if cell.text or at[cell.column] < at[cell.column + cell.column_span]
    }
    full = frozenset(moved[id(cell)] for cell in drawn.cells if cell in drawn.full)
    return Drawn(tuple(xs), drawn.rows, tuple(moved.values()), full)


def without_head(upper: Drawn, lower: Drawn) -> Drawn:
    """Leave out the first rows of `lower` that repeat the first rows of `upper`."""
    height = max((rows for rows in range(1, 8) if repeats_head(upper, lower, rows)), default=0)
    kept = {
        id(cell): structs.replace(cell, row=cell.row - height) for cell in lower.cells if cell.row >= height
    }
    full = frozenset(kept[id(cell)] for cell in lower.cells if id(cell) in kept and cell in lower.full)
    return Drawn(lower.xs, lower.rows - height, tuple(kept.values()), full) if height else lower


def repeats_head(upper: Drawn, lower: Drawn, rows: int) -> bool:
    if rows >= min(upper.rows, lower.rows):
        return False
    heads = [[cell for cell in drawn.cells if cell.row < rows] for drawn in (upper, lower)]
    if any(_VALUE.fullmatch(cell.text) or cell.row + cell.row_span > rows for cell in heads[1]):
        return False
    shapes = [[(cell.row, cell.column, cell.column_span, key(cell.text)) for cell in head] for head in heads]
    return shapes[0] == shapes[1]


def merged_cells(upper: Drawn, lower: Drawn) -> list[tuple[Cell, Cell]]:
    """The two halves of each cell that goes on over the break. A row of figures goes on from none: the header
    above it ended with its page.
    """
    if all(_VALUE.fullmatch(cell.text) or not cell.text for cell in lower.starting()):
        return []
    if is_row_cut(upper, lower):
        return facing(upper, lower)
    return [(one, two) for one, two in facing(upper, lower) if is_group_cut(one, two, upper)]


def facing(upper: Drawn, lower: Drawn) -> list[tuple[Cell, Cell]]:
    """The cells on both sides of the break that stand in the same columns."""
    below = {(cell.column, cell.column_span): cell for cell in lower.starting()}
    pairs = ((cell, below.get((cell.column, cell.column_span))) for cell in upper.ending())
    return [(one, two) for one, two in pairs if two is not None]


def is_group_cut(one: Cell, two: Cell, upper: Drawn) -> bool:
    """A label beside several rows: its second half is empty, or goes on where the first had no room."""
    if one.row_span == two.row_span == 1:
        return False
    return bool(one.text) and (not two.text or goes_on(one, two, upper))


def goes_on(one: Cell, two: Cell, upper: Drawn) -> bool:
    return bool(two.text) and one in upper.full and not ORDINAL.match(two.text)


def is_row_cut(upper: Drawn, lower: Drawn) -> bool:
    """Whether the break goes through a row: one of its words goes on, and no figure stands in both halves."""
    pairs = facing(upper, lower)
    if not len(pairs) == len(upper.ending()) == len(lower.starting()):
        return False
    single = [(one, two) for one, two in pairs if one.row_span == two.row_span == 1]
    labels = [(one, two) for one, two in single if one.text and two.text]
    values = {bool(one.text) for one, two in single if bool(one.text) != bool(two.text)}
    return bool(labels) and len(values) <= 1 and all(goes_on(one, two, upper) for one, two in labels)


def whole(one: Cell, two: Cell) -> Cell:
    """Both halves of a cell; `two` already counts its rows from the top of `one`'s table."""
    halves = [half for half in (one, two) if half.text] or [one]
    return structs.replace(
        one,
        text=joined([half.text for half in halves]),
        place=JOINT.join(half.place for half in halves),
        row_span=two.row + two.row_span - one.row,
        certain=one.certain and two.certain,
    )
