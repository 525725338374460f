"""Text dumps of pages: paragraphs, and tables with one cell or one row to a line.

The page's bars and boxes came along: what stands before the report begins and after it ends is furniture.
"""

from collections.abc import Sequence

from extract.decode import decode
from extract.document import Document, Furniture
from extract.furniture import box_entries, breadcrumb, is_furniture
from extract.readers import flat, lines
from extract.readers.flat import Line
from extract.restore import wording_of
from extract.words import is_section_heading

_HEAD_LINES = 60
"""The furniture above a report is looked for in this many lines at most."""


def read_text(payload: bytes) -> Document:
    decoded = decode(payload)
    wording = wording_of(decoded.text)
    numbered = enumerate(lines.split(decoded.text), start=1)
    read = [line for line in (flat.read_line(number, text, wording) for number, text in numbered) if line]
    begin, end = _report_in(read)
    inside = [line for line in read[begin:end] if not is_furniture(line.plain)]
    outside = [*read[:begin], *(line for line in read[begin:end] if is_furniture(line.plain)), *read[end:]]
    return Document(
        blocks=tuple(flat.blocks(inside)),
        furniture=_furniture(outside, read[:begin]),
        encoding=decoded.encoding,
    )


def _report_in(read: Sequence[Line]) -> tuple[int, int]:
    """Where the report begins and ends: after the last piece of furniture above its first sentence or
    heading, and before the first one behind its last.
    """
    body = [at for at, line in enumerate(read) if _is_body(line)]
    first, last = (body[0], body[-1]) if body else (0, len(read) - 1)
    above = [at for at in range(min(first, _HEAD_LINES)) if is_furniture(read[at].plain)]
    below = [at for at in range(last + 1, len(read)) if is_furniture(read[at].plain)]
    return (above[-1] + 1 if above else 0), (below[0] if below else len(read))


def _is_body(line: Line) -> bool:
    if is_furniture(line.plain):
        return False
    return is_section_heading(line.plain) or (flat.is_sentence(line) and len(line.plain) > flat.LONGEST_CELL)


def _furniture(outside: Sequence[Line], head: Sequence[Line]) -> Furniture:
    """The texts are the page's own; only the judging was done in the official wording."""
    texts = [line.prose.text for line in outside]
    box: dict[str, str] = {}
    for label, value in box_entries(texts):
        box.setdefault(label, value)
    titles = tuple(line.prose.text for line in head if not is_furniture(line.plain))
    return Furniture(
        title=titles[0] if titles else "",
        headings=titles,
        index_box=box,
        breadcrumb=breadcrumb(texts),
        text="\n".join(texts),
    )
