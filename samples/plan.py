"""Where everything on a site lies."""

from collections.abc import Iterator
from typing import NamedTuple
from zlib import crc32

from samples.families import FAMILIES, Family
from samples.families.base import Shelf, pages_of
from samples.files import OFFERS, address_of, stem_of
from samples.site import Entry, Linked, Listing, Site


class Turn(NamedTuple):
    """One page of a listing, among others."""

    number: int
    path: str


class Plan:
    def __init__(self, site: Site) -> None:
        self.site = site
        self.family: Family = FAMILIES[site.family]
        self.addressed = dict(self.address_entries())
        self.linked = {
            path: [linked for linked in items if not linked[0].is_unlisted]
            for path, items in self.addressed.items()
        }
        self.shelf = Shelf(site, self.linked)
        self.navigation = [(item.name, self.first(item)) for item in site.children("")]

    def address_entries(self) -> Iterator[tuple[str, list[Linked]]]:
        serials = serials_of(self.site)
        for listing in self.site.listings:
            yield (
                listing.path,
                [
                    (entry, self.address(listing, entry, serials[listing.path, place]))
                    for place, entry in enumerate(listing.entries)
                ],
            )

    def address(self, listing: Listing, entry: Entry, serial: int) -> str:
        address = self.family.entry(self.site, listing, entry, serial)
        if entry.report and is_file(entry):
            return address_of(OFFERS[entry.report.offer], stem_of(address))
        return address

    def first(self, listing: Listing) -> str:
        return self.turns(listing)[0].path

    def turns(self, listing: Listing) -> list[Turn]:
        last = pages_of(self.shelf, listing)
        return [Turn(n, self.family.listing(self.site, listing, n, last)) for n in range(1, last + 1)]

    def newest(self, listing: Listing, limit: int) -> list[Linked]:
        """Show what is new in a listing or anywhere under it."""
        under = [
            item for path, items in self.linked.items() if is_under(path, listing.path) for item in items
        ]
        return sorted(under, key=lambda item: item[0].published, reverse=True)[:limit]

    def panes(self, path: str, limit: int) -> list[tuple[str, str, list[Linked]]]:
        return [(item.name, self.first(item), self.newest(item, limit)) for item in self.site.children(path)]

    def breadcrumb(self, listing: Listing) -> list[tuple[str, str]]:
        return [(item.name, self.first(item)) for item in self.site.ancestors(listing.path)]


def is_file(entry: Entry) -> bool:
    """Whether lists link to a file, and no page stands between."""
    return bool(entry.report and entry.report.offer and not OFFERS[entry.report.offer].markup)


def is_under(path: str, top: str) -> bool:
    return path == top or path.startswith(top + "/")


def serials_of(site: Site) -> dict[tuple[str, int], int]:
    """A serial for every entry by its listing's path and its place: growing with time, as a database's do,
    and the same however many other entries come and go.
    """
    entries = [
        (entry.day, entry.title, listing.path, place)
        for listing in site.listings
        for place, entry in enumerate(listing.entries)
    ]
    serials: dict[tuple[str, int], int] = {}
    taken: set[int] = set()
    for day, title, path, place in sorted(entries):
        serial = day.toordinal() % 100000 * 10000 + crc32(title.encode()) % 10000
        while serial in taken:
            serial += 1
        taken.add(serial)
        serials[path, place] = serial
    return serials
