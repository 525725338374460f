"""Any file with tables in it: CSV, XLS, XLSX, HTML that calls itself XLS, or a ZIP of such. What a file is,
its bytes say and not its name.
"""

import codecs
import csv
import io
import zlib
from collections.abc import Sequence
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from lxml import etree
from python_calamine import CalamineError, CalamineWorkbook

OLE, PACKAGE = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"  # how XLS, and how XLSX and ZIP begin
WORKBOOK = "[Content_Types].xml"  # lies in every XLSX
UNICODE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)  # "Unicode text", as Excel saves it

MACS = "__MACOSX/"  # what macOS puts beside the files of a ZIP
LARGEST = 256 * 1024 * 1024  # bytes

# A ZIP with a password raises RuntimeError.
BROKEN = (BadZipFile, RuntimeError, EOFError, zlib.error)
DAMAGED = (*BROKEN, CalamineError, csv.Error, UnicodeDecodeError, etree.ParserError)

Row = Sequence[object]


class NoTableError(ValueError):
    """The file cannot be read, or has no table. The message says which and why."""


def tables_of(path: Path) -> list[list[Row]]:
    """One for each sheet. A row's place is its line, less one. Raises NoTableError."""
    try:
        refuse_large(str(path), path.stat().st_size)
        return tables_in(path.read_bytes(), str(path))
    except OSError as error:
        raise NoTableError(f"{path}: cannot be read ({error.strerror}); name an existing file") from error


def tables_in(data: bytes, name: str) -> list[list[Row]]:
    try:
        if data.startswith(PACKAGE):
            with ZipFile(io.BytesIO(data)) as package:
                return sheets(data) if WORKBOOK in package.namelist() else packed_tables(package, name)
        return sheets(data) if data.startswith(OLE) else text_tables(decoded(data))
    except DAMAGED as error:
        raise NoTableError(f"{name}: no table in CSV, XLS, XLSX or HTML, or damaged ({error})") from error


def packed_tables(package: ZipFile, name: str) -> list[list[Row]]:
    tables: list[list[Row]] = []
    for member in package.infolist():
        if not (member.is_dir() or member.filename.startswith(MACS)):
            within = f"{name}/{member.filename}"
            refuse_large(within, member.file_size)
            tables += tables_in(package.read(member), within)
    return tables


def refuse_large(name: str, size: int) -> None:
    """Raises NoTableError. A hundred thousand sites take less than a tenth of it."""
    if size > LARGEST:
        raise NoTableError(f"{name}: has {size:,} bytes, more than the {LARGEST:,} that a table may have")


def text_tables(text: str) -> list[list[Row]]:
    return html_tables(text) if text.lstrip().startswith("<") else [csv_rows(text)]


def sheets(data: bytes) -> list[list[Row]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [list(book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]


def decoded(data: bytes) -> str:
    if data.startswith(UNICODE):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def html_tables(markup: str) -> list[list[Row]]:
    tree = etree.HTML(markup)
    tables = () if tree is None else tree.iter("table")
    return [
        [["".join(cell.itertext()) for cell in row.iter("td", "th")] for row in table.iter("tr")]
        for table in tables
    ]


def csv_rows(text: str) -> list[Row]:
    head = text[:4096]
    delimiter = max(",\t;", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[Row] = []
    for row in reader:
        rows.extend([()] * (reader.line_num - 1 - len(rows)))  # a quoted cell may go over several lines
        rows.append(row)
    return rows
