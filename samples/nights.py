"""Time on the invented web: thirty nights in which reports appear, change, vanish and move, columns come back
empty, hosts die and return, and a site changes its content system. What happens when is data (nights.toml).
"""

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path

from samples.families import FAMILIES
from samples.figures import figures
from samples.site import Entry, Listing, Report, Site, newest_first, report_entry
from samples.truth import Expected, truth

NIGHTS = 30
FIRST = date(2026, 4, 1)  # in the season, when lists are read every night
STARTS_AT = time(18, 30)  # UTC: half past two in Beijing
FOR_EVER = NIGHTS + 1


@dataclass(frozen=True, slots=True)
class Event:
    """From `night` on, and before `until`, `what` is so on a host. A report is named by its publisher and
    year, a listing by a publisher who has a report on it (`beside`). `volume` makes other figures, `family`
    is a content system, `refuses` the status of a wall.
    """

    night: int
    host: str
    what: str
    publisher: str = ""
    year: int = 0
    beside: str = ""
    volume: int = 0
    family: str = ""
    refuses: int = 0
    until: int = FOR_EVER


def moment_of(night: int) -> datetime:
    """When a night's run starts."""
    return datetime.combine(day_of(night), STARTS_AT, UTC)


def day_of(night: int) -> date:
    return FIRST + timedelta(days=night)


@cache
def load_events() -> tuple[Event, ...]:
    text = (Path(__file__).parent / "nights.toml").read_text(encoding="utf-8")
    return tuple(Event(**table) for table in tomllib.loads(text)["event"])


def sites_on(sites: Iterable[Site], night: int) -> tuple[Site, ...]:
    """The sites as they stand in a night; in night 0 as their files say."""
    return tuple(site_on(site, night) for site in sites)


def site_on(site: Site, night: int) -> Site:
    for event in load_events():
        if event.host == site.host and event.night <= night < event.until:
            site = CHANGES[event.what](site, event)
    return replace(site, night=night) if FAMILIES[site.family].changes_nightly else site


def is_quiet(night: int) -> bool:
    """Whether nothing begins or ends to be so, and nobody comes back."""
    return night > 0 and not any(night in {event.night, event.until} for event in load_events())


def known_after(sites: Iterable[Site], nights: Iterable[int]) -> tuple[Expected, ...]:
    """What a perfect crawl knows after its runs in these nights: the newest state of all it could see."""
    sites = tuple(sites)
    known: dict[str, Expected] = {}
    for night in nights:
        awake = [site for site in sites_on(sites, night) if not site.is_dead]
        known |= {item.url: item for item in truth(awake)}
    return tuple(known[url] for url in sorted(known))


def appear(site: Site, event: Event) -> Site:
    """A new report, on the listing where another body's are."""
    made = report_entry(event.publisher, event.year, {"volume": event.volume or 8})
    entry = replace(made, published=day_of(event.night))
    return with_listing(
        site, holds(event.beside), lambda listing: with_entries(listing, [*listing.entries, entry])
    )


def revise(site: Site, event: Event) -> Site:
    """Other figures under the same address; the list and the page show the new day."""

    def revised(entry: Entry) -> Entry:
        assert entry.report is not None
        report = replace(entry.report, figures=figures(event.publisher, event.year, event.volume))
        return replace(entry, report=report, published=day_of(event.night), filed=entry.day)

    return with_entry(site, event, revised)


def vanish(site: Site, event: Event) -> Site:
    return with_entry(site, event, lambda entry: replace(entry, is_gone=True, is_unlisted=True))


def break_off(site: Site, event: Event) -> Site:
    """The line is still there, the page behind it is not."""
    return with_entry(site, event, lambda entry: replace(entry, is_gone=True))


def move(site: Site, event: Event) -> Site:
    """From its listing to another body's, and so to another address."""
    (entry,) = [each for each in entries_of(site) if is_meant(each.report, event)]
    without = with_listing(
        site,
        lambda listing: entry in listing.entries,
        lambda listing: with_entries(listing, [each for each in listing.entries if each != entry]),
    )
    return with_listing(
        without, holds(event.beside), lambda listing: with_entries(listing, [*listing.entries, entry])
    )


def empty(site: Site, event: Event) -> Site:
    """A listing comes back without its lines, as when a database is down; the pages are there."""
    return with_listing(site, holds(event.beside), lambda listing: replace(listing, is_empty=True))


def wall_in(site: Site, event: Event) -> Site:
    return with_listing(site, holds(event.beside), lambda listing: replace(listing, refuses=event.refuses))


def die(site: Site, event: Event) -> Site:
    del event
    return replace(site, is_dead=True)


def migrate(site: Site, event: Event) -> Site:
    """Another content system, and with it other addresses for everything but the home page."""
    return replace(site, family=event.family)


CHANGES: dict[str, Callable[[Site, Event], Site]] = {
    "appears": appear,
    "is revised": revise,
    "vanishes": vanish,
    "breaks off": break_off,
    "moves": move,
    "is empty": empty,
    "is walled in": wall_in,
    "is dead": die,
    "migrates": migrate,
}


def entries_of(site: Site) -> Iterable[Entry]:
    return (entry for listing in site.listings for entry in listing.entries)


def holds(publisher: str) -> Callable[[Listing], bool]:
    return lambda listing: any(
        entry.report and entry.report.publisher == publisher for entry in listing.entries
    )


def is_meant(report: Report | None, event: Event) -> bool:
    return report is not None and (report.publisher, report.year) == (event.publisher, event.year)


def with_listing(
    site: Site, is_wanted: Callable[[Listing], bool], change: Callable[[Listing], Listing]
) -> Site:
    """Change the one listing that is wanted. Raises LookupError where there is not exactly one."""
    wanted = [listing for listing in site.listings if is_wanted(listing)]
    if len(wanted) != 1:
        raise LookupError(f"{site.host}: {len(wanted)} listings are meant, not one")
    changed = tuple(change(listing) if listing is wanted[0] else listing for listing in site.listings)
    return replace(site, listings=changed)


def with_entry(site: Site, event: Event, change: Callable[[Entry], Entry]) -> Site:
    """Change the one report that is meant."""

    def changed(listing: Listing) -> Listing:
        return with_entries(
            listing, [change(each) if is_meant(each.report, event) else each for each in listing.entries]
        )

    return with_listing(
        site, lambda listing: any(is_meant(each.report, event) for each in listing.entries), changed
    )


def with_entries(listing: Listing, entries: list[Entry]) -> Listing:
    return replace(listing, entries=newest_first(entries))
