"""A page as the crawler sees it: anchors with their words, and the few places that say where we are.

A listing's script may be answered in JSON or XML; that is a page too, and `data` is what it says.

What a report says is none of the crawler's business; this reads only what leads to the next page.
"""

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote

from lxml import etree

from crawler.addresses import resolve
from crawler.jumps import ADDRESS, clicked, jumps_in

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
ENCODINGS = ("utf-8", "gb18030")
ZERO_WIDTH = ("\u200b", "\ufeff")
CUT_SHORT = "….。·"
PLACE_WORDS = ("当前位置", "当前的位置", "您的位置", "现在的位置", "所在位置", "您现在的位置")
PLACE = "位置"  # in all of them; on a long page to look for each of them costs half its parsing
SOURCES = {"iframe": "src", "frame": "src", "embed": "src", "object": "data"}
REFRESH = re.compile(r"url\s*=\s*['\"]?([^'\"\s>]+)", re.IGNORECASE)
JSON = re.compile(r"\s*(?:[\w.$]+\s*\()?\s*([\[{].*[\]}])\s*\)?;?\s*$", re.DOTALL)
LONGEST_INDENT = 200  # characters of white space before a page's first
TEXT = etree.XPath("string()", smart_strings=False)
TEXTS_OF_PLACE = etree.XPath(f"body/descendant::text()[contains(., '{PLACE}')]")
# What is no link and yet leads on when it is clicked or chosen; and how to tell that a page has none.
CLICKABLE = etree.XPath(
    "//*[@onclick or @data-href or @data-url or @data-link][not(self::a or self::area)] | //option[@value]"
)
CLICK_SIGNS = re.compile(r"\bonclick\b|\bdata-(?:href|url|link)\b|<option", re.IGNORECASE)
TOLD = ("data-href", "data-url", "data-link", "value")  # attributes that name an address for a script
LONGEST_CLICK = 200  # characters of words; what has more is a block of the page
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
FEW_ANCHORS = 3  # a page with more is a page, and its scripts' jumps belong to search boxes and menus


@dataclass(frozen=True, slots=True)
class Anchor:
    """`words` has no white space: the anchor's text, or its title where that says more, or its picture's, or
    the line's that it ends.
    """

    href: str
    words: str
    element: Any


class Page:
    """One decoded HTML page. Everything is computed once, at first use."""

    def __init__(
        self, url: str, text: str, encoding: str = "utf-8", posted: bytes = b"", utf8: bytes = b""
    ) -> None:
        self.url = url
        self.text = text
        self.encoding = encoding
        self.posted = posted  # the form that the page is the answer to
        self.utf8 = utf8  # the text in bytes, where they are at hand

    @cached_property
    def tree(self) -> Any:
        """An empty page, or one of which nothing can be parsed, has an empty tree."""
        parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
        markup = self.markup
        tree = etree.fromstring(markup, parser) if markup.strip() else None
        return etree.fromstring("<html></html>", parser) if tree is None else tree

    @property
    def markup(self) -> bytes:
        """In UTF-8. Markup inside JSON is no markup of this page; and libxml2 takes a NUL for the end."""
        if self.data is not None:
            return b""
        markup = self.utf8 or self.text.encode("utf-8", "replace")
        return markup.replace(b"\x00", b"") if b"\x00" in markup else markup

    @cached_property
    def base(self) -> str:
        for element in self.tree.iter("base"):
            if base := resolve(self.url, element.get("href") or ""):
                return base
        return self.url

    @cached_property
    def anchors(self) -> tuple[Anchor, ...]:
        return tuple(self._anchors())

    def _anchors(self) -> Iterator[Anchor]:
        for element in self.tree.iter("a", "area"):
            href = reference(element, self.url)
            if href:
                yield Anchor(href, words_of(element), element)
        for element in CLICKABLE(self.tree) if CLICK_SIGNS.search(self.text) else ():
            words = squeeze(text_of(element)) or squeeze(element.get("value") or "")
            if len(words) <= LONGEST_CLICK and (href := click_of(element, self.url)):
                yield Anchor(href, words, element)

    @cached_property
    def frames(self) -> tuple[Anchor, ...]:
        """Documents shown inside the page: frames, and files in a viewer (`viewer.html?file=`)."""
        found = []
        for element in self.tree.iter(*SOURCES):
            source = (element.get(SOURCES[element.tag]) or "").strip()
            if source and not source.startswith(("javascript:", "about:", "data:")):
                found.append(Anchor(viewed_file(source), squeeze(element.get("title") or ""), element))
        return tuple(found)

    @cached_property
    def scripts(self) -> str:
        """What the page's own scripts say, and templates that lie in them."""
        return "\n".join(element.text or "" for element in self.tree.iter("script"))

    @cached_property
    def title(self) -> str:
        return squeeze(next((text_of(element) for element in self.tree.iter("title")), ""))

    @cached_property
    def words(self) -> str:
        """All that the page says, white space removed, scripts and styles included."""
        return squeeze(text_of(self.tree))

    @cached_property
    def metas(self) -> dict[str, str]:
        """Meta tags by lower-case name, white space removed."""
        pairs = ((element.get("name"), element.get("content")) for element in self.tree.iter("meta"))
        return {name.lower(): squeeze(content) for name, content in pairs if name and content}

    @cached_property
    def breadcrumb(self) -> tuple[str, ...]:
        """The steps after 当前位置, the last being where we are; empty where the page shows none."""
        for text in TEXTS_OF_PLACE(self.tree) if PLACE in self.text else ():
            if any(word in text for word in PLACE_WORDS):
                box = text.getparent()
                for holder in (box, box.getparent()):
                    steps = [] if holder is None else [squeeze(text_of(a)) for a in holder.iter("a")]
                    if steps:
                        return tuple(step for step in steps if step)
        return ()

    @cached_property
    def hops(self) -> tuple[str, ...]:
        """Where the page sends its reader at once, by meta refresh or by script."""
        found = [
            match[1]
            for element in self.tree.iter("meta")
            if (element.get("http-equiv") or "").lower() == "refresh"
            and (match := REFRESH.search(element.get("content") or ""))
        ]
        if len(self.anchors) < FEW_ANCHORS:
            found += jumps_in(self.text, self.url)
        return tuple(found)

    @cached_property
    def prose_length(self) -> int:
        """Characters of text that is no link, script or style: long on an article, short on a list."""
        hidden = sum(len(squeeze(element.text or "")) for element in self.tree.iter("script", "style"))
        return len(self.words) - hidden - sum(len(anchor.words) for anchor in self.anchors)

    @cached_property
    def data(self) -> Any:
        """What the page says as JSON, also inside a callback's brackets; None where it is none."""
        is_markup = self.text[:LONGEST_INDENT].lstrip().startswith("<")
        match = None if is_markup else JSON.match(self.text)
        try:
            return json.loads(match[1], strict=False) if match else None
        except ValueError:
            return None

    @cached_property
    def asked(self) -> dict[str, str]:
        """What the page was asked for with: the query of its address and the form that was posted."""
        posted = self.posted.decode("utf-8", "replace")
        return dict(
            pair
            for text in (self.url.partition("?")[2], posted)
            for pair in parse_qsl(text, keep_blank_values=True)
        )

    def fragment(self, markup: str) -> "Page":
        """Markup that lies within this page as text: its references mean what they mean on the page."""
        return Page(self.base, markup, self.encoding)

    def address(self, reference: str) -> str | None:
        """The canonical address of a reference on this page, or None where it is no web address."""
        return resolve(self.base, reference, self.encoding)


def decode(body: bytes) -> tuple[str, str]:
    """The text and its encoding: by byte order mark, else strict UTF-8, else strict GB18030, else the one
    that loses fewer characters.

    What the page declares is not asked: gb2312 is declared on GBK and even on UTF-8 pages.
    """
    for mark, encoding in MARKS:
        if body.startswith(mark):
            return body.decode(encoding, "replace"), encoding
    for encoding in ENCODINGS:
        try:
            return body.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    readings = [(body.decode(encoding, "replace"), encoding) for encoding in ENCODINGS]
    return min(readings, key=lambda reading: reading[0].count("\ufffd"))


def squeeze(text: str) -> str:
    squeezed = "".join(text.split())
    for each in ZERO_WIDTH:
        if each in squeezed:
            squeezed = squeezed.replace(each, "")
    return squeezed


def text_of(element: Any) -> str:
    """All that stands within an element, scripts and styles included."""
    return str(TEXT(element))


def words_of(anchor: Any) -> str:
    """A list cuts its titles short and keeps them whole in `title`; a picture speaks by its `alt`."""
    text = squeeze("".join(anchor.itertext()) if len(anchor) else anchor.text or "")
    title = anchor.get("title")
    if title and (whole := squeeze(title)).startswith(text.rstrip(CUT_SHORT)) and len(whole) > len(text):
        return whole
    if text and len(text) <= LONGEST_BARE and BARE.fullmatch(text):
        return line_of(anchor, text)
    return text or squeeze(
        "".join(picture.get("alt") or picture.get("title") or "" for picture in anchor.iter("img"))
    )


def line_of(anchor: Any, words: str) -> str:
    """What stands beside a link that says nothing itself, where no other may be meant; else its words."""
    for holder in anchor.iterancestors():
        if holder.tag in LINES:
            line = squeeze(text_of(holder))
            others = [squeeze(text_of(each)) for each in holder.iter("a")]
            if len(line) > LONGEST_LINE or not all(BARE.fullmatch(each) for each in others if each):
                return words
            for each in others:
                line = line.replace(each, "")
            if said := line.strip(BESIDE):
                return said
    return words


def reference(anchor: Any, url: str) -> str:
    """What the anchor points at, also where a script opens it; empty where that is no other page."""
    href = (anchor.get("href") or "").strip()
    if href.startswith("#") or not href:
        return click_of(anchor, url)
    if href.lower().startswith("javascript:"):
        return clicked(unquote(href), url) or click_of(anchor, url)
    return href


def click_of(element: Any, url: str) -> str:
    """Where a click on the element leads, by its script or by an attribute that a script reads."""
    told = (element.get(name) or "" for name in TOLD)
    addresses = (each.strip() for each in told if ADDRESS.fullmatch(each.strip()))
    return clicked(element.get("onclick") or "", url) or next(addresses, "")


def viewed_file(source: str) -> str:
    """The file that a viewer such as pdf.js shows, else the frame's own source."""
    asked = parse_qs(source.partition("?")[2]).get("file") if "file=" in source else None
    return unquote(asked[0]) if asked else source
