"""Tables without ruling lines, told by words that stand in columns: the last resort of printed pages."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from extract.document import Cell
from extract.labels import ORDINAL
from extract.readers.boxes import Box, around, place
from extract.readers.drawn import Drawn
from extract.readers.glyphs import Glyph, Line, line_box, line_text, text_of
from extract.readers.lines import is_value
from extract.words import LONG, squeeze

APART = 1.3
"""In heights of a sign: so much white parts two columns; letter-spaced words have less."""
CLOSE = 0.6
"""In heights of a sign: with more white between them two lines are two rows."""
FEWEST_LINES, FEWEST_VALUES = 3, 2
"""Lines with values that make a table, and values that one of them must have."""

Chunk = list[Glyph]


@dataclass(slots=True)
class _Row:
    """Signs by first and last column (inclusive)."""

    cells: dict[tuple[int, int], list[Glyph]] = field(default_factory=dict)

    @property
    def is_label(self) -> bool:
        return set(self.cells) == {(0, 0)}

    @property
    def label(self) -> str:
        return text_of(self.cells.get((0, 0), []), 0)

    @property
    def box(self) -> Box:
        return around([glyph.box for glyphs in self.cells.values() for glyph in glyphs])

    def take(self, other: "_Row") -> None:
        for columns, glyphs in other.cells.items():
            self.cells.setdefault(columns, []).extend(glyphs)


def parted(page: int, lines: Sequence[Line]) -> Iterator[list[Line] | Drawn]:
    """Lines of prose, and the tables between them."""
    chunked = [chunks(line) for line in lines]
    rest = 0
    for first, stop in stretches(chunked):
        table = drawn(page, chunked[first:stop])
        if table is not None:
            yield list(lines[rest:first])
            yield table
            rest = stop
    yield list(lines[rest:])


def chunks(line: Line) -> list[Chunk]:
    found = [[line[0]]]
    for glyph in line[1:]:
        if glyph.x0 - found[-1][-1].x1 > APART * (glyph.y1 - glyph.y0):
            found.append([])
        found[-1].append(glyph)
    return found


def stretches(chunked: Sequence[list[Chunk]]) -> Iterator[tuple[int, int]]:
    """From the first line in columns to the last one, with what wraps between them."""
    first = last = None
    for number, line in enumerate([*chunked, None]):
        if line is not None and len(line) > 1:
            first, last = number if first is None else first, number
        elif first is not None and last is not None and (line is None or is_sentence(line)):
            values = [
                sum(is_value(squeeze(line_text(each))) for each in one) for one in chunked[first : last + 1]
            ]
            if sum(map(bool, values)) >= FEWEST_LINES and max(values) >= FEWEST_VALUES:
                yield first, last + 1
            first = last = None


def is_sentence(line: list[Chunk]) -> bool:
    words = line_text(line[0])
    return len(words) > LONG // 2 or "。" in words


def drawn(page: int, chunked: Sequence[list[Chunk]]) -> Drawn | None:
    """None where the words of the fullest lines do not stand below each other."""
    columns = columns_of(chunked)
    if columns is None:
        return None
    middles = [(one[1] + two[0]) / 2 for one, two in pairwise(columns)]
    xs = tuple(round(x, 1) for x in (columns[0][0], *middles, columns[-1][1]))
    rows: list[_Row] = []
    for line in chunked:
        row = _Row({span_of(chunk, xs): chunk for chunk in line})
        if rows and goes_on(rows[-1], row):
            rows[-1].take(row)
        else:
            rows.append(row)
    cells = [cell for number, row in enumerate(rows) for cell in cells_of(page, number, row, xs)]
    return Drawn(xs, len(rows), tuple(cells))


def columns_of(chunked: Sequence[list[Chunk]]) -> list[tuple[float, float]] | None:
    """Where each column begins and ends, by the lines with as many words as most lines with values have."""
    valued = [line for line in chunked if sum(is_value(line_text(chunk)) for chunk in line) >= FEWEST_VALUES]
    usual = Counter(map(len, valued)).most_common(1)[0][0]
    boxes = [[line_box(chunk) for chunk in line] for line in valued if len(line) == usual]
    found = [
        (min(box.x0 for box in column), max(box.x1 for box in column)) for column in zip(*boxes, strict=True)
    ]
    in_order = all(one[1] < two[0] for one, two in pairwise(found))
    return found if in_order else None


def span_of(chunk: Chunk, xs: tuple[float, ...]) -> tuple[int, int]:
    """The first and last column whose middle part the words cover, or the one that they stand in."""
    left, right = chunk[0].x0, chunk[-1].x1
    middles = [(one + two) / 2 for one, two in pairwise(xs)]
    covered = [number for number, middle in enumerate(middles) if left <= middle <= right]
    if len(covered) > 1:
        return covered[0], covered[-1]
    middle = (left + right) / 2
    inside = max((number for number, x in enumerate(xs[:-1]) if x <= middle), default=0)
    return inside, inside


def goes_on(above: _Row, row: _Row) -> bool:
    """Whether a line is the rest of the row above: a label wrapped, or values set beside its middle."""
    if row.box.y0 - above.box.y1 > CLOSE * row.box.height:
        return False
    if row.is_label:
        return (0, 0) in above.cells and not ORDINAL.match(row.label)
    return above.is_label and (0, 0) not in row.cells


def cells_of(page: int, number: int, row: _Row, xs: tuple[float, ...]) -> Iterator[Cell]:
    """The row's cells, those between them that are empty too."""
    for (first, last), glyphs in sorted(row.cells.items()):
        box = around([glyph.box for glyph in glyphs]).rounded()
        certain = all(glyph.certain for glyph in glyphs)
        yield Cell(
            text_of(glyphs, box.width), place(page, box), number, first, 1, last - first + 1, certain=certain
        )
    taken = {column for first, last in row.cells for column in range(first, last + 1)}
    for column in sorted(set(range(len(xs) - 1)) - taken) if len(row.cells) > 1 else ():
        box = Box(xs[column], row.box.y0, xs[column + 1], row.box.y1).rounded()
        yield Cell("", place(page, box), number, column)
