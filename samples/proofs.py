"""What a good crawl never does, looked for in the web's log and in the database; an empty list is a proof."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from sqlalchemy import Connection, text

from samples.plan import Plan
from samples.site import Site
from samples.traps import TRAPS
from samples.truth import Expected, allowed
from samples.web import Asked

MANY = 10  # reports that make a site one on which the harvest is measured


def asked_too_soon(log: Sequence[Asked], least: float) -> list[str]:
    """Two requests to one host less than `least` seconds apart."""
    by_host: dict[str, list[Asked]] = defaultdict(list)
    for asked in log:
        by_host[asked.host].append(asked)
    return [
        f"{host}{now.path}: {1000 * (now.at - before.at):.0f} ms after {before.path}"
        for host, lines in by_host.items()
        for before, now in pairwise(sorted(lines))
        if now.at - before.at < least
    ]


def asked_though_banned(log: Iterable[Asked], sites: Iterable[Site]) -> list[str]:
    """What robots.txt closes, and hosts that nobody registered."""
    known = {site.host: site for site in sites}
    return sorted(
        f"{asked.host}{asked.path}"
        for asked in log
        if asked.host not in known
        or not (asked.path == "/robots.txt" or allowed(known[asked.host], asked.path))
    )


def walls_not_recorded(connection: Connection, sites: Iterable[Site]) -> list[str]:
    """Walls on the way to annual reports of which the archive has no blocked capture."""
    wanted = {
        f"{site.scheme}://{site.host}{Plan(site).first(listing)}"
        for site in sites
        for listing in site.listings
        if listing.refuses
    }
    recorded = connection.execute(text("SELECT url FROM captures WHERE outcome = 'blocked'")).scalars()
    return sorted(wanted - set(recorded))


def asked_twice(log: Iterable[Asked]) -> list[str]:
    """The same address asked again; for the log of one run. Two forms posted to one address are two."""
    count = Counter((asked.host, asked.path) for asked in log if asked.method != "POST")
    return sorted(f"{host}{path} ({times} times)" for (host, path), times in count.items() if times > 1)


def fetches_in_traps(log: Iterable[Asked], sites: Iterable[Site]) -> dict[str, int]:
    """How many fetches each trap of each host has cost."""
    roots = [(site.host, TRAPS[name].root, name) for site in sites for name in site.traps]
    lines = [(asked.host, asked.path) for asked in log]
    return {
        f"{host} {name}": sum(where == host and path.startswith(root) for where, path in lines)
        for host, root, name in roots
    }


def harvest(connection: Connection, log: Iterable[Asked], expected: Iterable[Expected]) -> dict[str, float]:
    """Reports per fetch, by host with at least ten reports."""
    asked = Counter(line.host for line in log)
    wanted = {item.url: item.host for item in expected}
    stored = connection.execute(text("SELECT url FROM reports")).scalars()
    found = Counter(wanted[url] for url in stored if url in wanted)
    there = Counter(wanted.values())
    return {host: found[host] / max(1, asked[host]) for host in sorted(there) if there[host] >= MANY}


def dear_requests(log: Iterable[Asked]) -> list[str]:
    """In a night without news: whatever came with a body although nothing had changed."""
    return sorted(f"{asked.host}{asked.path}: {asked.sent} bytes" for asked in log if asked.status == 200)


def bytes_sent(log: Iterable[Asked]) -> int:
    return sum(asked.sent for asked in log)
