"""ASP.NET with an AspNetPager: a page of a list is the form of another sent back, hidden fields and all."""

import re
from collections.abc import Iterator

from crawler.listings.base import MOST_PAGES, Entry, Listing, PageRequest, form
from crawler.listings.generic import Generic
from crawler.page import Page

POST_BACK = re.compile(r"""__doPostBack\('(?P<target>[^']*[Pp]ager[^']*)','(?P<number>\d+)'\)""")
STATE = "__VIEWSTATE"


class AspNet(Listing):
    name = "aspnet"
    lines = Generic()

    def recognises(self, page: Page) -> bool:
        return STATE in page.text and bool(POST_BACK.search(page.text))

    def entries(self, page: Page) -> list[Entry]:
        return self.lines.entries(page)

    def next_pages(self, page: Page) -> list[PageRequest]:
        """One at a time: the state to send back is the page's own, and large."""
        said = page.asked.get("__EVENTARGUMENT", "")
        wanted = int(said) + 1 if said.isdecimal() else 2
        target = next((target for target, number in self.numbers(page) if number == wanted), "")
        if not target or wanted > MOST_PAGES:
            return []
        fields = self.hidden(page) | {"__EVENTTARGET": target, "__EVENTARGUMENT": str(wanted)}
        return form(page, self.action(page), fields)

    @staticmethod
    def numbers(page: Page) -> Iterator[tuple[str, int]]:
        return ((match["target"], int(match["number"])) for match in POST_BACK.finditer(page.text))

    @staticmethod
    def hidden(page: Page) -> dict[str, str]:
        fields = page.tree.xpath("//input[@type='hidden' and @name]")
        return {field.get("name"): field.get("value") or "" for field in fields}

    @staticmethod
    def action(page: Page) -> str:
        return next((each.get("action") for each in page.tree.iter("form") if each.get("action")), page.url)
