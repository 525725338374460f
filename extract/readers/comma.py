"""CSV, mostly under the name of a sheet: `record:R/field:F`, both from 1."""

import csv
from collections.abc import Iterator

from extract.decode import decode
from extract.document import Cell, Document
from extract.readers.formats import NotReadable
from extract.readers.layout import in_order
from extract.readers.rows import pieces
from extract.words import fold


def read_csv(payload: bytes) -> Document:
    decoded = decode(payload)
    try:
        blocks = tuple(in_order(pieces(cells_of(decoded.text))))
    except csv.Error as error:
        raise NotReadable(f"a damaged CSV file: {error}") from error
    return Document(blocks, encoding=decoded.encoding)


def cells_of(text: str) -> Iterator[Cell]:
    for row, fields in enumerate(csv.reader(text.splitlines(keepends=True))):
        for column, field in enumerate(fields):
            yield Cell(fold(field), f"record:{row + 1}/field:{column + 1}", row, column)
