"""DOCX (ECMA-376 part 1, WordprocessingML) by its own XML: what Word shows, in reading order.

Places: `paragraph:N` and `table:N/row:R/column:C`, all from 1. N counts the paragraphs and tables of the whole
text in document order, nested ones too; C is the column of the grid at which the cell begins. `paragraph:N/line:M`
is the part of a paragraph behind its (M-1)th line break.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from extract.document import Block, Cell, Document, Finding
from extract.readers import flat
from extract.readers.formats import NotReadable
from extract.readers.layout import laid_out
from extract.readers.numbering import Numbering
from extract.readers.packages import Package
from extract.words import fold

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
MAIN_PARTS = ("word/document.xml", "word/document2.xml")
WIDEST_SPAN = 60
FEWEST_FLAT_VALUES = 6
"""As in HTML: fewer values in a run of short paragraphs are no flattened table."""

P, TABLE, ROW, CELL, TEXT_BOX = W + "p", W + "tbl", W + "tr", W + "tc", W + "txbxContent"
_UNSEEN = frozenset(
    {W + "del", W + "moveFrom", W + "rPr", W + "pPr", W + "instrText", W + "delText", FALLBACK}
)
"""What was deleted or moved away, properties, field codes, and the second version of what stands there anyway."""
_WRITTEN = {W + "br": "\n", W + "cr": "\n", W + "tab": "\t", W + "ptab": "\t", W + "noBreakHyphen": "-"}
_OFF = frozenset({"0", "false", "off", "none"})


def read_docx(payload: bytes) -> Document:
    package = Package(payload)
    root = main_part(package)
    numbering = Numbering(package.tree("word/numbering.xml"), package.tree("word/styles.xml"))
    text = _Text(root, numbering)
    findings = tuple(_not_read(root))
    return Document(tuple(_blocks(text.body(root))), encoding="utf-8", findings=findings)


def main_part(package: Package) -> etree._Element:
    for name in MAIN_PARTS:
        if (root := package.tree(name)) is not None:
            return root
    raise NotReadable("a DOCX without its document part")


def _not_read(root: etree._Element) -> Iterator[Finding]:
    if next(root.iter(W + "altChunk"), None) is not None:
        yield Finding("part_not_read", "a document embedded in the document (altChunk)")


@dataclass(frozen=True, slots=True)
class _Table:
    """A table that holds data."""

    cells: tuple[Cell, ...]
    place: str


Piece = Cell | _Table
"""A paragraph's line is a Cell of its own."""


def _blocks(pieces: Iterator[Piece]) -> Iterator[Block]:
    """Tables as grids; the paragraphs between them as prose, or as a table that lost its lines."""
    between: list[flat.Line] = []
    for piece in pieces:
        if isinstance(piece, _Table):
            yield from flat.blocks(between, FEWEST_FLAT_VALUES)
            between = []
            yield laid_out(piece.cells, piece.place)
        else:
            between.append(flat.Line((piece,), piece.text))
    yield from flat.blocks(between, FEWEST_FLAT_VALUES)
