"""The prose of a report by its numbered headings (一、总体情况 …). Tables are not prose and stay out."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from extract.document import Document
from extract.forms.model import official_forms
from extract.labels import key
from extract.result import Section

NUMERALS = "一二三四五六七八九十"
LONGEST_HEADING = 40
HEADING = re.compile(rf"\s*([{NUMERALS}]{{1,3}})\s*[、.．]\s*([^。；！？]{{1,{LONGEST_HEADING}}})")
BEYOND = 100  # more sections than any report has


def sections(document: Document) -> tuple[Section, ...]:
    """In order; `ordinal` is the printed number, 0 (without heading) for what stands before the first one."""
    headings = {0: ""}
    texts: dict[int, list[str]] = {0: []}
    ordinal = 0
    paragraphs = [block.text.strip() for block in document.prose()]
    for text, number in zip(paragraphs, heading_numbers(paragraphs), strict=True):
        if number:
            ordinal = number
            headings[ordinal], texts[ordinal] = text, []
        else:
            texts[ordinal].append(text)
    return tuple(
        Section(number, heading, "\n".join(texts[number]))
        for number, heading in headings.items()
        if heading or texts[number]
    )


def heading_numbers(paragraphs: Sequence[str]) -> Iterator[int]:
    """For each paragraph, the number of the section that it opens, or 0.

    A report counts upwards: a numeral that does not go on from the section before it opens a list inside
    that section. Nor does one open a section if an official heading of the same or a lower number is yet to
    come: it belongs to a list, or to a table of contents.
    """
    numbers = [printed_number(text) for text in paragraphs]
    ceilings: list[int] = []
    ceiling = BEYOND
    for text, number in zip(reversed(paragraphs), reversed(numbers), strict=True):
        ceilings.append(ceiling)
        if number and key(text) in official_headings():
            ceiling = min(ceiling, number)
    ordinal = 0
    for number, ceiling in zip(numbers, reversed(ceilings), strict=True):
        opens = ordinal < number < ceiling
        ordinal = number if opens else ordinal
        yield number if opens else 0


def printed_number(text: str) -> int:
    """The number of the heading that the whole paragraph could be, or 0."""
    match = HEADING.fullmatch(text)
    return numeral(match[1]) if match else 0


@lru_cache(maxsize=1)
def official_headings() -> frozenset[str]:
    return frozenset(key(heading) for form in official_forms() for heading in form.headings)


def numeral(text: str) -> int:
    """一 → 1, 十 → 10, 十二 → 12, 二十 → 20."""
    tens, ten, ones = text.rpartition("十")
    digits = NUMERALS.index
    return (digits(tens) + 1 if tens else 1) * 10 * bool(ten) + (digits(ones) + 1 if ones else 0)
