"""Lines of print to paragraphs, by where they begin and end."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from extract.readers.boxes import JOINT, Box, around, place
from extract.readers.glyphs import Line, joined, line_box, line_text, text_of
from extract.words import NUMERALS, is_official_section, is_section_heading

INDENT, SHORT, APART = 1.2, 2.5, 1.6
"""In heights of a sign: a line so far in begins a paragraph, one so short ends it, such space parts two."""
GROWN = 1.2
"""Ratio of heights between a title and its text."""
STOP = "。"
_PAGE_NUMBER = re.compile(
    r"[-—–―－·.\s~]*(?:第\s*)?\d{1,4}\s*(?:页)?(?:\s*[/,，共]\s*(?:共\s*)?\d{1,4}\s*页?)?[-—–―－·.\s~]*"
)


def is_page_number(text: str) -> bool:
    """`- 4 -`, `— 4 —`, `4`, `第4页`, `第 4 页 共 6 页`, `4/6`."""
    return _PAGE_NUMBER.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Margins:
    """Where most lines of a document begin and full ones end, in points."""

    left: float
    right: float

    @classmethod
    def of(cls, lines: Iterable[Line]) -> "Margins":
        boxes = [line_box(line) for line in lines]
        if not boxes:
            return cls(0, 0)
        lefts, rights = sorted(box.x0 for box in boxes), sorted(box.x1 for box in boxes)
        return cls(lefts[len(boxes) // 10], rights[len(boxes) * 4 // 5])

    def begins(self, line: Box) -> bool:
        return line.x0 > self.left + INDENT * line.height

    def ends(self, line: Box) -> bool:
        return line.x1 < self.right - SHORT * line.height


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`first` and `last` are the boxes of its first and last lines."""

    text: str
    place: str
    first: Box
    last: Box

    def goes_on_in(self, other: "Paragraph", margins: Margins) -> bool:
        is_new = margins.ends(self.last) or margins.begins(other.first) or differ(self.last, other.first)
        return not (is_new or parts_sections(self.text, other.text))

    def joined(self, other: "Paragraph") -> "Paragraph":
        text, place = joined([self.text, other.text]), f"{self.place}{JOINT}{other.place}"
        return replace(self, text=text, place=place, last=other.last)


def paragraphs(page: int, lines: Sequence[Line], margins: Margins) -> Iterator[Paragraph]:
    held: list[Line] = []
    boxes: list[Box] = []
    for line in lines:
        box = line_box(line)
        if boxes and (is_new(boxes[-1], box, margins) or is_new_section(held, line)):
            yield paragraph(page, held, boxes)
            held, boxes = [], []
        held.append(line)
        boxes.append(box)
    if held:
        yield paragraph(page, held, boxes)


def is_new(before: Box, line: Box, margins: Margins) -> bool:
    is_apart = line.y0 - before.y1 > APART * line.height
    return margins.ends(before) or margins.begins(line) or is_apart or differ(before, line)


def is_new_section(held: Sequence[Line], line: Line) -> bool:
    """Looked into where a line begins as a heading does; few do, and making text of lines takes time."""
    if not any(each[0].text[:1] in NUMERALS for each in (held[0], line)):
        return False
    return parts_sections("".join(map(line_text, held)), line_text(line))


def parts_sections(before: str, text: str) -> bool:
    """A heading behind a full stop, or one that stands before or behind as the notices have it, however full
    the lines are.
    """
    is_next = before.endswith(STOP) and is_section_heading(text)
    return is_next or is_official_section(text) or is_official_section(before)


def differ(one: Box, two: Box) -> bool:
    return max(one.height, two.height) > GROWN * min(one.height, two.height)


def paragraph(page: int, lines: Sequence[Line], boxes: Sequence[Box]) -> Paragraph:
    box = around(boxes).rounded()
    text = text_of(chain.from_iterable(lines), box.width)
    return Paragraph(text, place(page, box), boxes[0], boxes[-1])
