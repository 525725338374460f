"""What a perfect crawl and a perfect reader would bring home from the invented sites."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib import robotparser

from samples.figures import Figures
from samples.plan import Plan
from samples.site import Report, Site


@dataclass(frozen=True, slots=True)
class Expected:
    """A report that the database should hold. One without `figures` is text only."""

    url: str
    host: str
    publisher: str
    year: int
    title: str
    published_on: str
    figures: Figures | None

    @property
    def form(self) -> str:
        return self.figures.form if self.figures else "none"


def truth(sites: Iterable[Site]) -> tuple[Expected, ...]:
    """List the reports that may be fetched, by URL; what robots.txt closes is not expected."""
    expected = [item for site in sites for item in reports(site) if allowed(site, item.url)]
    return tuple(sorted(expected, key=lambda item: item.url))


def banned(sites: Iterable[Site]) -> tuple[str, ...]:
    """List the addresses of reports that must never be asked for."""
    return tuple(item.url for site in sites for item in reports(site) if not allowed(site, item.url))


def reports(site: Site) -> list[Expected]:
    linked = [item for items in Plan(site).linked.values() for item in items]
    return [
        expect(site, address, entry.title, entry.published.isoformat(), entry.report)
        for entry, address in linked
        if entry.report and not entry.is_gone
    ]


def expect(site: Site, address: str, title: str, published_on: str, report: Report) -> Expected:
    return Expected(
        url=f"{site.scheme}://{site.host}{address}",
        host=site.host,
        publisher=report.publisher,
        year=report.year,
        title=title,
        published_on=published_on,
        figures=report.figures,
    )


def allowed(site: Site, url: str) -> bool:
    """Ask Python's own parser, so that the truth does not lean on the crawler's."""
    rules = robotparser.RobotFileParser()
    rules.parse([] if site.robots == "html" else site.robots.splitlines())
    return rules.can_fetch("nianbao", url)
