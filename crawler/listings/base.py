"""The seam for content systems: one small class of pure methods for each family of listings."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from crawler.page import Page

FULL_DATE = re.compile(r"((?:19|20)\d\d)\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?!\d)")
MOST_PAGES = 300  # of one listing; pagers that echo their last page for ever end here
FORM = ("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
BY_SCRIPT = ("X-Requested-With", "XMLHttpRequest")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a listing. `date` is as printed beside it, or empty."""

    url: str
    words: str
    date: str = ""

    @property
    def day(self) -> str:
        """The date in ISO 8601; empty where it has no year, or is no day."""
        printed = FULL_DATE.match(self.date)
        try:
            return date(*(int(part) for part in printed.groups())).isoformat() if printed else ""
        except ValueError:
            return ""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """How to ask for one more page of a listing; some families want a form posted."""

    url: str
    method: str = "GET"
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


class Listing(ABC):
    """A family of listings. Methods are pure: the same page gives the same answer, in page order.

    What a family's script is answered, in JSON, XML or a piece of HTML, is a page of the listing too.
    """

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

    def columns(self, page: Page) -> list[Entry]:  # noqa: ARG002 - most families link their columns plainly
        """Columns that only a script would show: their names, and where their lists are asked for."""
        return []


def requests(urls: Iterable[str | None], page: Page) -> list[PageRequest]:
    """One GET for each address, once, without the page itself and in order, up to MOST_PAGES."""
    found = dict.fromkeys(url for url in urls if url and url != page.address(page.url))
    return [PageRequest(url) for url in list(found)[:MOST_PAGES]]


def scripted(page: Page) -> tuple[tuple[str, str], ...]:
    """The headers of a page's own script; some systems refuse who does not say where he comes from."""
    return (BY_SCRIPT, ("Referer", page.url))


def form(page: Page, reference: str, fields: Mapping[str, str]) -> list[PageRequest]:
    """The request that posts `fields`; none where the reference is no web address."""
    url = page.address(reference)
    body = urlencode(fields, encoding=page.encoding, errors="replace").encode()
    return [PageRequest(url, "POST", body, (FORM, *scripted(page)))] if url else []


def query(page: Page, reference: str, fields: Mapping[str, str]) -> list[PageRequest]:
    """The request that asks with `fields` in the address, and says where it comes from."""
    url = page.address(f"{reference}?{urlencode(fields)}")
    return [PageRequest(url, headers=scripted(page))] if url else []
