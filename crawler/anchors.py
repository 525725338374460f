"""Anchors: what on a page leads on, with the words that say where to."""

import re
from collections.abc import Iterator
from functools import lru_cache
from operator import attrgetter
from urllib.parse import unquote

from msgspec import Struct

from crawler.addresses import origin_of
from crawler.jumps import ADDRESS, clicked
from crawler.tags import REMEMBERED, USUAL, Tags, attributes_of, plain, squeeze

CUT_SHORT = "….。·"
IMAGE = re.compile(r"<(?i:img)(?=[\s/>])([^>]*>)")
TOLD = ("data-href", "data-url", "data-link", "value")  # attributes that name an address for a script
LEADING = frozenset({"onclick", *TOLD})
LONGEST_CLICK = 200  # characters of words; what has more is a block of the page
LONGEST_HREF = (
    4000  # characters; servers take no longer addresses, and what is longer is a picture in its own
)
MOST_WORDS = 1000  # characters of a link that are looked at; more is a page that happens to be linked
# Words that say nothing of where they lead: the line that they stand in does.
BARE = re.compile(
    r"[\[(（【]?(更多|more|点击|查看|详情|详细|全文|阅读|进入|下载|打开|浏览|在线|附件|此处|这里|网页|版|pdf|html?|word|docx?|wps)+"
    r"[\])）】]?[>»›.…]*",
    re.IGNORECASE,
)
LONGEST_BARE = 8
BESIDE = "：:·-—|,，、()（）[]【】"  # what stands between a title and its link
LINES = frozenset({"li", "tr", "dd", "dt", "p", "div", "td", "h1", "h2", "h3", "h4"})
LONGEST_LINE = 80  # characters; more is no line but a block


class Anchor(Struct, frozen=True):
    """`words` has no white space: the anchor's text, or its title where that says more, or its picture's, or
    the line's that it ends. `at` is where it begins in the page.
    """

    href: str
    words: str
    at: int


def anchors_of(tags: Tags, url: str) -> Iterator[Anchor]:
    """Of the page at `url`: its links, and then what leads on when it is clicked or chosen."""
    origin = origin_of(url)
    for tag in sorted((*tags.links, *tags.named("area")), key=attrgetter("at")):
        is_usual = len(tag.said) + len(tag.within) <= USUAL
        link = (usual_link if is_usual else read_link)(tag.said, tag.within)
        href = click_of(tag.said, origin) if link.is_script else link.href
        if 0 < len(href) <= LONGEST_HREF:
            words = line_of(tags, tag.at, link.words) if link.is_bare else link.words
            yield Anchor(href, words[:MOST_WORDS], tag.at)
    for tag in tags.clickable:
        within = tags.within(tag)
        words = squeeze(plain(within or "")) or squeeze(tag.attributes.get("value", ""))
        if within is not None and len(words) <= LONGEST_CLICK and (href := click_of(tag.said, origin)):
            yield Anchor(href, words, tag.at)


class Written(Struct, frozen=True):
    """A link as it is written. `is_script`: only a click says where it leads; `is_bare`: its words do not."""

    href: str
    words: str
    is_script: bool
    is_bare: bool


def read_link(said: str, within: str) -> Written:
    href = attributes_of(said).get("href", "").strip()
    is_script = href.startswith("#") or not href or href.lower().startswith("javascript:")
    words, is_bare = words_of(said, within)
    return Written(href, words, is_script, is_bare)


usual_link = lru_cache(REMEMBERED)(read_link)  # the menu of a site stands on each of its pages


def words_of(said: str, within: str) -> tuple[str, bool]:
    """A list cuts its titles short and keeps them whole in `title`; a picture speaks by its `alt`. And
    whether that says nothing of where it leads.
    """
    text = squeeze(plain(within))
    title = attributes_of(said).get("title")
    if title and (whole := squeeze(title)).startswith(text.rstrip(CUT_SHORT)) and len(whole) > len(text):
        return whole, False
    if text:
        return text, len(text) <= LONGEST_BARE and bool(BARE.fullmatch(text))
    pictures = map(attributes_of, IMAGE.findall(within))
    return squeeze("".join(each.get("alt") or each.get("title") or "" for each in pictures)), False


def line_of(tags: Tags, at: int, words: str) -> str:
    """What stands beside a link that says nothing itself, where no other may be meant; else its words."""
    block = tags.blocks.get(at)
    for holder in block.outwards(LINES) if block else ():
        line = squeeze(plain(tags.text[holder.at : holder.end]))
        others = [squeeze(plain(link.within)) for link in tags.links_within(holder.at, holder.end)]
        if len(line) > LONGEST_LINE or not all(BARE.fullmatch(each) for each in others if each):
            return words
        for each in others:
            line = line.replace(each, "")
        if said := line.strip(BESIDE):
            return said
    return words


def click_of(said: str, origin: str) -> str:
    """Where a click on the element of which this is said leads, on a page of that origin."""
    return (usual_click if len(said) <= USUAL else read_click)(said, origin)


def read_click(said: str, origin: str) -> str:
    """By its scripts, or by an attribute that a script reads."""
    attributes = attributes_of(said)
    href = attributes.get("href", "").strip()
    by_href = clicked(unquote(href), origin) if href.lower().startswith("javascript:") else ""
    if by_href or LEADING.isdisjoint(attributes):
        return by_href
    told = (attributes.get(name, "").strip() for name in TOLD)
    addresses = (each for each in told if ADDRESS.fullmatch(each))
    return clicked(attributes.get("onclick", ""), origin) or next(addresses, "")


usual_click = lru_cache(REMEMBERED)(read_click)
