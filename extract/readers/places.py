"""From a place back to the words: what `locator` promises, kept."""

from functools import lru_cache
from importlib import import_module

from lxml import etree

from extract.decode import decode
from extract.document import Prose
from extract.readers import boxes, formats, lines, markup, read
from extract.readers.glyphs import joined
from extract.readers.grids import cell_text, data_tables
from extract.readers.mime import part
from extract.readers.passages import passages
from extract.readers.zipped import unpacked

_COUNTED = frozenset({"paragraph", "table", "sheet", "record"})
"""Places that say the how manieth of its kind a thing is; reading again counts them again."""
_PRINTED = {"pdf": "pdf", "image": "scan", "ofd": "ofd"}


def resolve(payload: bytes, place: str) -> str:
    """The text at `place`, folded as the readers fold it; LookupError where there is nothing."""
    payload, place = innermost(payload, place)
    kind, _, path = place.partition(":")
    if kind in _COUNTED:
        return _among_blocks(payload, place)
    if kind == "page":
        return _on_pages(payload, place)
    if kind == "xpath" and formats.sniff(payload) == "html":
        return _in_tree(_tree(payload), path)
    if kind == "line":
        return lines.at(_text(payload), place)
    raise LookupError(f"no place in this document: {place}")


def innermost(payload: bytes, place: str) -> tuple[bytes, str]:
    """The document that a place is in, out of whatever it is packed in, and the place there. LookupError."""
    while place.startswith("member:"):
        number, _, place = place.removeprefix("member:").partition("/")
        take = part if formats.sniff(payload) == "mhtml" else unpacked
        payload = take(payload, int(number))
    return payload, place


# The last document is kept parsed, for whoever asks for one place of it asks for all.


@lru_cache(maxsize=1)
def _text(payload: bytes) -> str:
    return decode(payload).text


@lru_cache(maxsize=1)
def _tree(payload: bytes) -> etree._Element:
    return markup.parse(decode(payload)).root


@lru_cache(maxsize=1)
def _pieces(payload: bytes) -> dict[str, str]:
    blocks = read(payload).blocks
    pieces = (piece for block in blocks for piece in ([block] if isinstance(block, Prose) else block.cells()))
    return {piece.place: piece.text for piece in pieces}


def _among_blocks(payload: bytes, place: str) -> str:
    text = _pieces(payload).get(place)
    if text is None:
        raise LookupError(f"nothing at {place}")
    return text


def _on_pages(payload: bytes, place: str) -> str:
    """Each printed format's reader has a `text_in` that reads one box of one page."""
    name = _PRINTED.get(formats.sniff(payload))
    if name is None:
        raise LookupError(f"no pages in this document: {place}")
    module = import_module(f"extract.readers.{name}")
    return joined([module.text_in(payload, page, box) for page, box in boxes.parts(place)])


def _in_tree(root: etree._Element, path: str) -> str:
    path, _, line = path.partition("#")
    try:
        found = root.getroottree().xpath(path)
    except etree.XPathError as error:
        raise LookupError(f"not a path: {path}") from error
    if not found:
        raise LookupError(f"nothing at {path}")
    if found[0].tag in ("td", "th") and not line:
        return cell_text(found[0])
    return _paragraph(found[0], int(line or 1))


def _paragraph(element: etree._Element, line: int) -> str:
    for passage in passages(element, data_tables(element)):
        if passage.home is element and passage.line == line:
            return passage.text
    if line == 1 and not "".join(element.itertext()).strip():
        return ""
    raise LookupError(f"no paragraph {line} in this element")
