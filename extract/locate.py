"""Where on a page the report is: the element that most of its landmarks share.

Class names differ on every site and mean nothing on half of them; the official headings do not. Each landmark
votes for all elements around it, the deepest element with a clear majority wins, so that a sidebar's `一、`
cannot widen the container to the whole page.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from lxml import etree
from msgspec import Struct

from extract.document import Finding
from extract.readers.passages import Passage
from extract.words import is_section_heading, squeeze, starts_official_section

MAJORITY = 0.7
FEWEST_VOTES = 6
"""Two official headings, or one article of the regulation in a table."""
OFFICIAL = 3
"""Votes of an official heading."""
LONG = 40
"""Characters of a paragraph that is likely prose."""

_ARTICLE_20 = re.compile(r"第二十条第\(?[一五六八九]\)?项")
_KNOWN_CONTAINERS = re.compile(
    "ucap-content|trs_editor_view|trs_ueditor|trs_editor|trs_preappend|zoom(?:con)?|xxgk_content|article[-_]?con(?:tent)?|bt-content"
    "|content_(?:body|article)|article|pages_content|view|ivs_content|main-txt|detail-content|v_news_content|vsb_content"
    r"|vsb_content_\d+|j-fontcontent|j_content|wzcon|gkm-cr|wrapper_detail_text|m-txt-article|con_text|news_content|scroll_main"
    "|zfxxgk_zw_content|bfr_article_content|articlecontent|textcontent|news_conent_two_text"
)


class Location(Struct, frozen=True, gc=False):
    """`begin` and `end` count the passages of the container, which are always one stretch of the page."""

    container: etree._Element
    begin: int
    end: int
    findings: tuple[Finding, ...] = ()


def locate(root: etree._Element, passages: Sequence[Passage]) -> Location:
    anchored = majority((passage.home, votes(passage)) for passage in passages)
    if anchored is not None:
        begin, end = _stretch(anchored, passages)
        return _grown(Location(anchored, begin, end), passages)
    container, way = _fallback(root, passages)
    begin, end = _stretch(container, passages)
    return Location(
        container, begin, end, (Finding(f"located_by_{way}", "too few official headings on the page"),)
    )


def votes(passage: Passage) -> int:
    """How surely a passage belongs to a report."""
    if passage.is_table:
        return 6 if _ARTICLE_20.search(squeeze(passage.plain[:4000])) else 0
    if passage.is_link:
        return 0
    start = squeeze(passage.plain[:80])
    if starts_official_section(start):
        return OFFICIAL
    return 1 if is_section_heading(start) else 0


def majority(
    ballots: Iterable[tuple[etree._Element, int]], fewest: int = FEWEST_VOTES
) -> etree._Element | None:
    """The deepest element around more than MAJORITY of all votes; None where fewer than `fewest` are cast."""
    tally: Counter[etree._Element] = Counter()
    beside: Counter[etree._Element | None] = Counter()  # of all that stand in the same element, as most do
    for home, vote in ballots:
        if vote:
            tally[home] += vote
            beside[home.getparent()] += vote
    cast = beside.total()
    if cast < max(fewest, 1):
        return None
    for parent, vote in beside.items():
        for element in () if parent is None else (parent, *parent.iterancestors()):
            tally[element] += vote
    winners = [element for element, count in tally.items() if count > MAJORITY * cast]
    around = {element.getparent() for element in winners}
    return next(element for element in winners if element not in around)  # each is within the others


def _fallback(root: etree._Element, passages: Sequence[Passage]) -> tuple[etree._Element, str]:
    prose: dict[etree._Element, int] = {}
    for passage in passages:
        if len(passage.text) >= LONG and _is_prose(passage):
            for element in (passage.home, *passage.home.iterancestors()):
                prose[element] = prose.get(element, 0) + len(passage.text)
    for way, known in (("container", _is_known), ("article", _is_article)):
        fitting = [element for element in prose if known(element)]
        if fitting:
            return max(fitting, key=lambda element: prose[element]), way
    densest = majority((p.home, len(p.text) if p.home in prose else 0) for p in passages)
    return (root if densest is None else densest), "density"


def _is_known(element: etree._Element) -> bool:
    names = f"{element.get('id') or ''} {element.get('class') or ''}".lower().split()
    return any(_KNOWN_CONTAINERS.fullmatch(name) for name in names)


def _is_article(element: etree._Element) -> bool:
    return bool(element.tag == "article")


def _stretch(container: etree._Element, passages: Sequence[Passage]) -> tuple[int, int]:
    inside = {container: True}
    begin, end = 0, len(passages)
    while begin < end and not _is_inside(passages[begin].home, inside):
        begin += 1
    while end > begin and not _is_inside(passages[end - 1].home, inside):
        end -= 1
    return (begin, end) if begin < end else (0, 0)


def _is_inside(home: etree._Element, known: dict[etree._Element, bool]) -> bool:
    trail = []
    element: etree._Element | None = home
    while element is not None and element not in known:
        trail.append(element)
        element = element.getparent()
    verdict = element is not None and known[element]
    known.update(dict.fromkeys(trail, verdict))
    return verdict


def _grown_to(parent: etree._Element, location: Location, passages: Sequence[Passage]) -> tuple[int, int]:
    """The stretch of the container's parent, which begins no later and ends no sooner."""
    inside = {parent: True}
    begin, end = location.begin, location.end
    while begin and _is_inside(passages[begin - 1].home, inside):
        begin -= 1
    while end < len(passages) and _is_inside(passages[end].home, inside):
        end += 1
    return begin, end


def _grown(location: Location, passages: Sequence[Passage]) -> Location:
    """Takes in the parent as long as it adds only prose: the opening paragraphs often stand before the
    element that holds all headings. What is short and alone may be furniture, unless an official heading
    stands around it: where tags are left open, each paragraph lies inside the one before.
    """
    is_sure = True
    parent = location.container.getparent()
    while parent is not None:
        begin, end = _grown_to(parent, location, passages)
        added = [*passages[begin : location.begin], *passages[location.end : end]]
        if not all(map(_is_prose, added)):
            break
        is_long = not added or any(len(passage.text) >= LONG for passage in added)
        if (is_sure and is_long) or any(votes(passage) >= OFFICIAL for passage in added):
            location, is_sure = Location(parent, begin, end), True
        else:
            is_sure = False
        parent = parent.getparent()
    return location


def _is_prose(passage: Passage) -> bool:
    return not (passage.is_link or passage.is_furniture)
