"""Word and Excel documents as one XML file, which Java programs make of a template and name .doc or .xls.

Word's of 2003 differs from DOCX in a namespace and a few letters, that of 2007 is a DOCX in one piece;
Excel's of 2003 (SpreadsheetML) has words of its own. Places are those of DOCX and of sheets.
"""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from itertools import product

from lxml import etree

from extract.document import Cell, Document
from extract.readers.docx import WIDEST_SPAN, Text, W
from extract.readers.formats import NotReadable
from extract.readers.layout import MOST_SLOTS, in_order
from extract.readers.numbering import Numbering
from extract.readers.packages import parse_xml
from extract.readers.rows import pieces
from extract.readers.sheet import DIGITS, address
from extract.words import fold

WORD_2003 = "{http://schemas.microsoft.com/office/word/2003/wordml}"
SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
TALLEST_SPAN = 400
_RENAMED = {"vmerge": "vMerge", "hmerge": "hMerge"}


def read_word_xml(payload: bytes) -> Document:
    root = parse_xml(payload, "the document")
    for element in root.iter(f"{WORD_2003}*"):
        modernise(element)
    body = next(root.iter(W + "body"), None)
    if body is None:
        raise NotReadable("a Word document in XML without a body")
    lists, styles = (next(root.iter(W + name), None) for name in ("numbering", "styles"))
    return Document(tuple(in_order(Text(body, Numbering(lists, styles)).pieces(body))))


def modernise(element: etree._Element) -> None:
    name = etree.QName(element).localname
    element.tag = W + _RENAMED.get(name, name)
    for key, value in element.attrib.items():
        if key.startswith(WORD_2003):
            element.set(W + key.removeprefix(WORD_2003), value)


def read_excel_xml(payload: bytes) -> Document:
    root = parse_xml(payload, "the sheet")
    found = (piece for sheet in root.iter(SS + "Worksheet") for piece in pieces(filled_out(sheet)))
    return Document(tuple(in_order(found)))


def filled_out(sheet: etree._Element) -> Iterator[Cell]:
    """The cells of a sheet and empty ones between them, for in SpreadsheetML what is empty is left out."""
    name = sheet.get(SS + "Name", "")
    written = {(cell.row, cell.column): cell for cell in cells_of(sheet, name)}
    covered = {
        (row, column)
        for cell in written.values()
        for row in range(cell.row, cell.row + cell.row_span)
        for column in range(cell.column, cell.column + cell.column_span)
    }
    width = max((cell.column + cell.column_span for cell in written.values()), default=0)
    rows = sorted({row for row, _ in written})
    if len(rows) * width > MOST_SLOTS:
        raise NotReadable(f"{name}: {len(rows)} rows and {width} columns")
    for row in rows:
        for column in range(width):
            if (row, column) in written:
                yield written[row, column]
            elif (row, column) not in covered:
                yield Cell("", f"sheet:{name}/cell:{address(row, column)}", row, column)


def cells_of(sheet: etree._Element, name: str) -> Iterator[Cell]:
    """The cells that are written. Where no index is given a cell stands in the next slot that is free."""
    taken: set[tuple[int, int]] = set()
    row = -1
    for line in sheet.iter(SS + "Row"):
        row = number(line, "Index", row + 2) - 1
        column = 0
        for cell in line.iter(SS + "Cell"):
            while (row, column) in taken:
                column += 1
            column = number(cell, "Index", column + 1) - 1
            down, across = number(cell, "MergeDown", 0) + 1, number(cell, "MergeAcross", 0) + 1
            down, across = min(down, TALLEST_SPAN), min(across, WIDEST_SPAN)
            taken.update(product(range(row, row + down), range(column, column + across)))
            if len(taken) > MOST_SLOTS or column * row > MOST_SLOTS:
                raise NotReadable(f"{name}: a table of more than {MOST_SLOTS} cells")
            place = f"sheet:{name}/cell:{address(row, column)}"
            yield Cell(shown(cell.find(SS + "Data")), place, row, column, down, across)
            column += across


def shown(data: etree._Element | None) -> str:
    """A number as Excel shows it, with no more than 15 digits."""
    text = "" if data is None else fold("".join(data.itertext()))
    if data is None or data.get(SS + "Type") != "Number" or len(text) <= DIGITS:
        return text
    try:
        return format(Decimal(f"{Decimal(text):.{DIGITS}g}").normalize(), "f")
    except InvalidOperation:
        return text


def number(element: etree._Element, name: str, otherwise: int) -> int:
    text = element.get(SS + name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else otherwise
