"""开普 UCAP: files that count from 1 (after common_list.shtml comes common_list_2.shtml), or JSON from
/common/search/ and the column's 32 digits.
"""

import re
from collections.abc import Iterator

from crawler.listings.asked import Asked
from crawler.listings.base import MOST_PAGES, PageRequest, requests
from crawler.listings.generic import Generic
from crawler.page import Page

NAME = "common_"
LISTED = re.compile(r"\bcommon_(?:list|zfxxgk\w*)\b")
MARKS = ("<UCAP", "UCAP-CONTENT")
PAGER = re.compile(
    r"""createPageHTML\(\s*['"][\w-]*['"]\s*,\s*(?P<count>\d+)\s*,\s*(?P<current>\d+)\s*,
        \s*['"](?P<stem>[\w-]+)['"]\s*,\s*['"](?P<tail>\w+)['"]""",
    re.VERBOSE,
)


class Ucap(Asked):
    lines = Generic()

    def __init__(self) -> None:
        super().__init__("ucap", "/common/search/")

    def recognises(self, page: Page) -> bool:
        is_named = any(mark in page.text for mark in MARKS)
        has_list = NAME in page.text and bool(LISTED.search(page.text))
        return is_named or has_list or super().recognises(page)

    def next_pages(self, page: Page) -> list[PageRequest]:
        return super().next_pages(page) or self.lines.next_pages(page) or self.files(page)

    @staticmethod
    def files(page: Page) -> list[PageRequest]:
        pager = PAGER.search(page.text)
        return requests((page.address(name) for name in names(pager)), page) if pager else []


def names(pager: re.Match[str]) -> Iterator[str]:
    for number in range(2, min(int(pager["count"]), MOST_PAGES) + 1):
        yield f"{pager['stem']}_{number}.{pager['tail']}"
