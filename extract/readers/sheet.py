"""XLS, XLSX and ET: every sheet that shows, its cells as Excel shows them.

calamine knows where things are (addresses, merged cells) and what is stored; anydoc knows the number formats.
Places are Excel's own addresses: `sheet:表一/cell:B7`.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from io import BytesIO
from itertools import product, zip_longest

import anydoc
from python_calamine import CalamineError, CalamineSheet, SheetVisibleEnum, load_workbook

from extract.document import Cell, Document
from extract.readers import doc
from extract.readers.formats import NotReadable
from extract.readers.layout import MOST_SLOTS, in_order
from extract.readers.packages import Package
from extract.readers.rows import pieces
from extract.words import fold

_ZIP = b"PK"
_WORKSHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_FILLED = re.compile(rb'<(?:\w+:)?c\s(?:[^>]*\s)?r="([A-Z]{1,3})(\d{1,7})"[^>]*(?<!/)>')
_ERROR = "#"
"""Begins what stands in a cell whose formula failed (#REF!); calamine gives nothing for it."""
DIGITS = 15
"""Excel shows no more of a number, however it is stored."""


def read_sheet(payload: bytes) -> Document:
    if payload.startswith(_ZIP):
        refuse_sparse(Package(payload))
    # First, for calamine ends in a Rust panic where anydoc only says that a file is damaged.
    shown = [block.table for block in doc.parse(payload).blocks if block.table is not None]
    sheets = list(visible_sheets(payload))
    if len(shown) != len(sheets):
        shown = []
    pairs = zip_longest(sheets, shown)
    found = (piece for sheet, table in pairs for piece in pieces(cells_of(sheet, table)))
    return Document(tuple(in_order(found)))


def refuse_sparse(package: Package) -> None:
    """Two cells in the corners of a sheet are a table of 17 thousand million; calamine would lay it out."""
    for member in package.members:
        if _WORKSHEET.fullmatch(member.filename):
            cells = [(column_of(each[1]), int(each[2])) for each in _FILLED.finditer(package.unpack(member))]
            columns, rows = zip(*cells, strict=True) if cells else ((0,), (0,))
            if max(columns) * max(rows) > MOST_SLOTS:
                raise NotReadable(f"{member.filename}: {max(rows)} rows and {max(columns)} columns")


def visible_sheets(payload: bytes) -> Iterator[CalamineSheet]:
    """Those with anything in them, in order."""
    with panics_told(), load_workbook(BytesIO(payload)) as book:
        for each in book.sheets_metadata:
            if each.visible is SheetVisibleEnum.Visible:
                sheet = book.get_sheet_by_name(each.name)
                if sheet.start is not None:
                    yield sheet


@contextmanager
def panics_told() -> Iterator[None]:
    """A panic of Rust code is no Exception, and its class cannot be imported."""
    try:
        yield
    except CalamineError as error:
        raise NotReadable(f"a damaged sheet: {fold(str(error))[:100]}") from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise NotReadable("a damaged sheet, on which its reader gave up") from error
        raise


def cells_of(sheet: CalamineSheet, shown: anydoc.Table | None) -> Iterator[Cell]:
    """Every cell of the used area, empty ones too, row by row. What a merged cell covers is no cell."""
    rows = sheet.to_python()
    assert sheet.start is not None
    top, left = sheet.start
    if sheet.height * sheet.width > MOST_SLOTS:
        raise NotReadable(f"{sheet.name}: {sheet.height} rows and {sheet.width} columns")
    texts = shown_texts(shown) if shown and len(shown.grid) >= sheet.height else {}
    spans = merged_spans(sheet)
    for at, row in enumerate(rows):
        for column, stored in enumerate(row):
            down, across = spans.get((top + at, left + column), (1, 1))
            if down:
                text = shown_text(stored, texts.get((at, column), ""))
                place = f"sheet:{sheet.name}/cell:{address(top + at, left + column)}"
                yield Cell(text, place, top + at, left + column, down, across)


def merged_spans(sheet: CalamineSheet) -> dict[tuple[int, int], tuple[int, int]]:
    """Height and width of merged cells by their first row and column, cut off at the used area; (0, 0) for
    what they cover.
    """
    assert sheet.end is not None
    bottom, right = sheet.end
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    left_over = MOST_SLOTS
    for (top, left), (last_row, last_column) in sheet.merged_cell_ranges or ():
        down, across = min(last_row, bottom) - top + 1, min(last_column, right) - left + 1
        left_over -= max(down * across, 0)
        if left_over < 0:
            raise NotReadable(f"{sheet.name}: merged cells that cover each other")
        covered = product(range(top, top + down), range(left, left + across))
        spans.update(dict.fromkeys(covered, (0, 0)))
        spans[top, left] = (max(down, 1), max(across, 1))
    return spans


def shown_texts(table: anydoc.Table) -> dict[tuple[int, int], str]:
    return {
        (row, column): fold(" ".join(map(doc.words_of, slot.cell.blocks)))
        for row, slots in enumerate(table.grid)
        for column, slot in enumerate(slots)
        if slot.cell is not None
    }


def shown_text(stored: object, shown: str) -> str:
    """What the number format makes of a stored number, as long as it is that number, only rounded; else the
    number itself, without the noise of binary fractions (31.419999999999998 is 31.42).
    """
    if isinstance(stored, bool) or not isinstance(stored, int | float):
        return fold(str(stored)) or (shown if shown.startswith(_ERROR) else "")
    number = Decimal(f"{stored:.{DIGITS}g}")
    try:
        rounded = Decimal(shown.replace(",", ""))
        if number.quantize(rounded, ROUND_HALF_UP) == rounded:
            return shown
    except InvalidOperation:
        pass
    return format(number, "f")


def column_of(letters: bytes) -> int:
    """A is 1, as in the addresses of cells."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def address(row: int, column: int) -> str:
    """`B7` for row 6 and column 1, both from 0."""
    letters, left = "", column + 1
    while left:
        left, letter = divmod(left - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row + 1}"
