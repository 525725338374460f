"""DOCX (ECMA-376 part 1, WordprocessingML) by its own XML: what Word shows, in reading order.

Places count from 1: `paragraph:N` (the Nth of the whole text, those in cells and boxes too), with `/line:M`
behind its first line break; `table:N/row:R/column:C` where N counts all tables, nested ones too, and C is the
column of the grid at which the cell begins.
"""

from collections.abc import Iterator

from lxml import etree
from msgspec import structs

from extract.document import Cell, Document, Finding, Grid
from extract.readers.formats import NotReadable
from extract.readers.layout import in_order, laid_out
from extract.readers.numbering import Numbering
from extract.readers.packages import Package
from extract.words import fold

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
P, TABLE, ROW, CELL, BOX = W + "p", W + "tbl", W + "tr", W + "tc", W + "txbxContent"
WIDEST_SPAN = 60

_UNSEEN = frozenset(
    {
        *(W + "del", W + "moveFrom", W + "delText"),  # tracked: deleted, or shown where it was moved to
        *(W + "rPr", W + "pPr", W + "tblPr", W + "trPr", W + "tcPr", W + "sdtPr", W + "instrText"),
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",  # the same for old programs
    }
)
_WRITTEN = {W + "br": "\n", W + "cr": "\n", W + "tab": "\t", W + "ptab": "\t", W + "noBreakHyphen": "-"}
_OFF = frozenset({"0", "false", "off"})


def read_docx(payload: bytes) -> Document:
    package = Package(payload)
    root = main_part(package)
    numbering = Numbering(package.tree("word/numbering.xml"), package.tree("word/styles.xml"))
    blocks = in_order(Text(root, numbering).pieces(root))
    return Document(tuple(blocks), encoding="utf-8", findings=tuple(unread(root)))


def main_part(package: Package) -> etree._Element:
    """Some programs number the name of the part."""
    for name in sorted(package.names):
        if name.startswith("word/document") and name.endswith(".xml"):
            root = package.tree(name)
            if root is not None and root.tag == W + "document":
                return root
    raise NotReadable("a DOCX without a document part that can be read")


def unread(root: etree._Element) -> Iterator[Finding]:
    if next(root.iter(W + "altChunk"), None) is not None:
        yield Finding("part_not_read", "a whole file embedded in the text (altChunk)")


class Text:
    """The text of one document. `root` is not changed, so that its elements can be counted."""

    def __init__(self, root: etree._Element, numbering: Numbering) -> None:
        paragraphs = list(paragraphs_in(root))
        self._labels = numbering.labels(paragraphs)
        self._paragraphs = {paragraph: number for number, paragraph in enumerate(paragraphs, 1)}
        self._tables = {table: number for number, table in enumerate(root.iter(TABLE), 1)}

    def pieces(self, element: etree._Element) -> Iterator[Cell | Grid]:
        """Every paragraph and table that shows, once. Tables that are only layout are seen through."""
        for child in element:
            if child.tag == P:
                yield from self.lines(child)
                for box in boxes_in(child):
                    yield from self.pieces(box)
            elif child.tag == TABLE and not is_layout(child):
                yield self.grid(child)
            elif child.tag not in _UNSEEN:
                yield from self.pieces(child)

    def lines(self, paragraph: etree._Element) -> Iterator[Cell]:
        for number, line in enumerate(self.words(paragraph).split("\n"), 1):
            place = f"paragraph:{self._paragraphs[paragraph]}"
            if text := fold(line):
                yield Cell(text, place if number == 1 else f"{place}/line:{number}")

    def words(self, paragraph: etree._Element) -> str:
        written = "".join(words_in(paragraph))
        return self._labels.get(paragraph, "") + written if written.strip() else ""

    def grid(self, table: etree._Element) -> Grid:
        place = f"table:{self._tables[table]}"
        cells: list[Cell] = []
        merged: dict[int, int] = {}  # column → the cell (by its index) that goes on downwards there
        for number, row in enumerate(rows_of(table)):
            for column, span, element in slots_of(row):
                above = merged.pop(column, None)
                if above is not None and vertical_merge(element) == "continue":
                    cells[above] = structs.replace(cells[above], row_span=number - cells[above].row + 1)
                    merged[column] = above
                    continue
                if vertical_merge(element):
                    merged[column] = len(cells)
                at = f"{place}/row:{number + 1}/column:{column + 1}"
                cells.append(Cell(self.cell_text(element), at, number, column, 1, span))
        return laid_out(cells, place)

    def cell_text(self, cell: etree._Element) -> str:
        return fold(" ".join(map(self.words, paragraphs_in(cell))))


def paragraphs_in(element: etree._Element) -> Iterator[etree._Element]:
    """In reading order, those of a text box behind the paragraph that holds it."""
    for child in element:
        if child.tag == P:
            yield child
            for box in boxes_in(child):
                yield from paragraphs_in(box)
        elif child.tag not in _UNSEEN:
            yield from paragraphs_in(child)


def boxes_in(element: etree._Element) -> Iterator[etree._Element]:
    for child in element:
        if child.tag == BOX:
            yield child
        elif child.tag not in _UNSEEN:
            yield from boxes_in(child)


def words_in(element: etree._Element) -> Iterator[str]:
    """The text of a paragraph as Word shows it, without its boxes; a line break ends a line."""
    for child in element:
        if child.tag == W + "t":
            yield child.text or ""
        elif child.tag in _WRITTEN:
            yield _WRITTEN[child.tag]
        elif child.tag not in _UNSEEN and child.tag != BOX and not is_hidden(child):
            yield from words_in(child)


def is_hidden(element: etree._Element) -> bool:
    vanish = element.find(f"{W}rPr/{W}vanish") if element.tag == W + "r" else None
    return vanish is not None and vanish.get(W + "val") not in _OFF


def is_layout(table: etree._Element) -> bool:
    """A table around other tables, or one that only frames text, as in HTML."""
    inner = (each for each in table.iterdescendants(TABLE))
    if any("".join(words_in(paragraph)).strip() for each in inner for paragraph in paragraphs_in(each)):
        return True
    cells = list(table.iter(CELL))
    return len(cells) <= 1 or (len(cells) <= 8 and any(len(cell.findall(P)) > 8 for cell in cells))


def rows_of(table: etree._Element) -> Iterator[etree._Element]:
    for row in within(table, ROW):
        properties = row.find(W + "trPr")
        is_gone = properties is not None and (
            properties.find(W + "del") is not None or properties.find(W + "hidden") is not None
        )
        if not is_gone:
            yield row


def slots_of(row: etree._Element) -> Iterator[tuple[int, int, etree._Element]]:
    """Column (from 0), width and element of each cell of a row; one that only goes on to the left
    (`hMerge`, as old converters write) is left to the one before it.
    """
    column = number_of(row.find(f"{W}trPr/{W}gridBefore"), 0)
    slots: list[tuple[int, int, etree._Element]] = []
    for cell in within(row, CELL):
        span = number_of(cell.find(f"{W}tcPr/{W}gridSpan"), 1)
        goes_on = cell.find(f"{W}tcPr/{W}hMerge")
        if slots and goes_on is not None and goes_on.get(W + "val", "continue") == "continue":
            begin, width, first = slots[-1]
            slots[-1] = (begin, width + span, first)
        else:
            slots.append((column, span, cell))
        column += span
    yield from slots


def within(element: etree._Element, tag: str) -> Iterator[etree._Element]:
    """The nearest elements of that name below, through content controls and the like."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag not in _UNSEEN:
            yield from within(child, tag)


def vertical_merge(cell: etree._Element) -> str:
    """`restart`, `continue` (which is also what no value means), or empty."""
    merge = cell.find(f"{W}tcPr/{W}vMerge")
    return "" if merge is None else str(merge.get(W + "val", "continue"))


def number_of(element: etree._Element | None, least: int) -> int:
    value = "" if element is None else element.get(W + "val", "")
    return min(max(int(value), least), WIDEST_SPAN) if value.isascii() and value.isdigit() else least
