"""安徽 龙讯 Lonsun: /public/column/<unit>?type=3 is the unit's column of annual reports, by the system's own
numbering (1 制度, 2 指南, 3 年报, 4 目录, 5 依申请公开); pages are pieces of HTML from /site/label/8888.
"""

import re

from crawler.listings import answers
from crawler.listings.base import MOST_PAGES, Entry, Listing, PageRequest, requests, scripted
from crawler.listings.scripts import asked_address
from crawler.page import Page

COLUMN = "/public/column/"
UNIT = re.compile(r"/public/column/\d+\?(?:[^'\"\s]*&)?type=\d+")
TYPE = re.compile(r"([?&]type=)\d+.*")
NUMBER = re.compile(r"([?&]pageIndex=)\d*$")
ANNUAL = "政府信息公开年报"


class Lonsun(Listing):
    name = "lonsun"
    label = "/site/label/8888"

    def recognises(self, page: Page) -> bool:
        has_units = COLUMN in page.text and bool(UNIT.search(page.text))
        return self.label in page.url or self.label in page.text or has_units

    def entries(self, page: Page) -> list[Entry]:
        return [] if self.is_tree(page) else answers.lines(page)

    def next_pages(self, page: Page) -> list[PageRequest]:
        if self.label in page.url:
            return answers.further(page, len(self.entries(page)))
        address = asked_address(page, self.label)
        last = min(answers.said(answers.PAGE_COUNT, page.text), MOST_PAGES)
        first = 2 if self.entries(page) else 1
        numbered = (NUMBER.sub(rf"\g<1>{number}", address) for number in range(first, last + 1))
        found = requests([page.address(each) for each in numbered if address], page)
        return [PageRequest(each.url, headers=scripted(page)) for each in found]

    def columns(self, page: Page) -> list[Entry]:
        """The annual column of every unit that the page links to, whichever of its columns the link names."""
        if self.is_tree(page):
            return answers.lines(page)
        units = (anchor for anchor in page.anchors if UNIT.search(anchor.href))
        found = ((page.address(TYPE.sub(r"\g<1>3&action=list", each.href)), each.words) for each in units)
        return [Entry(url, f"{words}{ANNUAL}") for url, words in found if url]

    @staticmethod
    def is_tree(page: Page) -> bool:
        return page.data is not None and page.asked.get("labelName") == "columnTree"
