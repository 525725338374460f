"""Text dumps of pages: paragraphs, and tables with one cell or one row to a line.

The page's bars and boxes came along: what stands before the report begins and after it ends is furniture.
"""

from collections.abc import Sequence
from itertools import compress
from operator import not_

from extract.decode import decode
from extract.document import Document, Furniture
from extract.furniture import box_entries, breadcrumb, is_bar, is_furniture, within_report
from extract.readers import flat, lines
from extract.readers.flat import Line
from extract.restore import wording_of
from extract.words import is_body


def read_text(payload: bytes) -> Document:
    decoded = decode(payload)
    wording = wording_of(decoded.text)
    numbered = enumerate(lines.split(decoded.text), start=1)
    read = [line for line in (flat.read_line(number, text, wording) for number, text in numbered) if line]
    chrome = [is_furniture(line.plain) for line in read]
    report = within_report(chrome, [is_body(line.plain) for line in read])
    inside = [at in report and not is_bar(line.plain) for at, line in enumerate(read)]
    above = compress(read[: report.start], map(not_, chrome))
    titles = tuple(line.prose.text for line in above if not line.is_blank)
    return Document(
        blocks=tuple(flat.blocks(list(compress(read, inside)))),
        furniture=_furniture(list(compress(read, map(not_, inside))), titles),
        encoding=decoded.encoding,
    )


def _furniture(outside: Sequence[Line], titles: tuple[str, ...]) -> Furniture:
    """The texts are the page's own; only the judging was done in the official wording."""
    texts = [line.prose.text for line in outside if not line.is_blank]
    box: dict[str, str] = {}
    for label, value in box_entries(texts):
        box.setdefault(label, value)
    return Furniture(
        title=titles[0] if titles else "",
        headings=titles,
        index_box=box,
        breadcrumb=breadcrumb(texts),
        text="\n".join(texts),
    )
