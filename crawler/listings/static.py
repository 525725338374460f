"""Systems that write their lists out as files: what is theirs is how they name entries and pages."""

import re

from crawler.listings.base import MOST_PAGES, Entry, Listing, PageRequest, requests
from crawler.listings.generic import Generic
from crawler.page import Page


class Static(Listing):
    """Only this system's pages have one of the `marks`, or an address like `sign`. To look for a mark is ten
    times faster than a pattern. Lines and pager are plain links.
    """

    lines = Generic()

    def __init__(self, name: str, sign: str, *marks: str) -> None:
        self.name = name
        self.sign = re.compile(sign)
        self.marks = marks

    def recognises(self, page: Page) -> bool:
        return any(mark in page.text for mark in self.marks) or bool(self.sign.search(page.text))

    def entries(self, page: Page) -> list[Entry]:
        return self.lines.entries(page)

    def next_pages(self, page: Page) -> list[PageRequest]:
        return self.lines.next_pages(page)


class Vsb(Static):
    """博达 VSB numbers downwards, so that an old page keeps its address: after gknb.htm of twelve pages comes
    gknb/11.htm, and the last is gknb/1.htm.
    """

    count = re.compile(r"共\d+条(?:&nbsp;|\s)*1/(\d+)")
    first = re.compile(r"([^/]+)\.htm$")

    def next_pages(self, page: Page) -> list[PageRequest]:
        counted, named = self.count.search(page.text), self.first.search(page.url)
        if not (counted and named):
            return super().next_pages(page)
        last = int(counted[1])
        numbers = range(last - 1, max(last - MOST_PAGES, 0), -1)
        return requests((page.address(f"{named[1]}/{number}.htm") for number in numbers), page)
