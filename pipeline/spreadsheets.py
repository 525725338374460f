"""Any file with tables in it: CSV, XLS, XLSX, HTML that calls itself XLS, or a ZIP of such. What a file is,
its bytes say and not its name.
"""

import codecs
import csv
import io
from collections.abc import Sequence
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from lxml import etree
from python_calamine import CalamineError, CalamineWorkbook

OLE, PACKAGE = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"  # how XLS, and how XLSX and ZIP begin
WORKBOOK = "[Content_Types].xml"  # lies in every XLSX
UNICODE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)  # "Unicode text", as Excel saves it

# A ZIP with a password raises RuntimeError.
DAMAGED = (CalamineError, BadZipFile, RuntimeError, csv.Error, UnicodeDecodeError, etree.ParserError)

Row = Sequence[object]


class NoTableError(ValueError):
    """The file cannot be read, or has no table. The message says which and why."""


def tables_of(path: Path) -> list[list[Row]]:
    """One for each sheet. A row's place is its line, less one. Raises NoTableError."""
    try:
        return tables_in(path.read_bytes())
    except OSError as error:
        raise NoTableError(f"{path}: cannot be read ({error.strerror}); name an existing file") from error
    except DAMAGED as error:
        raise NoTableError(f"{path}: no table in CSV, XLS, XLSX or HTML, or damaged ({error})") from error


def tables_in(data: bytes) -> list[list[Row]]:
    if data.startswith(OLE):
        return sheets(data)
    if data.startswith(PACKAGE):
        with ZipFile(io.BytesIO(data)) as package:
            names = package.namelist()
            if WORKBOOK in names:
                return sheets(data)
            return [
                table for name in names if not name.endswith("/") for table in tables_in(package.read(name))
            ]
    text = decoded(data)
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
