"""HTML to a tree, without losing what the parser gives up on.

libxml2 stops at its depth limit and drops the rest with no more than a line in its error log; only then
BeautifulSoup reads the page again (about 20 times slower, and nothing is too ruined for it).
"""

from lxml import etree
from msgspec import Struct

from extract.decode import Decoded
from extract.document import Finding
from extract.words import legal_utf8

MOST_TAGS_TWICE = 100_000
"""Markup above this many tags is not read a second time: BeautifulSoup takes about 20 µs for each."""


class Page(Struct, frozen=True, gc=False):
    """`root` is never changed after parsing, so that the places of cells are those of the page."""

    root: etree._Element
    findings: tuple[Finding, ...] = ()


def parse(page: Decoded) -> Page:
    parser = _parser()
    root = etree.fromstring(legal_utf8(page), parser)
    if root is None:
        return Page(etree.Element("html"))
    if not _gave_up(parser):
        return Page(root)
    if page.text.count("<") > MOST_TAGS_TWICE:
        return Page(
            root, (Finding("markup_cut", "nested too deep and too large to read again; the rest is lost"),)
        )
    from extract.readers.ruins import reread

    return Page(
        reread(page.text), (Finding("markup_reread", "nested beyond libxml2's limit; read by BeautifulSoup"),)
    )


def _parser() -> etree.HTMLParser:
    """Nothing is looked up by id, and not collecting them saves a fifth of the parsing."""
    return etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, collect_ids=False
    )


def _gave_up(parser: etree.HTMLParser) -> bool:
    return any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log)
