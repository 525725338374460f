"""大汉 Hanweb's three generations: jpage lists, the module 信息公开目录 (xxgk), and JPAAS in the cloud."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice, product
from urllib.parse import parse_qs, urlsplit

from crawler.listings import answers
from crawler.listings.base import MOST_PAGES, Entry, Listing, PageRequest, form, query
from crawler.listings.scripts import asked_address, sent_fields
from crawler.page import Page, text_of
from crawler.tags import squeeze

NEXT_GROUP = re.compile(r"<nextgroup>\s*(?:<!\[CDATA\[)?\s*<a\s+href=[\"']([^\"']+)[\"']", re.IGNORECASE)
PROXY = re.compile(r"""['"]?proxyUrl['"]?\s*:\s*['"]([^'"]+)""")
COUNTED = re.compile(r"""['"]?(totalRecord|perPage)['"]?\s*:\s*['"]?(\d+)""")
GROUP = 3  # pages of a list that the script asks for at once
MOST_REPORTS = 3000  # areas times years

QUERY_DATA = re.compile(r"""['"](\w+)['"]\s*:\s*['"]([^'"]*)['"]""")


class Jpage(Listing):
    """The first records lie in the page's `<datastore>`; the rest is asked of dataproxy.jsp, three pages at
    once. `?uid=..&pageNum=N` on the column is for the browser alone and gives the first page for ever.
    """

    name = "jpage"

    def recognises(self, page: Page) -> bool:
        return "<datastore>" in page.text or "dataproxy.jsp" in page.text

    def entries(self, page: Page) -> list[Entry]:
        return answers.lines(page)

    def next_pages(self, page: Page) -> list[PageRequest]:
        """As the browser posts for them; where the page does not say how, the address of `<nextgroup>` as it
        stands, for its ids may be encrypted.
        """
        if "startrecord" in page.asked:
            return []  # the column named them all
        return self.groups(page) or self.named_group(page) or answers.further(page, len(self.entries(page)))

    @staticmethod
    def groups(page: Page) -> list[PageRequest]:
        proxy, counted = PROXY.search(page.text), dict(COUNTED.findall(page.text))
        fields = sent_fields(page, "ajaxParam")
        if not (proxy and fields and len(counted) > 1):
            return []
        size, total = max(GROUP * int(counted["perPage"]), 1), int(counted["totalRecord"])
        asked = []
        for first in range(size + 1, min(total, MOST_PAGES * size) + 1, size):
            last = min(first + size - 1, total)
            rows = f"startrecord={first}&endrecord={last}&perpage={counted['perPage']}"
            asked += form(page, f"{proxy[1]}?{rows}", fields)
        return asked

    @staticmethod
    def named_group(page: Page) -> list[PageRequest]:
        group = NEXT_GROUP.search(page.text)
        url = page.address(group[1].replace("&amp;", "&")) if group else None
        return [PageRequest(url, headers=(("Referer", page.url),))] if url and url != page.url else []


class Xxgk(Listing):
    """The lists of a theme come by POST from search.jsp; the report of a unit from xxgkAnnualReport.jsp,
    asked for by its area (a unified social credit code, or an older one) and its year.
    """

    name = "xxgk"
    search, annual, tree = "/module/xxgk/search.jsp", "xxgkAnnualReport.jsp", "/module/xxgk/tree.jsp"

    def recognises(self, page: Page) -> bool:
        return "/module/xxgk/" in page.text or "/module/xxgk/" in page.url

    def entries(self, page: Page) -> list[Entry]:
        return list({entry.url: entry for entry in (*answers.lines(page), *self.reports(page))}.values())

    def next_pages(self, page: Page) -> list[PageRequest]:
        if self.search in page.url:
            return answers.further(page, len(self.entries(page)))
        address = asked_address(page, self.search)
        return form(page, address, sent_fields(page, self.search)) if address else []

    def columns(self, page: Page) -> list[Entry]:
        url = page.address(asked_address(page, self.tree) or "")
        return [Entry(url, "政府信息公开目录")] if url and self.tree in url else []

    def reports(self, page: Page) -> Iterator[Entry]:
        """Every unit in every year that the page offers to choose from."""
        if self.annual not in page.text:
            return
        asked = dict(self.linked(page))
        areas = asked | chosen(page, "area")
        years = chosen(page, "fbtime") or dict.fromkeys(self.years_linked(page), "")
        for (area, unit), year in islice(product(areas.items(), years), MOST_REPORTS):
            if url := page.address(f"/module/xxgk/{self.annual}?fbtime={year}&area={area}"):
                yield Entry(url, f"{unit}{year}年政府信息公开年报")

    def linked(self, page: Page) -> Iterator[tuple[str, str]]:
        """The areas that the page links to, with what the link says."""
        for anchor in page.anchors:
            if self.annual in anchor.href:
                for area in parse_qs(urlsplit(anchor.href).query).get("area", ()):
                    yield area, anchor.words

    def years_linked(self, page: Page) -> Iterator[str]:
        for anchor in page.anchors:
            if self.annual in anchor.href:
                yield from parse_qs(urlsplit(anchor.href).query).get("fbtime", ())


def chosen(page: Page, name: str) -> dict[str, str]:
    """The values that a form's field lets choose from, with their words."""
    return {
        option.get("value"): squeeze(text_of(option))
        for field in page.tree.iter("select")
        if field.get("name") == name
        for option in field.iter("option")
        if option.get("value")
    }


class Jpaas(Listing):
    """An element of the page says what its script asks with (queryData), where (unitUrl), and how much there
    is (count, rows). The answer is JSON with a piece of HTML, and 403 for who does not say where he comes
    from. Abroad every page may be the first one; then the echo ends it (traps.py).
    """

    name = "jpaas"
    unit = "/api-gateway/jpaas-publish-server/"

    def recognises(self, page: Page) -> bool:
        return self.unit in page.url or self.unit in page.text

    def entries(self, page: Page) -> list[Entry]:
        return answers.lines(page)

    def next_pages(self, page: Page) -> list[PageRequest]:
        if self.unit in page.url:
            return answers.further(page, len(self.entries(page)))
        holders = page.tree.xpath("//*[@querydata]")
        return [request for holder in holders for request in self.asked(page, dict(holder.attrib))]

    def asked(self, page: Page, said: Mapping[str, str]) -> Iterator[PageRequest]:
        """All pages where the page says how many; the first of them lies in the page, unless it is empty."""
        fields = dict(QUERY_DATA.findall(said["querydata"]))
        reference = said.get("uniturl") or f"{self.unit}front/page/build/unit"
        count, size = self.counted(page)
        first = 2 if self.entries(page) else 1
        last = min(-(-count // size), MOST_PAGES)
        for number in range(first, max(last, first if first == 1 else 0) + 1):
            yield from query(page, reference, {**fields, "rows": str(size), "pageNo": str(number)})

    @staticmethod
    def counted(page: Page) -> tuple[int, int]:
        """How many entries there are, and on a page; as the pager's attributes say it."""
        for holder in page.tree.xpath("//*[@count and @rows]"):
            count, rows = holder.get("count"), holder.get("rows")
            if count.isdecimal() and rows.isdecimal() and int(rows):
                return int(count), int(rows)
        return 0, 15
