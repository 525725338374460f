"""The second reader: what BeautifulSoup makes of markup that libxml2 gave up on, as the same kind of tree."""

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement, PreformattedString
from lxml import etree

from extract.words import legal

_DEEPEST, _DEEPEST_TABLE = 100, 200
_OF_TABLES = frozenset({"table", "tbody", "thead", "tr", "td", "th"})
_MEANINGLESS = frozenset({"font", "span", "b", "i", "u", "em", "strong", "big", "small", "ins", "st1", "o:p"})
_CLOSES = {
    "p": frozenset({"p"}),
    "li": frozenset({"li"}),
    "td": frozenset({"td", "th"}),
    "th": frozenset({"td", "th"}),
    "tr": frozenset({"td", "th", "tr"}),
}


def reread(text: str) -> etree._Element:
    """The same page as a shallow tree: meaningless inline tags are transparent, and nothing nests deeper
    than `_DEEPEST`, because what is open that deep was only never closed.
    """
    root = etree.Element("html")
    homes: dict[int, tuple[etree._Element, int]] = {}
    soup = BeautifulSoup(text, "html.parser")
    homes[id(soup)] = (root, 0)
    for node in soup.descendants:
        _settle(node, homes)
    return root


def _settle(node: PageElement, homes: dict[int, tuple[etree._Element, int]]) -> None:
    home, depth = _still_open(*homes[id(node.parent)])
    if isinstance(node, Tag):
        homes[id(node)] = _new_home(node, home, depth)
    elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
        _append_text(home, str(node))


def _still_open(home: etree._Element, depth: int) -> tuple[etree._Element, int]:
    """What something has since been put behind is closed; its parent takes what comes, in order."""
    open_home, open_depth = home, depth
    while depth:
        parent = home.getparent()
        if home.getnext() is not None:
            open_home, open_depth = parent, depth - 1
        home, depth = parent, depth - 1
    return open_home, open_depth


def _new_home(tag: Tag, home: etree._Element, depth: int) -> tuple[etree._Element, int]:
    if tag.name == "html" or (tag.name in _MEANINGLESS and not tag.get("style")):
        return home, depth
    while home.tag in _CLOSES.get(tag.name, ()):
        home, depth = home.getparent(), depth - 1
    if tag.name == home.tag == "div" and not len(home) and not (home.text or "").strip():
        return home, depth
    while depth >= (_DEEPEST_TABLE if tag.name in _OF_TABLES else _DEEPEST):
        home, depth = home.getparent(), depth - 1
    return _child(tag, home), depth + 1


def _child(tag: Tag, home: etree._Element) -> etree._Element:
    name = tag.name if tag.name.isalnum() and tag.name.isascii() and tag.name[0].isalpha() else "div"
    child = etree.SubElement(home, name)
    for key in ("class", "id", "style", "href", "colspan", "rowspan", "name", "content", "title"):
        value = tag.get(key)
        if value is not None:
            child.set(key, legal(" ".join(value) if isinstance(value, list) else value))
    return child


def _append_text(home: etree._Element, text: str) -> None:
    if len(home):
        home[-1].tail = (home[-1].tail or "") + legal(text)
    else:
        home.text = (home.text or "") + legal(text)
