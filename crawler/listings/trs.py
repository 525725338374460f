"""拓尔思 TRS WCM, the largest family: static pages index.html, index_1.html … index_{N-1}.html."""

import re
from collections.abc import Iterator

from crawler.listings.base import MOST_PAGES, Entry, Listing, PageRequest, requests
from crawler.listings.generic import Generic
from crawler.page import Page

# createPageHTML(7, 0, "index", "html"), also with the pager's id before and the number of records behind.
PAGER = re.compile(
    r"""create_?Page(?:HTML)?\(\s*(?:['"][\w-]*['"]\s*,\s*)?(?P<count>\d+)\s*,\s*(?P<current>\w+)\s*,
        \s*['"](?P<stem>[\w-]+)['"]\s*,\s*['"](?P<tail>\w+)['"]""",
    re.VERBOSE | re.IGNORECASE,
)
COUNTS = (  # of pages, where no name is said
    re.compile(r"\bcountPage\s*=\s*(?:parseInt\()?\s*['\"]?(\d+)", re.IGNORECASE),
    re.compile(r"\bpagination_script_config\s*=\s*\{[^}]*?\btotal\s*:\s*['\"]?(\d+)"),
    re.compile(r"\bcreatePage(?:HTML)?\(\s*(?:['\"][\w-]*['\"]\s*,\s*)?(\d+)\s*[,)]"),
)
OWN = re.compile(r"/([a-z][\w-]*?)(?:_\d+)?\.(s?html?)(?:[?#]|$)", re.IGNORECASE)  # the page's own name
SIGNS = ("createPage", "countPage", "pagination_script_config")  # looked for first: patterns are slow


class Trs(Listing):
    name = "trs"
    lines = Generic()

    def recognises(self, page: Page) -> bool:
        return any(sign in page.text for sign in SIGNS) and count_of(page.text) > 0

    def entries(self, page: Page) -> list[Entry]:
        return self.lines.entries(page)

    def next_pages(self, page: Page) -> list[PageRequest]:
        return requests((page.address(name) for name in page_names(page)), page)


def count_of(text: str) -> int:
    if pager := PAGER.search(text):
        return int(pager["count"])
    return next((int(match[1]) for count in COUNTS if (match := count.search(text))), 0)


def page_names(page: Page) -> Iterator[str]:
    """The file names of a listing's pages from the second; nothing where its script does not say."""
    pager, own = PAGER.search(page.text), OWN.search(page.url)
    stem, tail = (pager["stem"], pager["tail"]) if pager else (own[1], own[2]) if own else ("index", "html")
    for number in range(1, min(count_of(page.text), MOST_PAGES)):
        yield f"{stem}_{number}.{tail}"
