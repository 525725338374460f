"""The seam for content systems: one small class of pure methods for each family of listings."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass

from crawler.page import Page

MOST_PAGES = 300  # of one listing; pagers that echo their last page for ever end here


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a listing. `date` is as printed beside it, or empty."""

    url: str
    words: str
    date: str = ""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """How to ask for one more page of a listing; some families want a form posted."""

    url: str
    method: str = "GET"
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


class Listing(ABC):
    """A family of listings. Methods are pure: the same page gives the same answer, in page order."""

    name: str

    @abstractmethod
    def recognises(self, page: Page) -> bool:
        """Whether the page bears this family's fingerprints."""

    @abstractmethod
    def entries(self, page: Page) -> list[Entry]:
        """What the page lists, the site's furniture left out."""

    @abstractmethod
    def next_pages(self, page: Page) -> list[PageRequest]:
        """Further pages of the same listing, as many as this page gives away; never the page itself."""


def requests(urls: Iterable[str | None], page: Page) -> list[PageRequest]:
    """One GET for each address, once, without the page itself and in order, up to MOST_PAGES."""
    found = dict.fromkeys(url for url in urls if url and url != page.address(page.url))
    return [PageRequest(url) for url in list(found)[:MOST_PAGES]]
