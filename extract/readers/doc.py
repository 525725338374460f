"""DOC and WPS (the binary format of Word 97 to 2003), RTF and OpenDocument, through anydoc.

anydoc is compiled and links no network function; the client of a hosted service that its Python wrapper also
has is for PDF only and never called. Places are as in DOCX, N counting the paragraphs and tables that anydoc
gives: `paragraph:N`, with `/line:M` behind its first line break, and `table:N/row:R/column:C`.
"""

from collections.abc import Iterator, Sequence
from itertools import count
from typing import cast

import anydoc

from extract.document import Cell, Document, Finding, Grid
from extract.readers import rows
from extract.readers.formats import NotReadable
from extract.readers.layout import in_order, laid_out
from extract.readers.packages import Package
from extract.words import fold

MOST_MARKS = 200_000
"""Ends of paragraphs or cells, as RTF (\\par, \\cell) or DOC (^M, ^G) writes them; a picture of 20 MB has
80,000 of each by chance.
"""

SHEET, FIRST_MEMBER = b"application/vnd.oasis.opendocument.spreadsheet", 200
"""What the first member of an OpenDocument says of its kind (ODF 1.2 part 3, §3.3), in so many bytes."""


def read_doc(payload: bytes) -> Document:
    refuse_endless(payload)
    written = parse(payload)
    blocks = in_order(Text(is_sheet=SHEET in payload[:FIRST_MEMBER]).pieces(written.blocks))
    return Document(tuple(blocks), findings=tuple(lost(payload, written)))


def lost(payload: bytes, written: anydoc.Document) -> Iterator[Finding]:
    """What is not in the blocks. RTF has no length and no checksum, but its last bracket is its first's."""
    if written.notes:
        yield Finding("part_not_read", "footnotes")
    if payload.startswith(b"{\\rtf") and not payload.rstrip(b"\0 \r\n\x1a").endswith(b"}"):
        yield Finding("cut_short", "the file ends before its text does")


def refuse_endless(payload: bytes) -> None:
    """What anydoc unpacks it bounds, but not how many paragraphs it makes."""
    if payload.startswith(b"PK"):
        Package(payload).tree("content.xml")
    for mark in (rb"\par", rb"\cell", b"\r", b"\a"):
        if payload.count(mark) > MOST_MARKS:
            raise NotReadable(f"more than {MOST_MARKS} paragraphs or cells")


def parse(payload: bytes, most: int = 100) -> anydoc.Document:
    try:
        return anydoc.to_document(payload)
    except anydoc.EncryptedError as error:
        raise NotReadable("locked with a password") from error
    except anydoc.ConvertError as error:
        raise NotReadable(f"a damaged document: {str(error)[:most]}") from error


class Text:
    """Counts paragraphs and tables as they come. The table of a sheet is all that stands in it."""

    def __init__(self, *, is_sheet: bool) -> None:
        self._is_sheet = is_sheet
        self._paragraphs = count(1)
        self._tables = count(1)

    def pieces(self, blocks: Sequence[anydoc.Block]) -> Iterator[Cell | Grid]:
        for block in blocks:
            if block.kind == "table" and block.table is not None:
                yield from self.table(block.table)
            elif block.kind == "list" and block.list is not None:
                for number, item in enumerate(block.list.items, block.list.start):
                    yield from self.item(item, f"{number}." if block.list.marker == "decimal" else "")
            elif block.kind == "block_quote":
                yield from self.pieces(quoted_in(block))
            else:
                yield from self.paragraph(words_of(block))

    def paragraph(self, words: str) -> Iterator[Cell]:
        place = f"paragraph:{next(self._paragraphs)}"
        for number, line in enumerate(words.split("\n"), 1):
            if text := fold(line):
                yield Cell(text, place if number == 1 else f"{place}/line:{number}")

    def item(self, item: anydoc.ListItem, marker: str) -> Iterator[Cell | Grid]:
        """The marker is part of the words, as in a heading numbered 一、."""
        marker = item.marker_label or marker
        first = item.blocks[:1]
        if first and first[0].kind == "paragraph":
            yield from self.paragraph(marker + words_of(first[0]))
            yield from self.pieces(item.blocks[1:])
        else:
            yield from self.pieces(item.blocks)

    def table(self, table: anydoc.Table) -> Iterator[Cell | Grid]:
        number = next(self._tables)
        origins = [
            (row, column, slot.cell)
            for row, slots in enumerate(table.grid)
            for column, slot in enumerate(slots)
            if slot.cell is not None
        ]
        if is_layout([cell for _, _, cell in origins]) and not self._is_sheet:
            for _, _, cell in origins:
                yield from self.pieces(cell.blocks)
            return
        place = f"table:{number}"
        cells = [
            Cell(
                text=fold(" ".join(map(words_of, cell.blocks))),
                place=f"{place}/row:{row + 1}/column:{column + 1}",
                row=row,
                column=column,
                row_span=cell.row_span,
                column_span=cell.col_span,
            )
            for row, column, cell in origins
        ]
        yield from rows.pieces(cells) if self._is_sheet else (laid_out(cells, place),)


def is_layout(cells: Sequence[anydoc.Cell]) -> bool:
    """A table around other tables, or one that only frames text, as in HTML."""
    if any(block.kind == "table" for cell in cells for block in cell.blocks):
        return True
    return len(cells) <= 1 or (len(cells) <= 8 and any(len(cell.blocks) > 8 for cell in cells))


def words_of(block: anydoc.Block) -> str:
    if block.text is not None:
        return block.text
    if block.list is not None:
        return "\n".join(
            (item.marker_label or "") + words_of(inner) for item in block.list.items for inner in item.blocks
        )
    inlines = "".join(map(_written, block.content or ()))
    return inlines + "\n".join(map(words_of, quoted_in(block)))


def quoted_in(block: anydoc.Block) -> Sequence[anydoc.Block]:
    """In anydoc's stubs an attribute named `list` hides the type of this one."""
    return cast("Sequence[anydoc.Block] | None", block.blocks) or ()


def _written(inline: anydoc.Inline) -> str:
    if inline.kind == "line_break":
        return "\n"
    return inline.text or "".join(map(_written, inline.content or ()))
