"""The files that a page offers or shows: by their ending, by the script that sends them, or in a viewer.

Pure, so that saved pages are asked in the same way as fetched ones which files belong to them.
"""

from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from crawler.page import SCRIPT_ADDRESS, Anchor, Page, decode, squeeze, text_of, viewed_file
from crawler.rules import RULES

CLICKED = etree.XPath("descendant::*[contains(@onclick, 'open(') and not(self::a or self::area)]")


def files_on(page: Page) -> Iterator[Anchor]:
    """Links to files, frames that show one, and what a click opens; `href` leads to the file itself, also
    where a viewer such as pdf.js stands between.
    """
    for anchor in (*page.anchors, *page.frames, *opened_by_click(page)):
        href = viewed_file(anchor.href)
        if is_file(href, anchor.words):
            yield replace(anchor, href=href)


def is_file(href: str, words: str) -> bool:
    """A file's name may be only in the words of a link whose address is a script's."""
    return RULES.may_be_file(href) and not RULES.never.search(words)


def opened_by_click(page: Page) -> Iterator[Anchor]:
    """`onclick="window.open('a.pdf')"` on what is no link: a button, a picture, a line of a list."""
    if "open(" not in page.text:  # far cheaper than to look at every element
        return
    for element in CLICKED(page.tree):
        if match := SCRIPT_ADDRESS.search(element.get("onclick")):
            yield Anchor(match[1], squeeze(text_of(element)), element)


def files_of(url: str, body: bytes) -> tuple[str, ...]:
    """The addresses of the files of a page as it was received, each once, in order."""
    if not RULES.may_offer_files(body):
        return ()
    text, encoding = decode(body)
    page = Page(url, text, encoding)
    found = (page.address(file.href) for file in files_on(page))
    return tuple(dict.fromkeys(address for address in found if address and address != url))
