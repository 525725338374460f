"""A report's words and nothing else: the furniture inside the located container off.

trafilatura is named here and nowhere else. It never sees a table, only a placeholder in its stead, and it
may only take away: passages that it leaves out and that are links are chrome. So it is asked where links are
left, and nowhere else: it costs as much as all our own rules. Were a placeholder or a paragraph of prose
missing from its answer, our own rules alone would decide.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from typing import cast

from lxml import etree, html
from msgspec import Struct

from extract.document import Finding
from extract.furniture import within_report
from extract.readers.passages import Passage
from extract.words import is_body, legal, squeeze

MOST_PASSAGES = 1_500
MOST_CHARACTERS = 150_000
"""Above these trafilatura is not asked: its time is not linear (25 s were seen on 60,000 line breaks)."""
LONGEST_LINK_LIST = 2
"""More passages of links than this in a row are a list of links, not a report's attachments."""


class Stripped(Struct, frozen=True, gc=False):
    """`kept` are some of the passages given, in the same order."""

    kept: tuple[Passage, ...]
    findings: tuple[Finding, ...] = ()


def strip(container: etree._Element, passages: Sequence[Passage]) -> Stripped:
    worded = _without_link_lists(_within_bounds(passages))
    if not any(passage.is_link for passage in worded):
        return Stripped(tuple(worded))
    if len(worded) > MOST_PASSAGES or sum(len(passage.text) for passage in worded) > MOST_CHARACTERS:
        return Stripped(tuple(worded), (Finding("chrome_by_own_rules", "too large for trafilatura"),))
    missing = _missing(worded, _prose(container, worded))
    lost = [passage for passage in missing if not passage.is_link]
    if lost:
        said = f"trafilatura would have lost {len(lost)} passages, the first: {lost[0].text[:40]}"
        return Stripped(tuple(worded), (Finding("chrome_by_own_rules", said),))
    dropped = set(map(id, missing))
    return Stripped(tuple(passage for passage in worded if id(passage) not in dropped))


def _within_bounds(passages: Sequence[Passage]) -> list[Passage]:
    chrome = [_is_chrome(passage) for passage in passages]
    report = within_report(chrome, [_is_report(passage) for passage in passages])
    return [passages[at] for at in report if not (chrome[at] and _is_chrome_anywhere(passages[at]))]


def _is_chrome(passage: Passage) -> bool:
    return passage.is_furniture or not passage.text


def _is_chrome_anywhere(passage: Passage) -> bool:
    return passage.is_table or passage.is_bar


def _is_report(passage: Passage) -> bool:
    return passage.is_table or (is_body(passage.plain) and not passage.is_link)


def _without_link_lists(passages: Sequence[Passage]) -> list[Passage]:
    kept: list[Passage] = []
    row: list[Passage] = []
    for passage in passages:
        if passage.is_link:
            row.append(passage)
            continue
        kept.extend(row if len(row) <= LONGEST_LINK_LIST else ())
        row = []
        kept.append(passage)
    return [*kept, *(row if len(row) <= LONGEST_LINK_LIST else ())]


def _prose(container: etree._Element, passages: Sequence[Passage]) -> str:
    """What trafilatura takes for the words of the page: one line each, squeezed together."""
    return squeeze(_trafilatura()(_copy(container, passages)) or "")


@lru_cache(maxsize=1)
def _trafilatura() -> Callable[..., str | None]:
    """Imported on first use (half a second). Silent: an answer of no use is a finding here, no warning."""
    from trafilatura import extract
    from trafilatura.settings import Extractor

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    options = Extractor(fast=True, comments=False, tables=False, output_format="txt")
    return cast("Callable[..., str | None]", partial(extract, options=options))


def _copy(container: etree._Element, passages: Iterable[Passage]) -> html.HtmlElement:
    """The container again, with one `<p>` for each passage, and only the elements around them that have a
    class or an id, which is what a share bar or a footer is known by.
    """
    root = html.Element("html")
    article = etree.SubElement(etree.SubElement(root, "body"), "article")
    copies: dict[etree._Element, etree._Element] = {container: article}
    for number, passage in enumerate(passages):
        paragraph = etree.SubElement(_frame(passage, copies), "p")
        if passage.is_link:
            etree.SubElement(paragraph, "a", href="#").text = legal(passage.text)
        else:
            paragraph.text = _placeholder(number) if passage.is_table else legal(passage.text)
    return root


def _frame(passage: Passage, copies: dict[etree._Element, etree._Element]) -> etree._Element:
    unknown = []
    around = passage.home
    while around not in copies:
        unknown.append(around)
        parent = around.getparent()
        if parent is None:
            break
        around = parent
    frame = copies[around]
    for element in reversed(unknown):
        if element.tag in ("div", "ul", "section") and (element.get("class") or element.get("id")):
            frame = etree.SubElement(
                frame, "div", {k: v for k, v in element.attrib.items() if k in ("class", "id")}
            )
        copies[element] = frame
    return frame


def _placeholder(number: int) -> str:
    return f"〔TABLE{number}〕"


def _missing(passages: Sequence[Passage], said: str) -> list[Passage]:
    """The passages that do not come back in their order, and the tables that come back other than once."""
    missing, at = [], 0
    for number, passage in enumerate(passages):
        words = _placeholder(number) if passage.is_table else squeeze(passage.text)
        found = said.find(words, at)
        if found < 0 or (passage.is_table and said.count(words) != 1):
            missing.append(passage)
        else:
            at = found + len(words)
    return missing
