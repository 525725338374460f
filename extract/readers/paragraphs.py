"""Lines of print to paragraphs, by where they begin and end."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise

from extract.readers.boxes import JOINT, Box, around, place
from extract.readers.glyphs import Line, joined, line_box, line_text, text_of
from extract.words import NUMERALS, is_official_section, is_section_heading

INDENT, SHORT, APART = 1.2, 2.5, 1.6
"""In heights of a sign: a line so far in begins a paragraph, one so short ends it, such space parts two."""
STOPPED, WIDER = 1.2, 0.6
"""In heights of a sign: a line that a full stop ends so short ends a paragraph, too; so much more space than
between most lines parts two.
"""
FEWEST_SPACES = 8
"""Lines of which those closest together are lines of a paragraph."""
GROWN, UNEVEN = 1.2, 1.3
"""Ratio of heights between a title and its text, and between two lines of a title that OCR read."""
STOP = "。"
_PAGE_NUMBER = re.compile(
    r"[-—–―－·.\s~]*(?:第\s*)?\d{1,4}\s*(?:页)?(?:\s*[/,，共]\s*(?:共\s*)?\d{1,4}\s*页?)?[-—–―－·.\s~]*"
)


def is_page_number(text: str) -> bool:
    """`- 4 -`, `— 4 —`, `4`, `第4页`, `第 4 页 共 6 页`, `4/6`."""
    return _PAGE_NUMBER.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Margins:
    """Where most lines of a document begin and full ones end, how high their signs are, in points, and the
    space between the lines of a paragraph, in heights of a sign.
    """

    left: float
    right: float
    height: float = 0
    leading: float = 0

    @classmethod
    def of(cls, lines: Iterable[Line]) -> "Margins":
        boxes = [line_box(line) for line in lines]
        if not boxes:
            return cls(0, 0)
        lefts, rights = sorted(box.x0 for box in boxes), sorted(box.x1 for box in boxes)
        heights = sorted(box.height for box in boxes)
        spaces = sorted(space_above(line, before) for before, line in pairwise(boxes) if line.y0 > before.y1)
        leading = spaces[len(spaces) // 4] if len(spaces) >= FEWEST_SPACES else 0
        left, right = lefts[len(boxes) // 10], rights[len(boxes) * 4 // 5]
        return cls(left, right, heights[len(boxes) // 2], leading)

    def begins(self, line: Box) -> bool:
        return line.x0 > self.left + INDENT * line.height

    def ends(self, line: Box) -> bool:
        return line.x1 < self.right - SHORT * line.height

    def stops(self, line: Box, last: str, following: str) -> bool:
        """Whether a full stop ends a line on which the Han sign that follows would have had room."""
        has_room = line.x1 < self.right - STOPPED * line.height
        return has_room and last == STOP and "一" <= following <= "鿿"

    def is_title(self, before: Box, line: Box) -> bool:
        """Whether a line set in the middle goes on in the next one."""
        return self.is_large(before, line) and abs(before.x0 + before.x1 - line.x0 - line.x1) < line.height

    def is_large(self, before: Box, line: Box) -> bool:
        return min(before.height, line.height) > GROWN * self.height

    def parts(self, before: Box, line: Box) -> bool:
        return space_above(line, before) > max(APART, self.leading + WIDER)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`first` and `last` are the boxes of its first and last lines."""

    text: str
    place: str
    first: Box
    last: Box

    def goes_on_in(self, other: "Paragraph", margins: Margins) -> bool:
        is_new = margins.ends(self.last) or margins.begins(other.first) or differ(self.last, other.first)
        is_stopped = margins.stops(self.last, self.text[-1:], other.text[:1])
        return not (is_new or is_stopped or parts_sections(self.text, other.text))

    def joined(self, other: "Paragraph") -> "Paragraph":
        text, place = joined([self.text, other.text]), f"{self.place}{JOINT}{other.place}"
        return replace(self, text=text, place=place, last=other.last)


def paragraphs(page: int, lines: Sequence[Line], margins: Margins) -> Iterator[Paragraph]:
    held: list[Line] = []
    boxes: list[Box] = []
    for line in lines:
        box = line_box(line)
        if boxes and (is_new(boxes[-1], box, margins) or begins_anew(held, boxes[-1], line, margins)):
            yield paragraph(page, held, boxes)
            held, boxes = [], []
        held.append(line)
        boxes.append(box)
    if held:
        yield paragraph(page, held, boxes)


def is_new(before: Box, line: Box, margins: Margins) -> bool:
    is_other = differ(before, line, UNEVEN if margins.is_large(before, line) else GROWN)
    if is_other or margins.ends(before) or margins.parts(before, line):
        return True
    return margins.begins(line) and not margins.is_title(before, line)


def space_above(line: Box, before: Box) -> float:
    """In heights of a sign of the line."""
    return (line.y0 - before.y1) / line.height if line.height else 0


def begins_anew(held: Sequence[Line], before: Box, line: Line, margins: Margins) -> bool:
    """Whether what the lines say parts them. Headings are looked into where a line begins as one does; few
    do, and making text of lines takes time.
    """
    if margins.stops(before, held[-1][-1].text[-1:], line[0].text[:1]):
        return True
    if not any(each[0].text[:1] in NUMERALS for each in (held[0], line)):
        return False
    return parts_sections("".join(map(line_text, held)), line_text(line))


def parts_sections(before: str, text: str) -> bool:
    """A heading behind a full stop, or one that stands before or behind as the notices have it, however full
    the lines are.
    """
    is_next = before.endswith(STOP) and is_section_heading(text)
    return is_next or is_official_section(text) or is_official_section(before)


def differ(one: Box, two: Box, ratio: float = GROWN) -> bool:
    return max(one.height, two.height) > ratio * min(one.height, two.height)


def paragraph(page: int, lines: Sequence[Line], boxes: Sequence[Box]) -> Paragraph:
    box = around(boxes).rounded()
    text = text_of(chain.from_iterable(lines), box.width)
    return Paragraph(text, place(page, box), boxes[0], boxes[-1])
