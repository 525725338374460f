"""A tree to its passages: paragraphs and data tables in reading order, whatever encloses them."""

import re
from collections.abc import Callable

from lxml import etree
from msgspec import Struct

from extract.furniture import is_bar, is_furniture, is_index_box
from extract.words import fold

UNSEEN = frozenset(
    {"script", "style", "noscript", "template", "select", "textarea", "button", "object", "head"}
)
BLOCKS = frozenset(
    {
        "html",
        "body",
        "p",
        "div",
        "br",
        "hr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
    }
    | {
        "table",
        "caption",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "td",
        "th",
        "section",
        "article",
        "header",
        "footer",
    }
    | {
        "nav",
        "aside",
        "main",
        "form",
        "fieldset",
        "legend",
        "blockquote",
        "pre",
        "center",
        "address",
        "marquee",
    }
    | {"figure", "figcaption", "details", "summary", "ucapcontent", "ucaptitle", "publishtime"}
)
MATTERING = BLOCKS | {"a"}
"""What begins or ends a paragraph or a link."""
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_texts = etree.XPath("descendant::text()", smart_strings=False)


class Passage(Struct, frozen=True, gc=False):
    """`text` is folded; `plain` is the same in the official wording, for judging. `home` is the nearest block
    element around it; a table is its own home and has the text of all its cells. `linked` is the number of
    characters inside links, `line` counts the passages of one home from 1. `is_box`: a table that says what
    the page is.
    """

    text: str
    plain: str
    home: etree._Element
    linked: int = 0
    line: int = 1
    is_table: bool = False
    is_box: bool = False

    @property
    def is_link(self) -> bool:
        """Prose that is mostly links."""
        return not self.is_table and self.linked * 2 > len(self.text)

    @property
    def is_furniture(self) -> bool:
        """What stands above and below a report: bars, and boxes that say what the page is."""
        return self.is_box if self.is_table else is_furniture(self.plain)

    @property
    def is_bar(self) -> bool:
        """What is none of a report's words wherever it stands."""
        return not self.is_table and is_bar(self.plain)


def is_unseen(element: etree._Element) -> bool:
    """What a reader of the page does not see."""
    return element.tag in UNSEEN or is_hidden(element)


def is_hidden(element: etree._Element) -> bool:
    style = element.get("style")
    return style is not None and hides(style)


def hides(style: str) -> bool:
    return ("none" in style or "NONE" in style) and _HIDDEN.search(style) is not None


def is_inline(element: etree._Element) -> bool:
    """Word's own elements too (`st1:chsdate` around every date)."""
    return element.tag not in BLOCKS


class _Pen:
    """Writes the text of a paragraph until a block begins or ends."""

    def __init__(self, root: etree._Element, wording: Callable[[str], str]) -> None:
        self.written: list[Passage] = []
        self._wording = wording
        self._homes = [root]
        self._lines: dict[etree._Element, int] = {}
        self._pieces: list[str] = []
        self._linked = 0
        self._links_open = 0

    def write(self, text: str) -> None:
        """White space before the first word is none of the paragraph's."""
        if self._pieces or not text.isspace():
            self._pieces.append(text)
            if self._links_open:
                self._linked += len(text.strip())

    def open(self, element: etree._Element, tag: str) -> None:
        """`tag` is one of MATTERING."""
        if tag == "a":
            self._links_open += 1
            return
        if self._pieces:
            self._end_paragraph()
        self._homes.append(element)

    def close(self, tag: str) -> None:
        """`tag` is one of MATTERING."""
        if tag == "a":
            self._links_open -= 1
            return
        if self._pieces:
            self._end_paragraph()
        self._homes.pop()

    def copy_table(self, table: etree._Element) -> None:
        text = fold(" ".join(_texts(table)))
        plain = self._wording(text)
        self.written.append(Passage(text, plain, table, is_table=True, is_box=is_index_box(plain)))

    def _end_paragraph(self) -> None:
        text, linked = fold("".join(self._pieces)), self._linked
        self._pieces.clear()
        self._linked = 0
        if text:
            home = self._homes[-1]
            self._lines[home] = line = self._lines.get(home, 0) + 1
            self.written.append(Passage(text, self._wording(text), home, linked, line))


def passages(
    root: etree._Element, data_tables: frozenset[etree._Element], wording: Callable[[str], str] = str
) -> list[Passage]:
    """Every visible word under `root` exactly once. Elements of `data_tables` come whole; other tables are
    only layout and are seen through. `<br>` ends a paragraph as `</p>` does.
    """
    pen = _Pen(root, wording)
    around: list[tuple[etree._Element, str]] = []
    element: etree._Element | None = root
    while element is not None:
        tag = element.tag
        if tag in UNSEEN or ((style := element.get("style")) and hides(style)):
            element = _after(element, around, pen)
            continue
        matters = tag in MATTERING
        if matters:
            pen.open(element, tag)
        if tag == "table" and element in data_tables:
            pen.copy_table(element)
        else:
            if text := element.text:
                pen.write(text)
            if len(element):
                around.append((element, tag))
                element = element[0]
                continue
        if matters:
            pen.close(tag)
        element = _after(element, around, pen)
    return pen.written


def _after(
    element: etree._Element, around: list[tuple[etree._Element, str]], pen: _Pen
) -> etree._Element | None:
    """The element that begins next, once those `around` that end with this one are closed."""
    while around:
        if tail := element.tail:
            pen.write(tail)
        following = element.getnext()
        if following is not None:
            return following
        element, tag = around.pop()
        if tag in MATTERING:
            pen.close(tag)
    return None
