"""The files that a page offers or shows: by their ending, by the script that sends them, or in a viewer.

Pure, so that saved pages are asked in the same way as fetched ones which files belong to them.
"""

from collections.abc import Iterator
from functools import lru_cache

from msgspec import structs

from crawler.anchors import Anchor
from crawler.page import Page, decode, viewed_file
from crawler.rules import REMEMBERED, RULES


def files_on(page: Page) -> Iterator[Anchor]:
    """Links to files, also by a click, and frames that show one; `href` leads to the file itself, also
    where a viewer such as pdf.js stands between.
    """
    for anchor in (*page.anchors, *page.frames):
        href = file_at(anchor.href)
        if href and not RULES.never.search(anchor.words):
            yield structs.replace(anchor, href=href)


@lru_cache(REMEMBERED)
def file_at(reference: str) -> str:
    """The file that the reference leads to, at once or in a viewer; empty where it leads to none. Remembered,
    for the menu of a site stands on each of its pages.
    """
    href = viewed_file(reference)
    return href if RULES.may_be_file(href) else ""


def files_of(url: str, body: bytes) -> tuple[str, ...]:
    """The addresses of the files of a page as it was received, each once, in order."""
    if not RULES.may_offer_files(body):
        return ()
    text, encoding = decode(body)
    page = Page(url, text, encoding)
    found = (page.address(file.href) for file in files_on(page))
    return tuple(dict.fromkeys(address for address in found if address and address != url))
