"""Signs with their boxes to lines and words: how what is printed somewhere reads.

Programs letter-space, justify and print bold by printing twice, and spaces of their own mean nothing: only
where signs stand decides.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from extract.readers.boxes import Box
from extract.words import fold

PADDING = 12.0
"""Points that a cell keeps free left and right of its text together, with the default margins of Word."""


class Glyph(NamedTuple):
    """A sign (or a word that OCR read as one) and its box; `certain` is False where OCR was not sure."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    certain: bool = True

    @property
    def box(self) -> Box:
        return Box(self.x0, self.y0, self.x1, self.y1)


Line = list[Glyph]


def lines(glyphs: Iterable[Glyph]) -> list[Line]:
    """From the top down, each from left to right. Signs whose middles lie within half a sign's height of
    the line's first one stand on one line.
    """
    found: list[Line] = []
    middle = limit = 0.0
    for glyph in sorted(glyphs, key=lambda glyph: glyph.y0 + glyph.y1):
        at = (glyph.y0 + glyph.y1) / 2
        if not found or at - middle > limit:
            middle, limit = at, (glyph.y1 - glyph.y0) / 2
            found.append([])
        found[-1].append(glyph)
    for line in found:
        line.sort(key=lambda glyph: glyph.x0)
    return found


def line_text(line: Line) -> str:
    """A space only where there is one to see."""
    said = [line[0].text]
    for before, after in pairwise(line):
        if after.text == before.text and after.x0 - before.x0 < 0.3 * (before.x1 - before.x0):
            continue  # bold by printing twice
        gap = after.x0 - before.x1
        if gap > 0 and gap > spacing(before.text[-1], after.text[0]) * (after.y1 - after.y0):
            said.append(" ")
        said.append(after.text)
    return "".join(said)


def spacing(before: str, after: str) -> float:
    """From which gap on two signs are two words, in heights of a sign. Han text has no spaces but those of
    a layout, and programs set a quarter between it and Latin letters.
    """
    if before.isascii() and after.isascii():
        return 0.22
    return 0.6 if before.isascii() or after.isascii() else 0.9


def text_of(glyphs: Iterable[Glyph], width: float) -> str:
    """The words of a cell or paragraph `width` wide."""
    return joined_lines(lines(glyphs), width)


def joined_lines(found: Iterable[Line], width: float) -> str:
    text, before = "", None
    for line in found:
        if before is not None and not is_seamless(before, line, width):
            text += " "
        text += line_text(line)
        before = line
    return fold(text)


def is_seamless(before: Line, after: Line, width: float) -> bool:
    """Whether one word goes on over the end of a line. A number does only where the line had no room left
    for its next digit: two numbers, one below the other, stay two.
    """
    last, first = before[-1].text[-1], after[0].text[0]
    if not (last.isascii() and first.isascii()):
        return True
    return (last.isdigit() or first.isdigit()) and fills(before, width)


def fills(line: Line, width: float) -> bool:
    """Whether a further sign would not have had room on the line."""
    sign = (line[-1].x1 - line[-1].x0) / len(line[-1].text)
    return line[-1].x1 - line[0].x0 + sign > width - PADDING


def joined(texts: Sequence[str]) -> str:
    """What a page break cut in two."""
    whole = texts[0]
    for text in texts[1:]:
        whole += (" " if whole[-1:].isascii() and text[:1].isascii() else "") + text
    return fold(whole)


def within(glyphs: Iterable[Glyph], box: Box) -> list[Glyph]:
    """The signs whose middle lies in the box."""
    return [glyph for glyph in glyphs if box.holds((glyph.x0 + glyph.x1) / 2, (glyph.y0 + glyph.y1) / 2)]


def line_box(line: Sequence[Glyph]) -> Box:
    _, _, tops, rights, bottoms, _ = zip(*line, strict=True)
    return Box(line[0].x0, min(tops), max(rights), max(bottoms))
