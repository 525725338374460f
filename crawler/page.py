"""A page as the crawler sees it: anchors with their words, and the few places that say where we are.

A listing's script may be answered in JSON or XML; that is a page too, and `data` is what it says.

What a report says is none of the crawler's business; this reads only what leads to the next page.
"""

import codecs
import json
import re
from functools import cached_property
from itertools import accumulate
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote

from lxml import etree

from crawler.addresses import resolve
from crawler.anchors import Anchor, anchors_of
from crawler.jumps import jumps_in
from crawler.tags import Tags, plain, plain_page, squeeze

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
ENCODINGS = ("utf-8", "gb18030")
PLACE_WORDS = ("当前位置", "当前的位置", "您的位置", "现在的位置", "所在位置", "您现在的位置")
PLACE = "位置"  # in all of them; on a long page to look for each of them costs half its parsing
SOURCES = {"iframe": "src", "frame": "src", "embed": "src", "object": "data"}
REFRESH = re.compile(r"url\s*=\s*['\"]?([^'\"\s>]+)", re.IGNORECASE)
JSON = re.compile(r"\s*(?:[\w.$]+\s*\()?\s*([\[{].*[\]}])\s*\)?;?\s*$", re.DOTALL)
LONGEST_INDENT = 200  # characters of white space before a page's first
TEXT = etree.XPath("string()", smart_strings=False)
TEXTS_OF_PLACE = etree.XPath(f"body/descendant::text()[contains(., '{PLACE}')]")
FEW_ANCHORS = 3  # a page with more is a page, and its scripts' jumps belong to search boxes and menus


class Page:
    """One decoded HTML page. Everything is computed once, at first use."""

    def __init__(
        self, url: str, text: str, encoding: str = "utf-8", posted: bytes = b"", body: bytes = b""
    ) -> None:
        self.url = url
        self.text = text
        self.encoding = encoding
        self.posted = posted  # the form that the page is the answer to
        self.body = body  # the text in bytes, where they are at hand

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
        is_at_hand = self.body and self.encoding == "utf-8"
        markup = self.body if is_at_hand else self.text.encode("utf-8", "replace")
        return markup.replace(b"\x00", b"") if b"\x00" in markup else markup

    @cached_property
    def tags(self) -> Tags:
        """Markup inside JSON is no markup of this page."""
        is_wide = self.encoding == "utf-16"  # writes ASCII in its own way
        return Tags("" if self.data is not None else self.text, b"" if is_wide else self.body)

    @cached_property
    def base(self) -> str:
        references = (tag.attributes.get("href", "") for tag in self.tags.named("base"))
        return next((base for each in references if (base := resolve(self.url, each))), self.url)

    @cached_property
    def anchors(self) -> tuple[Anchor, ...]:
        return tuple(anchors_of(self.tags, self.url))

    @cached_property
    def frames(self) -> tuple[Anchor, ...]:
        """Documents shown inside the page: frames, and files in a viewer (`viewer.html?file=`)."""
        found = []
        for tag in self.tags.named(*SOURCES):
            source = tag.attributes.get(SOURCES[tag.name], "").strip()
            if source and not source.startswith(("javascript:", "about:", "data:")):
                found.append(Anchor(viewed_file(source), squeeze(tag.attributes.get("title", "")), tag.at))
        return tuple(found)

    @cached_property
    def scripts(self) -> str:
        """What the page's own scripts say, and templates that lie in them."""
        return "\n".join(tag.within for tag in self.tags.named("script"))

    @cached_property
    def title(self) -> str:
        return squeeze(next((plain(tag.within) for tag in self.tags.named("title")), ""))

    @cached_property
    def words(self) -> str:
        """All that the page says, white space removed, scripts and styles included."""
        return squeeze(plain_page(self.tags.text))

    @cached_property
    def metas(self) -> dict[str, str]:
        """Meta tags by lower-case name, white space removed."""
        said = [tag.attributes for tag in self.tags.named("meta")]
        pairs = ((each.get("name"), each.get("content")) for each in said)
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
            for tag in self.tags.named("meta")
            if tag.attributes.get("http-equiv", "").lower() == "refresh"
            and (match := REFRESH.search(tag.attributes.get("content", "")))
        ]
        if len(self.anchors) < FEW_ANCHORS:
            found += jumps_in(self.text, self.url)
        return tuple(found)

    def has_prose(self, least: int) -> bool:
        """Whether so many characters are no link, script or style: an article has them, a list has not."""
        leading = {anchor.at for anchor in self.anchors}
        links = (tag for tag in self.tags.links if tag.at in leading)
        lengths = accumulate(len(squeeze(piece)) for piece in self.tags.text_outside(links))
        return any(length >= least for length in lengths)

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


def text_of(element: Any) -> str:
    """All that stands within an element, scripts and styles included."""
    return str(TEXT(element))


def viewed_file(source: str) -> str:
    """The file that a viewer such as pdf.js shows, else the frame's own source."""
    asked = parse_qs(source.partition("?")[2]).get("file") if "file=" in source else None
    return unquote(asked[0]) if asked else source
