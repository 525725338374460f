"""Lists that a script asks for at one address, by query or form; they come as JSON or a piece of HTML."""

from collections.abc import Callable

from crawler.listings import answers
from crawler.listings.base import Entry, Listing, PageRequest, form, requests, scripted
from crawler.listings.scripts import asked_address, quoted, sent_fields
from crawler.page import Page


class Asked(Listing):
    """A system whose script asks with a query. `path` is where; the page's script has the whole address."""

    def __init__(self, name: str, path: str) -> None:
        self.name = name
        self.path = path

    def recognises(self, page: Page) -> bool:
        return self.path in page.url or bool(asked_address(page, self.path))

    def entries(self, page: Page) -> list[Entry]:
        return answers.lines(page)

    def next_pages(self, page: Page) -> list[PageRequest]:
        if self.path in page.url:
            return answers.further(page, len(self.entries(page))) or answers.GENERIC.next_pages(page)
        first = requests([page.address(asked_address(page, self.path))], page)
        return [PageRequest(each.url, headers=scripted(page)) for each in first]


class Posted(Asked):
    """A system whose script posts a form; the page's script has the names and values of its fields."""

    def recognises(self, page: Page) -> bool:
        return self.path in page.url or bool(sent_fields(page, self.path))

    def next_pages(self, page: Page) -> list[PageRequest]:
        if self.path in page.url:
            return answers.further(page, len(self.entries(page)))
        reference = asked_address(page, self.path) or next(quoted(page.text, self.path), self.path)
        return form(page, reference, sent_fields(page, self.path))


class Told(Listing):
    """An answer in JSON or XML of a maker nobody knows: what has a title and an address is an entry."""

    def __init__(self, name: str, is_own: Callable[[Page], bool]) -> None:
        self.name = name
        self.is_own = is_own

    def recognises(self, page: Page) -> bool:
        return self.is_own(page)

    def entries(self, page: Page) -> list[Entry]:
        return answers.lines(page)

    def next_pages(self, page: Page) -> list[PageRequest]:
        return answers.further(page, len(self.entries(page)))
