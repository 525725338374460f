"""What a content system is to the invented web: how it names its pages and what its scripts can ask."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import md5
from html import escape
from typing import Any

from samples.answers import Answer, Question
from samples.site import Entry, Linked, Listing, Site


@dataclass(frozen=True)
class Shelf:
    """What a site has to show: its entries with their addresses, by the path of their listing."""

    site: Site
    linked: Mapping[str, list[Linked]]

    @cached_property
    def by_number(self) -> dict[str, Listing]:
        """Listings by the number that scripts know them by."""
        return {str(number_of(self.site, listing)): listing for listing in self.site.listings}

    def of(self, listing: Listing) -> list[Linked]:
        return [] if listing.is_empty else self.linked[listing.path]

    def turn(self, listing: Listing, number: int, size: int = 0) -> list[Linked]:
        """The entries of one page, from 1; none beyond the last."""
        size = size or listing.page_size
        return self.of(listing)[(number - 1) * size : number * size] if number > 0 else []


class Family:
    """One content system. Page numbers are from 1, newest entries first; serials are one a site.

    `skeleton` is the template of all its pages; `vessel` what stands around an entry's content.
    """

    skeleton = "platform.html"
    vessel = ('<div id="zoom" class="content">', "</div>")
    changes_nightly = False  # its pages say something else every night, whatever they list
    turns_by_script = False  # the first page is a page; the others are asked for by its script

    def listing(self, site: Site, listing: Listing, number: int, last: int) -> str:
        """The address of a page of a listing, beginning with a slash."""
        raise NotImplementedError

    def entry(self, site: Site, listing: Listing, entry: Entry, serial: int) -> str:
        raise NotImplementedError

    def is_drawn(self, listing: Listing, number: int) -> bool:
        """Whether this page of a listing is a page that can be fetched by its address."""
        del listing
        return number == 1 or not self.turns_by_script

    def script(self, shelf: Shelf, listing: Listing) -> dict[str, Any]:
        """What the template of a page of the listing needs to know besides its entries."""
        del shelf, listing
        return {}

    def answer(self, shelf: Shelf, question: Question) -> Answer | None:
        """What is no page but an answer to a script; None where nothing is there."""
        del shelf, question
        return None

    def posted(self, shelf: Shelf, question: Question) -> tuple[Listing, int] | None:
        """The page of a listing that a form sent back asks for."""
        del shelf, question
        return None


def number_of(site: Site, listing: Listing) -> int:
    """A column's number, as a database would have it: large, and no two sites alike."""
    return int(site.region) * 100 + 11 + site.listings.index(listing)


def pages_of(shelf: Shelf, listing: Listing) -> int:
    return max(1, -(-len(shelf.of(listing)) // listing.page_size))


def hexadecimal(site: Site, serial: int) -> str:
    """32 digits, as systems name what they publish."""
    return md5(f"{site.host}/{serial}".encode(), usedforsecurity=False).hexdigest()


def lines(entries: Sequence[Linked]) -> str:
    """Entries as a fragment of a list."""
    return "".join(f"<li>{anchor(*each)}<span>{each[0].published}</span></li>" for each in entries)


def anchor(entry: Entry, address: str) -> str:
    title = escape(entry.title)
    return f'<a href="{address}" title="{title}" target="_blank">{title}</a>'
