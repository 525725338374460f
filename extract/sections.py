"""The prose of a report by its numbered headings (一、总体情况 …). Tables are not prose and stay out."""

import re

from extract.document import Document
from extract.extraction import Section

NUMERALS = "一二三四五六七八九十"
LONGEST_HEADING = 40
HEADING = re.compile(rf"\s*([{NUMERALS}]{{1,3}})\s*[、.．]\s*([^。；！？]{{1,{LONGEST_HEADING}}})")


def sections(document: Document) -> tuple[Section, ...]:
    """In order; `ordinal` is the printed number, 0 (without heading) for what stands before the first one.

    A report counts upwards: a numeral that does not go on from the section before it opens a list inside
    that section, not a new one.
    """
    headings = {0: ""}
    texts: dict[int, list[str]] = {0: []}
    ordinal = 0
    for block in document.prose():
        number = heading_number(block.text)
        if number > ordinal:
            ordinal = number
            headings[ordinal], texts[ordinal] = block.text.strip(), []
        else:
            texts[ordinal].append(block.text)
    return tuple(
        Section(number, heading, "\n".join(texts[number]))
        for number, heading in headings.items()
        if heading or texts[number]
    )


def heading_number(text: str) -> int:
    """The number of the heading that the whole paragraph is, or 0."""
    match = HEADING.fullmatch(text.strip())
    return numeral(match[1]) if match else 0


def numeral(text: str) -> int:
    """一 → 1, 十 → 10, 十二 → 12, 二十 → 20."""
    tens, ten, ones = text.rpartition("十")
    digits = NUMERALS.index
    return (digits(tens) + 1 if tens else 1) * 10 * bool(ten) + (digits(ones) + 1 if ones else 0)
