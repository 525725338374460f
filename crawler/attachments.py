"""The files that a page offers or shows: by their ending, by the script that sends them, or in a viewer.

Pure, so that saved pages are asked in the same way as fetched ones which files belong to them.
"""

from collections.abc import Iterator
from dataclasses import replace

from crawler.anchors import Anchor
from crawler.page import Page, decode, viewed_file
from crawler.rules import RULES


def files_on(page: Page) -> Iterator[Anchor]:
    """Links to files, also by a click, and frames that show one; `href` leads to the file itself, also
    where a viewer such as pdf.js stands between.
    """
    for anchor in (*page.anchors, *page.frames):
        href = viewed_file(anchor.href)
        if is_file(href, anchor.words):
            yield replace(anchor, href=href)


def is_file(href: str, words: str) -> bool:
    """A file's name may be only in the words of a link whose address is a script's."""
    return RULES.may_be_file(href) and not RULES.never.search(words)


def files_of(url: str, body: bytes) -> tuple[str, ...]:
    """The addresses of the files of a page as it was received, each once, in order."""
    if not RULES.may_offer_files(body):
        return ()
    text, encoding = decode(body)
    page = Page(url, text, encoding)
    found = (page.address(file.href) for file in files_on(page))
    return tuple(dict.fromkeys(address for address in found if address and address != url))
