"""Reports that are a file: Word from the standard's own words and PDF by hand, with nothing in between that
the readers could share; and the ways in which a page offers them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from io import BytesIO
from urllib.parse import quote
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo
from zlib import crc32

from samples.figures import Printed
from samples.forms import Code, Layout, Slot

Cells = Mapping[Code, Printed]
Block = str | Layout

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{DOCUMENT}.main+xml"/></Types>'
)
RELATIONS = (
    f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{OFFICE}" Target="word/document.xml"/></Relationships>'
)
CONTENT_TYPES = {"docx": DOCUMENT, "pdf": "application/pdf"}


@dataclass(frozen=True)
class Offer:
    """How a page leads to its file. `address` has {name} for the file's name; `markup` has {title},
    {address}, and {quoted}, the address as a part of another. Without markup there is no page: lists link to
    the file itself.
    """

    format: str
    address: str
    markup: str = ""


OFFERS = {
    "script": Offer(  # the file's name is in the query of what sends it
        "docx",
        "/module/download/downfile.jsp?classid=0&filename={name}",
        '<p>附件：<a href="{address}">{title}.docx</a></p>',
    ),
    "viewer": Offer(  # pdf.js stands between
        "pdf",
        "/upload/{name}",
        '<iframe src="/pdfjs/web/viewer.html?file={quoted}" width="100%" height="900"></iframe>',
    ),
    "frame": Offer("pdf", "/upload/{name}", '<iframe src="{address}" width="100%" height="900"></iframe>'),
    "pdf": Offer("pdf", "/upload/{name}"),
    "docx": Offer("docx", "/upload/{name}"),
    "link": Offer("docx", "/upload/{name}", '<p><a href="{address}" title="{title}">点击下载</a></p>'),
}


def stem_of(address: str) -> str:
    """The name of the file that the page at this address offers, or would."""
    return f"{crc32(address.encode()):08x}"


def address_of(offer: Offer, stem: str) -> str:
    return offer.address.format(name=f"{stem}.{offer.format}")


def markup_of(offer: Offer, stem: str, title: str) -> str:
    address = address_of(offer, stem)
    return offer.markup.format(address=escape(address), quoted=quote(address, safe=""), title=title)


def written(offer: Offer, blocks: Sequence[Block], cells: Cells) -> bytes:
    return docx(blocks, cells) if offer.format == "docx" else pdf(blocks, cells)


def words_of(slot: Slot, cells: Cells) -> str:
    return cells[slot.code].text if slot.code else slot.text


@dataclass(frozen=True)
class Place:
    """Where a cell lies in its table, from 0."""

    row: int
    column: int
    slot: Slot


def places(layout: Layout) -> Iterator[Place]:
    taken: set[tuple[int, int]] = set()
    for row, slots in enumerate(layout):
        column = 0
        for slot in slots:
            while (row, column) in taken:
                column += 1
            yield Place(row, column, slot)
            taken |= {
                (row + down, column + right)
                for down in range(slot.row_span)
                for right in range(slot.column_span)
            }


def docx(blocks: Sequence[Block], cells: Cells) -> bytes:
    body = "".join(
        paragraph(block) if isinstance(block, str) else word_table(block, cells) for block in blocks
    )
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": RELATIONS,
        "word/document.xml": f'<w:document xmlns:w="{MAIN}"><w:body>{body}</w:body></w:document>',
    }
    file = BytesIO()
    with ZipFile(file, "w") as package:
        for name, text in parts.items():
            package.writestr(ZipInfo(name), '<?xml version="1.0" encoding="UTF-8"?>' + text, ZIP_DEFLATED)
    return file.getvalue()


def paragraph(text: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def word_table(layout: Layout, cells: Cells) -> str:
    """A cell that spans rows goes on as an empty one below, as the format wants it."""
    rows: dict[int, dict[int, str]] = {}
    for place in places(layout):
        for down in range(place.slot.row_span):
            merge = "" if place.slot.row_span == 1 else "continue" if down else "restart"
            text = "" if down else words_of(place.slot, cells)
            rows.setdefault(place.row + down, {})[place.column] = word_cell(place.slot, text, merge)
    lines = ("".join(each[column] for column in sorted(each)) for _, each in sorted(rows.items()))
    return f"<w:tbl>{''.join(f'<w:tr>{line}</w:tr>' for line in lines)}</w:tbl>"


def word_cell(slot: Slot, text: str, merge: str) -> str:
    merged = f'<w:vMerge w:val="{merge}"/>' if merge else ""
    span = f'<w:gridSpan w:val="{slot.column_span}"/>' if slot.column_span > 1 else ""
    return f"<w:tc><w:tcPr>{span}{merged}</w:tcPr>{paragraph(text)}</w:tc>"


# PDF: landscape A4, each table on a page of its own.
WIDTH, HEIGHT, MARGIN, SIZE, LEAD = 842.0, 595.0, 36.0, 7.0, 9.0
LABELS = {
    10: (26.0, 60.0, 290.0),
    4: (300.0,),
}  # widths of the columns of labels, by how many columns there are
ASCII = range(32, 127)  # half as wide as all else
FONT = (
    "<< /Type /Font /Subtype /Type0 /BaseFont /SimSun /Encoding /Identity-H /ToUnicode 4 0 R "
    "/DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /SimSun /CIDToGIDMap /Identity "
    f"/DW 1000 /W [{ASCII.start} {ASCII.stop - 1} 500] "
    "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
    "/FontDescriptor << /Type /FontDescriptor /FontName /SimSun /Flags 4 /FontBBox [0 -120 1000 880] "
    "/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >> >>] >>"
)


@dataclass
class Sheet:
    """A page as it is drawn; `y` counts down from the top."""

    operators: list[str] = field(default_factory=list)
    y: float = MARGIN

    def text(self, x: float, y: float, words: str) -> None:
        code = words.encode("utf-16-be").hex()
        self.operators.append(f"BT /F1 {SIZE:g} Tf 1 0 0 1 {x:g} {HEIGHT - y:g} Tm <{code}> Tj ET")

    def box(self, left: float, top: float, right: float, bottom: float) -> None:
        corner = f"{left:g} {HEIGHT - bottom:g} {right - left:g} {bottom - top:g}"
        self.operators.append(f"0.5 w {corner} re S")


def pdf(blocks: Sequence[Block], cells: Cells) -> bytes:
    sheets = [Sheet()]
    for block in blocks:
        if isinstance(block, str):
            write_lines(sheets, block)
        else:
            sheets.append(table_sheet(block, cells))
            sheets.append(Sheet())
    return assembled([sheet for sheet in sheets if sheet.operators], set("".join(said(blocks, cells))))


def said(blocks: Sequence[Block], cells: Cells) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, str):
            yield block
        else:
            yield from (words_of(slot, cells) for row in block for slot in row)


def write_lines(sheets: list[Sheet], text: str) -> None:
    for line in wrapped(text, WIDTH - 2 * MARGIN):
        if sheets[-1].y > HEIGHT - MARGIN:
            sheets.append(Sheet())
        sheets[-1].y += 2 * LEAD
        sheets[-1].text(MARGIN, sheets[-1].y, line)


def table_sheet(layout: Layout, cells: Cells) -> Sheet:
    sheet, found = Sheet(), list(places(layout))
    columns = max(place.column + place.slot.column_span for place in found)
    labels = LABELS.get(columns, ())
    rest = (WIDTH - 2 * MARGIN - sum(labels)) / (columns - len(labels))
    xs = [MARGIN]
    for width in (*labels, *[rest] * (columns - len(labels))):
        xs.append(xs[-1] + width)
    lines = {place: wrapped(words_of(place.slot, cells), room(place, xs) - 6) for place in found}
    ys = [MARGIN]
    for row in range(len(layout)):
        most = max(
            (len(lines[each]) for each in found if each.row == row and each.slot.row_span == 1), default=1
        )
        ys.append(ys[-1] + most * LEAD + 4)
    for place in found:
        left, top = xs[place.column], ys[place.row]
        sheet.box(left, top, left + room(place, xs), ys[place.row + place.slot.row_span])
        for number, line in enumerate(lines[place], start=1):
            sheet.text(left + 3, top + number * LEAD, line)
    return sheet


def room(place: Place, xs: Sequence[float]) -> float:
    return xs[place.column + place.slot.column_span] - xs[place.column]


def wrapped(text: str, width: float) -> list[str]:
    """Broken where the line is full, as Chinese may be."""
    lines, used = [""], 0.0
    for sign in text:
        wide = SIZE / 2 if ord(sign) in ASCII else SIZE
        if used + wide > width:
            lines.append("")
            used = 0.0
        lines[-1] += sign
        used += wide
    return lines


def assembled(sheets: Sequence[Sheet], signs: set[str]) -> bytes:
    """The font is not embedded; its map to Unicode is, so that every reader can tell the text."""
    pages = [5 + 2 * number for number in range(len(sheets))]
    kids = " ".join(f"{page + 1} 0 R" for page in pages)
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(sheets)} >>",
        FONT,
        stream(unicode_map(signs)),
    ]
    for page, sheet in zip(pages, sheets, strict=True):
        objects.append(stream("\n".join(sheet.operators)))
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH:g} {HEIGHT:g}] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {page} 0 R >>"
        )
    return numbered(objects)


def stream(content: str) -> str:
    return f"<< /Length {len(content)} >>\nstream\n{content}\nendstream"


def unicode_map(signs: set[str]) -> str:
    pairs = [f"<{code}> <{code}>" for code in sorted(sign.encode("utf-16-be").hex() for sign in signs)]
    blocks = (pairs[start : start + 100] for start in range(0, len(pairs), 100))
    maps = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{maps}\n"
        "endcmap CMapName currentdict /CMap defineresource pop end end"
    )


def numbered(objects: Sequence[str]) -> bytes:
    out, offsets = bytearray(b"%PDF-1.5\n"), []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)
