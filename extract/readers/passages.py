"""A tree to its passages: paragraphs and data tables in reading order, whatever encloses them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import etree

from extract.words import fold

_UNSEEN = frozenset(
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
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)


_HIDDEN_IN_LOWER_CASE = re.compile(r"display\s*:\s*none")  # five times faster over a whole table
_styles = etree.XPath("descendant::*/@style", smart_strings=False)
_texts = etree.XPath("descendant::text()", smart_strings=False)


@dataclass(frozen=True, slots=True)
class Passage:
    """`text` is folded; `plain` is the same in the official wording, for judging. `home` is the nearest block
    element around it; a table is its own home and has the text of all its cells. `linked` is the number of
    characters inside links, `line` counts the passages of one home from 1.
    """

    text: str
    plain: str
    home: etree._Element
    linked: int = 0
    line: int = 1
    is_table: bool = False

    @property
    def is_mostly_links(self) -> bool:
        return self.linked * 2 > len(self.text)


def is_unseen(element: etree._Element) -> bool:
    """What a reader of the page does not see."""
    if element.tag in _UNSEEN:
        return True
    style = element.get("style")
    return style is not None and ("none" in style or "NONE" in style) and _HIDDEN.search(style) is not None


def hides_nothing(element: etree._Element) -> bool:
    """Whether all that is inside is seen."""
    if next(element.iterdescendants(*_UNSEEN), None) is not None:
        return False
    return _HIDDEN_IN_LOWER_CASE.search("\n".join(_styles(element)).lower()) is None


def is_inline(element: etree._Element) -> bool:
    """Word's own elements too (`st1:chsdate` around every date)."""
    return element.tag not in BLOCKS


class _Pen:
    """Collects the text of one paragraph until a block begins or ends."""

    def __init__(self, wording: Callable[[str], str]) -> None:
        self._wording = wording
        self._pieces: list[str] = []
        self._linked = 0
        self._lines: dict[etree._Element, int] = {}
        self.links_open = 0

    def write(self, text: str | None) -> None:
        if text:
            self._pieces.append(text)
            if self.links_open:
                self._linked += len(text.strip())

    def lift(self, home: etree._Element) -> Passage | None:
        text, linked = fold("".join(self._pieces)), self._linked
        self._pieces.clear()
        self._linked = 0
        if not text:
            return None
        self._lines[home] = self._lines.get(home, 0) + 1
        return Passage(text, self._wording(text), home, linked, self._lines[home])

    def copy_table(self, table: etree._Element) -> Passage:
        text = fold(" ".join(_texts(table)))
        return Passage(text, self._wording(text), table, is_table=True)


def passages(
    root: etree._Element, data_tables: frozenset[etree._Element], wording: Callable[[str], str] = str
) -> Iterator[Passage]:
    """Every visible word under `root` exactly once. Elements of `data_tables` come whole; other tables are
    only layout and are seen through. `<br>` ends a paragraph as `</p>` does.
    """
    pen, homes = _Pen(wording), [root]
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            if passage := _leave(element, pen, homes):
                yield passage
        elif is_unseen(element):
            homes.append(element)
            walk.skip_subtree()
        else:
            if passage := _enter(element, pen, homes):
                yield passage
            if element in data_tables:
                yield pen.copy_table(element)
                walk.skip_subtree()
            else:
                pen.write(element.text)


def _enter(element: etree._Element, pen: _Pen, homes: list[etree._Element]) -> Passage | None:
    """The passage that ends where the element begins."""
    if element.tag == "a":
        pen.links_open += 1
    if is_inline(element) or element is homes[0]:
        return None
    passage = pen.lift(homes[-1])
    homes.append(element)
    return passage


def _leave(element: etree._Element, pen: _Pen, homes: list[etree._Element]) -> Passage | None:
    """The passage that ends where the element does."""
    passage = None
    if element.tag == "a" and pen.links_open:
        pen.links_open -= 1
    if homes[-1] is element:
        if not is_unseen(element):
            passage = pen.lift(homes[-1])
        if len(homes) > 1:
            homes.pop()
    if element is not homes[0]:
        pen.write(element.tail)
    return passage
