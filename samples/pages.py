"""Every page of an invented site by its path. Pages are drawn when first asked for."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from samples.families import FAMILIES, Family
from samples.reports import article_context, report_context
from samples.site import Entry, Listing, Site

OPENED = date(2020, 1, 1)  # the age of pages that carry no date of their own
Linked = tuple[Entry, str]  # an entry and its address


class Turn(NamedTuple):
    """One page of a listing, among others."""

    number: int
    path: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page not yet drawn. `address` is its path, from which its links are reckoned."""

    site: Site
    address: str
    template: str
    title: str = ""
    modified: date = OPENED
    status: int = 200
    context: dict[str, Any] = field(default_factory=dict)

    def draw(self) -> bytes:
        text = ENVIRONMENT.get_template(self.template).render(
            site=self.site, address=self.address, title=self.title, href=self.href, **(BARE | self.context)
        )
        return text.encode(self.site.encoding)

    def href(self, target: str) -> str:
        """TRS sites link relatively, the others from the root."""
        if self.site.family != "trs" or target.endswith("/"):
            return target
        return posixpath.relpath(target, posixpath.dirname(self.address))


# What a skeleton asks about on every page; a page says only what is different on it.
BARE: dict[str, Any] = {
    "kind": "",
    "listing": None,
    "entry": None,
    "panes": [],
    "entries": [],
    "breadcrumb": [],
}


def spaced(label: str) -> str:
    """Stretch a short heading as typists do: 自 然 人."""
    return " ".join(label) if len(label) <= 4 else label


def shortened(title: str) -> str:
    return title if len(title) <= 34 else title[:32] + "..."


def make_environment() -> Environment:
    loader = FileSystemLoader(Path(__file__).parent / "templates")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"spaced": spaced, "shortened": shortened}
    return environment


ENVIRONMENT = make_environment()


class Plan:
    """Where everything on a site lies."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.family: Family = FAMILIES[site.family]
        self.skeleton = f"{site.family}.html"
        self.linked = dict(self.link_entries())
        self.navigation = [(item.name, self.first(item)) for item in site.children("")]

    def link_entries(self) -> Iterator[tuple[str, list[Linked]]]:
        """Give every entry its address; serials grow with time, as a database's do."""
        entries = [(item, entry) for item in self.site.listings for entry in item.entries]
        by_age = sorted(range(len(entries)), key=lambda index: entries[index][1].published)
        serials = {index: 1000 + 7 * age for age, index in enumerate(by_age)}
        addresses = [
            self.family.entry(self.site, *pair, serials[index]) for index, pair in enumerate(entries)
        ]
        for item in self.site.listings:
            pairs = zip(entries, addresses, strict=True)
            yield item.path, [(entry, address) for (of, entry), address in pairs if of is item]

    def first(self, listing: Listing) -> str:
        return self.turns(listing)[0].path

    def turns(self, listing: Listing) -> list[Turn]:
        last = max(1, -(-len(listing.entries) // listing.page_size))
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


def is_under(path: str, top: str) -> bool:
    return path == top or path.startswith(top + "/")


def build_pages(site: Site) -> dict[str, Page]:
    """Lay out a site's pages by path, robots.txt among them."""
    plan = Plan(site)
    pages = [home_page(plan), map_page(plan)]
    for listing in site.listings:
        pages += listing_pages(plan, listing)
        pages += [
            entry_page(plan, listing, *item) for item in plan.linked[listing.path] if not item[0].is_gone
        ]
    if site.robots == "html":
        pages.append(Page(site, "/robots.txt", "robots_page.html"))
    return {page.address: page for page in pages}


def home_page(plan: Plan) -> Page:
    context = {"kind": "home", "navigation": plan.navigation, "panes": plan.panes("", 4)}
    modified = max(entry.published for listing in plan.site.listings for entry in listing.entries)
    return Page(plan.site, "/", plan.skeleton, plan.site.name, modified, context=context)


def map_page(plan: Plan) -> Page:
    everything = [(item.name, plan.first(item)) for item in plan.site.listings]
    context = {"kind": "map", "navigation": plan.navigation, "everything": everything}
    return Page(plan.site, "/wzdt/", plan.skeleton, "网站地图", context=context)


def listing_pages(plan: Plan, listing: Listing) -> Iterator[Page]:
    turns, size = plan.turns(listing), listing.page_size
    siblings = plan.site.children(listing.path.rpartition("/")[0])
    for number, path in turns:
        if listing.refuses:
            yield Page(plan.site, path, "challenge.html", status=listing.refuses)
            continue
        context = {
            "kind": "listing",
            "listing": listing,
            "entries": plan.linked[listing.path][(number - 1) * size : number * size],
            "panes": plan.panes(listing.path, 3),
            "breadcrumb": plan.breadcrumb(listing),
            "siblings": [(item.name, plan.first(item)) for item in siblings],
            "navigation": plan.navigation,
            "number": number,
            "last": len(turns),
            "total": len(listing.entries),
            "turns": turns,
        }
        modified = max((entry.published for entry in listing.entries), default=OPENED)
        yield Page(plan.site, path, plan.skeleton, listing.name, modified, context=context)


def entry_page(plan: Plan, listing: Listing, entry: Entry, address: str) -> Page:
    site = plan.site
    serial = int(address.rpartition("/")[2].rpartition("_")[2].partition(".")[0])
    context = {
        "kind": "entry",
        "listing": listing,
        "entry": entry,
        "related": [item for item in plan.linked[listing.path] if item[0] is not entry][:3],
        "breadcrumb": plan.breadcrumb(listing),
        "navigation": plan.navigation,
        "index_number": f"{site.organisation_code}/{entry.published:%Y%m}-{serial:05d}",
    }
    context |= report_context(site, entry.report) if entry.report else article_context(site, entry)
    return Page(site, address, plan.skeleton, entry.title, entry.published, context=context)
