"""Where a crawl begins: the sites of this run, their start pages, and the robots.txt before each."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from crawler.addresses import canonical, resolve
from crawler.ahead import Next
from crawler.robots import ROBOTS, robots_url
from crawler.visit import Link
from settings.registry import Site
from storage import frontier
from storage.archive import header_value, load_capture
from storage.conditions import known_of

START_SCORE = 100
ROBOTS_SCORE = 1000  # before everything else of its host


class NoSitesError(Exception):
    """Nothing to crawl: no site is registered, or not the one that was named."""


def choose_hosts(sites: Mapping[str, Site], wanted: Sequence[str]) -> list[str]:
    """The hosts of this run, in the registry's order. Raises NoSitesError."""
    if not sites:
        raise NoSitesError("no site is registered; name a sites file with --sites")
    for host in wanted:
        if host not in sites:
            raise NoSitesError(f"{host} is not registered; add it with `nianbao sites add`")
    return [host for host in sites if not wanted or host in wanted]


def start_links(site: Site) -> list[Link]:
    """The robots.txt of the site's start pages before the pages themselves."""
    pages = [url for start in site.start if (url := canonical(start))]
    robots = [robots_link(url) for url in dict.fromkeys(robots_url(page) for page in pages)]
    return robots + [Link(url, "home", START_SCORE, 0) for url in pages]


def robots_link(url: str) -> Link:
    return Link(url, ROBOTS, ROBOTS_SCORE, 0)


def robots_row(connection: Connection, url: str, hosts: Collection[str], now: datetime) -> Next:
    """The frontier's row for a robots.txt, made where it is new, and what to ask conditionally by."""
    row = frontier.find(connection, url)
    if row is None:
        frontier.add_links(connection, {"": [robots_link(url)]}, hosts, now)
        row = frontier.find(connection, url)
    assert row is not None
    return Next(row, known_of(connection, [url]).get(url))


def sent_on(connection: Connection, url: str) -> str | None:
    """Where the address sends to, as its newest capture says."""
    capture_id = frontier.last_capture(connection, url)
    capture = load_capture(connection, capture_id).capture if capture_id else None
    if capture is None or not 300 <= (capture.status or 0) < 400:
        return None
    return resolve(url, header_value(capture.headers, "location") or "")
