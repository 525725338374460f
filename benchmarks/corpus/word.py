"""Papers as DOCX, from the standard's own words: no library in between that a reader could share."""

from html import escape
from io import BytesIO
from random import Random
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from benchmarks.corpus.markup import text_of
from benchmarks.corpus.paper import Paper
from samples.forms import Layout, Slot

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{DOCUMENT}"/></Types>'
)
RELATIONS = (
    f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{OFFICE}" Target="word/document.xml"/></Relationships>'
)


def docx(paper: Paper, random: Random) -> bytes:
    body = "".join(
        paragraph(block, random) if isinstance(block, str) else table(paper, block, random)
        for block in (paper.title, *paper.blocks)
    )
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": RELATIONS,
        "word/document.xml": f'<w:document xmlns:w="{MAIN}"><w:body>{body}</w:body></w:document>',
    }
    file = BytesIO()
    with ZipFile(file, "w", ZIP_STORED) as package:
        for name, text in parts.items():
            package.writestr(ZipInfo(name), '<?xml version="1.0" encoding="UTF-8"?>' + text)
    return file.getvalue()


def paragraph(text: str, random: Random) -> str:
    """In one run, or torn into two as Word leaves it after an edit."""
    at = random.randrange(len(text) + 1)
    runs = (f'<w:r><w:t xml:space="preserve">{escape(part)}</w:t></w:r>' for part in (text[:at], text[at:]))
    return f"<w:p>{''.join(runs)}</w:p>"


def table(paper: Paper, layout: Layout, random: Random) -> str:
    """A cell that spans rows goes on as an empty one below, as the format wants it."""
    open_spans: dict[int, tuple[int, Slot]] = {}
    rows = []
    for row in layout:
        cells, column = [], 0
        waiting = list(row)
        while waiting or column in open_spans:
            left, slot = open_spans.pop(column, (0, None))
            if slot is None:
                slot = waiting.pop(0)
                cells.append(cell(slot, text_of(paper, slot), "restart" if slot.row_span > 1 else "", random))
                left = slot.row_span
            else:
                cells.append(cell(slot, "", "continue", random))
            if left > 1:
                open_spans[column] = (left - 1, slot)
            column += slot.column_span
        rows.append(f"<w:tr>{''.join(cells)}</w:tr>")
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def cell(slot: Slot, text: str, merge: str, random: Random) -> str:
    merged = f'<w:vMerge w:val="{merge}"/>' if merge else ""
    span = f'<w:gridSpan w:val="{slot.column_span}"/>' if slot.column_span > 1 else ""
    return f"<w:tc><w:tcPr>{span}{merged}</w:tcPr>{paragraph(text, random)}</w:tc>"
