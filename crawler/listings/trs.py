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
COUNT = re.compile(r"\bcountPage\s*=\s*(?:parseInt\()?\s*['\"]?(?P<count>\d+)", re.IGNORECASE)
SIGNS = ("PageHTML(", "countPage")  # looked for first, for patterns are slow on long pages


class Trs(Listing):
    name = "trs"
    lines = Generic()

    def recognises(self, page: Page) -> bool:
        signs = any(sign in page.text for sign in SIGNS)
        return signs and bool(PAGER.search(page.text) or COUNT.search(page.text))

    def entries(self, page: Page) -> list[Entry]:
        return self.lines.entries(page)

    def next_pages(self, page: Page) -> list[PageRequest]:
        return requests((page.address(name) for name in page_names(page.text)), page)


def page_names(text: str) -> Iterator[str]:
    """The file names of a listing's pages from the second; nothing where its script does not say."""
    pager, count = PAGER.search(text), COUNT.search(text)
    stem, tail = (pager["stem"], pager["tail"]) if pager else ("index", "html")
    match = pager or count
    pages = min(int(match["count"]), MOST_PAGES) if match else 0
    for number in range(1, pages):
        yield f"{stem}_{number}.{tail}"
