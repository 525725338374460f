"""An HTML table to a grid: spans resolved, every cell with the path that leads back to it."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice

from lxml import etree

from extract.document import Cell, Grid
from extract.readers.passages import BLOCKS, UNSEEN, is_inline, is_unseen
from extract.words import fold

Elements = Collection[etree._Element]  # noqa: SLF001 - lxml names its public element so
WIDEST_SPAN = 60
"""No official table is wider than 16 columns; sheets pasted as HTML carry `colspan=16384`."""
_TALLEST_SPAN = 400
_MOST_SPANNED = 100_000
"""Slots of one table that spans may cover; those beyond are bombs, and their cells stay single."""
_CELLS = ("td", "th")
_ROWS_AND_CELLS = frozenset({"tr", *_CELLS})
_FOREIGN = _ROWS_AND_CELLS | UNSEEN
"""What stands in a cell and is none of its words."""
_NOT_INLINE = BLOCKS | UNSEEN
_MOST_CELLS_AROUND_TEXT, _MOST_LINES_IN_CELL = 8, 8
"""A table of so few cells, one of which has more lines, only frames text."""
_styled = etree.XPath("descendant-or-self::*[@style]")
_NUMBERS = tuple(f"[{number}]" for number in range(1, 100))
"""Of as many siblings as most elements have."""
_LEADING_DIGITS = re.compile(r"\s*(\d{1,6})")


def data_tables(root: etree._Element) -> frozenset[etree._Element]:
    """The tables that hold data. A table around other tables, or one that only frames text, is layout."""
    found = list(root.iter("table"))
    inner = (table for table in found if next(table.iterancestors("table"), None) is not None)
    around = {outer for table in inner if _has_words(table) for outer in table.iterancestors("table")}
    return frozenset(table for table in found if table not in around and not _frames_text(table))


def _has_words(table: etree._Element) -> bool:
    return any(not text.isspace() for text in table.itertext())


def _frames_text(table: etree._Element) -> bool:
    cells = list(islice(table.iter(*_CELLS), _MOST_CELLS_AROUND_TEXT + 1))
    if len(cells) <= 1:
        return True
    return len(cells) <= _MOST_CELLS_AROUND_TEXT and any(map(_has_lines, cells))


def _has_lines(cell: etree._Element) -> bool:
    return len(list(cell.iter("p", "br", "div"))) > _MOST_LINES_IN_CELL


def may_hide(utf8: bytes) -> bool:
    """Whether any style inside the tables of a page could hide something. Reading the style of each of their
    elements costs as much as reading all their words, and hardly ever says so.
    """
    lower = utf8.find(b"<table")
    upper = utf8.find(b"<TABLE", 0, lower if lower >= 0 else None)
    begin = max(lower if upper < 0 else upper, 0)
    end = max(last := utf8.rfind(b"</table"), utf8.rfind(b"</TABLE", max(last, 0)))
    return any(utf8.find(word, begin, end if end > begin else None) >= 0 for word in (b"isplay", b"ISPLAY"))


def grid(table: etree._Element, paths: "Paths", *, hides: bool = True) -> Grid:
    """`hides` is False where it is known that no style in the table hides anything."""
    hidden = _hidden_in(table, hides=hides)
    rows = _rows(table, hidden)
    slots = _Slots(len(rows))
    for number, row in enumerate(rows):
        slots.lay(number, row, [_text_of(cell, hidden) for cell in row], paths.of_row(row))
    return Grid(slots.rectangle(), paths.of(table))


def cell_texts(table: etree._Element) -> Iterator[str]:
    """Of all cells, in reading order."""
    hidden = _hidden_in(table)
    return (_text_of(cell, hidden) for row in _rows(table, hidden) for cell in row)


def _hidden_in(root: etree._Element, *, hides: bool = True) -> Elements:
    """What a reader of the page does not see of an element, besides the tags that are never seen."""
    return frozenset(filter(is_unseen, (*_styled(root), *root.iter(*UNSEEN)))) if hides else frozenset()


def _rows(table: etree._Element, hidden: Elements) -> list[list[etree._Element]]:
    """The cells row by row; a row without cells counts, spans from above may cover it. Cells outside any row
    (ruined markup) make a row of their own.
    """
    rows: list[list[etree._Element]] = []
    above, orphaned, orphan, unseen = None, False, False, False
    for element in table.iter("tr", *_CELLS):
        if element.tag == "tr":
            rows.append([])
            orphaned = False
            continue
        parent = element.getparent()
        if parent is not above:
            above, orphan, unseen = parent, parent.tag != "tr", parent in hidden
        if not rows or (orphan and not orphaned):
            rows.append([])
        orphaned = orphan
        if not (unseen or element in hidden):
            rows[-1].append(element)
    return rows


class _Slots:
    """The slots of a table, filled row by row with cells that may span several."""

    def __init__(self, height: int) -> None:
        self._rows: list[list[Cell | None]] = [[] for _ in range(height)]
        self._left = _MOST_SPANNED

    def lay(
        self, number: int, elements: Sequence[etree._Element], texts: Sequence[str], places: Sequence[str]
    ) -> None:
        """The cells of one row into the slots that the spans of earlier rows have left free. A span that runs
        past the last row ends there, as browsers have it.
        """
        own, column = self._rows[number], 0
        for element, text, place in zip(elements, texts, places, strict=True):
            while column < len(own) and own[column] is not None:
                column += 1
            down, across = element.get("rowspan"), element.get("colspan")
            if down is None and across is None and column == len(own):
                own.append(Cell(text, place, number, column))
                column += 1
                continue
            cell = Cell(text, place, number, column, *self._span(down, across))
            for row in self._rows[number : number + cell.row_span]:
                _cover(row, cell)
            column += cell.column_span

    def _span(self, down: str | None, across: str | None) -> tuple[int, int]:
        """How many rows and columns a cell covers; one each where all spans together are beyond reason."""
        rows, columns = _number(down, _TALLEST_SPAN), _number(across, WIDEST_SPAN)
        self._left -= rows * columns if rows * columns > 1 else 0
        return (rows, columns) if self._left >= 0 else (1, 1)

    def rectangle(self) -> tuple[tuple[Cell | None, ...], ...]:
        width = max(map(len, self._rows), default=0)
        return tuple((*row, *[None] * (width - len(row))) for row in self._rows)


def _cover(row: list[Cell | None], cell: Cell) -> None:
    """The slots of a row that a cell spans, but for those that another has taken."""
    column, stop = cell.column, cell.column + cell.column_span
    taken = row[column:stop]
    row.extend([None] * (column - len(row)))
    row[column:stop] = [before or cell for before in taken] + [cell] * (stop - column - len(taken))


@lru_cache(maxsize=256)
def _number(declared: str | None, most: int) -> int:
    """`colspan=""`, `2px`, `abc`, 0, 65000: whatever is no sensible width counts as one, or the most."""
    if declared is None or declared == "1":
        return 1
    digits = _LEADING_DIGITS.match(declared)
    return min(max(int(digits[1]) if digits else 1, 1), most)


def cell_text(cell: etree._Element) -> str:
    """What is printed in one cell: paragraphs and line breaks are a space, inline tags are nothing."""
    return _text_of(cell, _hidden_in(cell))


def _text_of(cell: etree._Element, hidden: Elements) -> str:
    innermost = _innermost(cell, hidden)
    if not len(innermost):
        return fold(innermost.text or "")
    for each in innermost.iterdescendants():
        if each.tag in _NOT_INLINE or each in hidden:
            return fold("".join(_visible(cell, hidden)))
    return fold(etree.tostring(innermost, method="text", encoding="unicode", with_tail=False))


def _innermost(cell: etree._Element, hidden: Elements) -> etree._Element:
    """The element that has all the words of a cell: most are `<td><p><span>5</span></p></td>`."""
    while len(cell) == 1 and not ((text := cell.text) and text.strip()):
        child = cell[0]
        if child.tag in _FOREIGN or child in hidden or ((tail := child.tail) and tail.strip()):
            break
        cell = child
    return cell


def _visible(root: etree._Element, hidden: Elements) -> Iterator[str]:
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        foreign = element is not root and (element in hidden or element.tag in _FOREIGN)
        if event == "start":
            if foreign:
                walk.skip_subtree()
            else:
                yield ("" if is_inline(element) else " ") + (element.text or "")
        elif element is not root:
            yield ("" if is_inline(element) or foreign else " ") + (element.tail or "")


class Paths:
    """Absolute XPaths in the style of lxml's getpath, remembered, so that 40,000 cells stay linear.
    A name that XPath cannot write (`o:p` has no namespace in HTML) is counted as `*[n]`.
    """

    def __init__(self) -> None:
        self._known: dict[etree._Element, str] = {}

    def of(self, element: etree._Element) -> str:
        return self._known.get(element) or self._found(element)

    def of_row(self, cells: list[etree._Element]) -> list[str]:
        """Of the cells of one row, which mostly are all that there is in it, and of one name."""
        row = cells[0].getparent() if cells else None
        tags = {cell.tag for cell in cells}
        if row is None or list(row) != cells or len(tags) > 1:
            return [self.of(cell) for cell in cells]
        step = f"{self.of(row)}/{tags.pop()}"
        return [step + number for number in _counted(len(cells))]

    def _found(self, element: etree._Element) -> str:
        unknown = []
        above: etree._Element | None = element
        while above is not None and above not in self._known:
            unknown.append(above)
            above = above.getparent()
        for below in reversed(unknown):
            self._learn(below)
        return self._known[element]

    def _learn(self, element: etree._Element) -> None:
        """The element's path, and in the same count those of all its siblings."""
        parent = element.getparent()
        if parent is None:
            self._known[element] = f"xpath:/{element.tag}"
            return
        above = self._known[parent]
        siblings = list(parent)
        tags = [sibling.tag for sibling in siblings]
        steps: Iterable[str]
        if tags[0].isalnum() and tags.count(tags[0]) == len(tags):
            step = f"{above}/{tags[0]}"
            steps = [step + number for number in _counted(len(tags))]
        else:
            steps = (f"{above}/{step}" for step in _mixed(tags))
        self._known.update(zip(siblings, steps, strict=True))


def _counted(many: int) -> Sequence[str]:
    return _NUMBERS[:many] if many <= len(_NUMBERS) else [f"[{number}]" for number in range(1, many + 1)]


def _mixed(tags: Iterable[str]) -> Iterator[str]:
    """A step of a path for each of some siblings, each name counted by itself."""
    seen: dict[str, int] = {}
    for position, tag in enumerate(tags, 1):
        seen[tag] = number = seen.get(tag, 0) + 1
        yield f"{tag}[{number}]" if tag.isalnum() else f"*[{position}]"
