"""Every page of an invented site by its path. Pages are drawn when first asked for."""

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any
from zlib import crc32

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from samples.families import FAMILIES
from samples.files import CONTENT_TYPES, OFFERS, address_of, stem_of
from samples.plan import Plan, is_file
from samples.reports import article_context, file_context, file_of, report_context
from samples.site import Entry, Listing, Report, Site
from samples.traps import TRAPS
from samples.ways import WAYS

OPENED = date(2020, 1, 1)  # the age of pages that carry no date of their own
WALLS = {412: "challenge.html", 521: "jsl.html", 405: "fence.html", 200: "captcha.html"}


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

    @property
    def content_type(self) -> str:
        """Empty for what is a page of the site like the others."""
        return ""

    def draw(self) -> bytes:
        text = ENVIRONMENT.get_template(self.template).render(
            site=self.site, address=self.address, title=self.title, href=self.href, **(BARE | self.context)
        )
        leads_on = self.context.get("kind") in LEADING
        return (WAYS[self.site.way].retold(text) if leads_on else text).encode(self.site.encoding)

    def href(self, target: str) -> str:
        """TRS sites link relatively, the others from the root."""
        if self.site.family != "trs" or target.endswith("/") or "?" in target:
            return target
        return posixpath.relpath(target, posixpath.dirname(self.address))


@dataclass(frozen=True, slots=True)
class File(Page):
    """A report that is a file of its own."""

    entry: Entry | None = None

    @property
    def report(self) -> Report:
        assert self.entry is not None
        assert self.entry.report is not None
        return self.entry.report

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[OFFERS[self.report.offer].format]

    def draw(self) -> bytes:
        assert self.entry is not None
        return file_of(self.site, self.entry, self.report)


LEADING = frozenset({"home", "map", "listing"})  # kinds of pages that lead to others

# What a skeleton asks about on every page; a page says only what is different on it.
BARE: dict[str, Any] = {
    "kind": "",
    "listing": None,
    "entry": None,
    "panes": [],
    "entries": [],
    "entrances": [],
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


def build_pages(site: Site) -> dict[str, Page]:
    """Lay out a site's pages by path, robots.txt among them."""
    plan = Plan(site)
    pages = [home_page(plan), map_page(plan)]
    for listing in site.listings:
        pages += listing_pages(plan, listing)
        there = [item for item in plan.linked[listing.path] if not item[0].is_gone]
        pages += [entry_page(plan, listing, *item) for item in there if not is_file(item[0])]
        pages += [file_page(site, *item) for item in there if item[0].report and item[0].report.offer]
    if site.robots == "html":
        pages.append(Page(site, "/robots.txt", "robots_page.html"))
    return {page.address: page for page in (*pages, *before(pages))}


def before(pages: Sequence[Page]) -> Iterator[Page]:
    """What lies before pages, and the pages themselves behind it."""
    home, site = pages[0], pages[0].site
    way = WAYS[site.way]
    if way.doors:
        yield replace(home, address=way.home)
    for address, markup in way.doors:
        yield Page(site, address, "door.html", context={"markup": markup})
    for page in pages if way.frame else ():
        if page.context.get("entries"):
            frame = f"{posixpath.dirname(page.address)}/{stem_of(page.address)}{way.frame}"
            yield replace(page, address=frame)
            yield replace(page, template="framing.html", context=page.context | {"frame": frame})


def home_page(plan: Plan) -> Page:
    context = {"kind": "home", "navigation": plan.navigation, "panes": plan.panes("", 4)}
    context["entrances"] = [entrance for name in plan.site.traps for entrance in TRAPS[name].entrances]
    modified = max(entry.published for listing in plan.site.listings for entry in listing.entries)
    return Page(plan.site, "/", plan.family.skeleton, plan.site.name, modified, context=context)


def map_page(plan: Plan) -> Page:
    everything = [(item.name, plan.first(item)) for item in plan.site.listings]
    context = {"kind": "map", "navigation": plan.navigation, "everything": everything}
    return Page(plan.site, "/wzdt/", plan.family.skeleton, "网站地图", context=context)


def listing_pages(plan: Plan, listing: Listing) -> Iterator[Page]:
    for number, path in plan.turns(listing):
        if listing.refuses:
            yield Page(plan.site, path, WALLS[listing.refuses], status=listing.refuses)
        elif plan.family.is_drawn(listing, number):
            yield listing_page(plan, listing, number, path)


def listing_page(plan: Plan, listing: Listing, number: int, path: str) -> Page:
    turns = plan.turns(listing)
    siblings = plan.site.children(listing.path.rpartition("/")[0])
    context = {
        "kind": "listing",
        "listing": listing,
        "entries": plan.shelf.turn(listing, number),
        "panes": plan.panes(listing.path, 3),
        "breadcrumb": plan.breadcrumb(listing),
        "siblings": [(item.name, plan.first(item)) for item in siblings],
        "navigation": plan.navigation,
        "number": number,
        "last": len(turns),
        "total": len(plan.linked[listing.path]),
        "turns": turns,
        "script": plan.family.script(plan.shelf, listing),
    }
    modified = max((entry.published for entry in listing.entries), default=OPENED)
    return Page(plan.site, path, plan.family.skeleton, listing.name, modified, context=context)


def entry_page(plan: Plan, listing: Listing, entry: Entry, address: str) -> Page:
    site = plan.site
    number = crc32(address.encode()) % 100000
    context = {
        "kind": "entry",
        "listing": listing,
        "entry": entry,
        "related": [item for item in plan.linked[listing.path] if item[0] is not entry][:3],
        "breadcrumb": plan.breadcrumb(listing),
        "navigation": plan.navigation,
        "index_number": f"{site.organisation_code}/{entry.published:%Y%m}-{number:05d}",
        "vessel": FAMILIES[site.family].vessel,
    }
    if entry.report and entry.report.offer:
        context |= file_context(entry.report, stem_of(address), entry.title)
    else:
        context |= report_context(site, entry.report) if entry.report else article_context(site, entry)
    return Page(site, address, plan.family.skeleton, entry.title, entry.published, context=context)


def file_page(site: Site, entry: Entry, address: str) -> Page:
    assert entry.report is not None
    path = address if is_file(entry) else address_of(OFFERS[entry.report.offer], stem_of(address))
    return File(site, path, "", entry.title, entry.published, entry=entry)
