"""What a good crawl never does, looked for in the web's log and in the database; an empty list is a proof."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from itertools import pairwise

from sqlalchemy import Connection, text

from samples.plan import Plan
from samples.requisites import is_requisite
from samples.site import Site, Temper
from samples.traps import TRAPS
from samples.truth import Expected, allowed
from samples.web import Asked

# What a database holds, and what it should hold once only. What lies in traps is left out: how deep a run
# goes into one depends on when it began.
HELD = {
    "capture": "SELECT url, sha256 FROM captures WHERE outcome = 'new'",
    "report": """SELECT url, report_id, publisher, year, form, published_on, status, cells_read,
        cells_expected, checks_passed, checks_failed FROM reports""",
    "figure": "SELECT url, table_code, row_code, col_code, raw_text, state, unit FROM cells JOIN reports "
    "USING (report_id)",
    "version": "SELECT url, count(*) FROM report_versions GROUP BY url",
}
TWICE = """
    SELECT url, count(*) FROM captures WHERE outcome = 'new' AND kind <> 'listing'
    GROUP BY url, sha256 HAVING count(*) > 1
"""
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
    """What robots.txt closes, and hosts that are neither registered nor a department's of one that is."""
    known = {site.host: site for site in sites}
    domains = tuple(f".{host.removeprefix('www.')}" for host in known)
    return sorted(
        f"{asked.host}{asked.path}"
        for asked in log
        if not may_be_asked(known.get(asked.host), asked, is_below=asked.host.endswith(domains))
    )


def may_be_asked(site: Site | None, asked: Asked, *, is_below: bool) -> bool:
    if asked.path == "/robots.txt" or asked.method == "CONNECT":  # a line to a host is no page of it
        return site is not None or is_below
    return site is not None and allowed(site, asked.path)


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


def asked_twice(log: Iterable[Asked], sites: Iterable[Site] = ()) -> list[str]:
    """The same address asked again; for the log of one run. Two forms posted to one address are two. A flaky
    host among the `sites` is asked again for what it could not give, and a dead one for its robots.txt.
    """
    flaky = {site.host for site in sites if site.temper != Temper()}
    log = [asked for asked in log if asked.host not in flaky and asked.status != HTTPStatus.BAD_GATEWAY]
    count = Counter((asked.host, asked.path) for asked in log if asked.method != "POST")
    return sorted(f"{host}{path} ({times} times)" for (host, path), times in count.items() if times > 1)


def held_otherwise(killed: Connection, whole: Connection, sites: Iterable[Site]) -> list[str]:
    """What a campaign that was killed holds and an undisturbed one does not, or the other way round. A flaky
    host's pictures are left out: which of them it refuses goes by how often it was asked, and what it
    refused is asked for on another night.
    """
    sites = tuple(sites)
    flaky = tuple(f"{site.scheme}://{site.host}/" for site in sites if site.temper != Temper())
    roots = tuple(f"{site.scheme}://{site.host}{TRAPS[name].root}" for site in sites for name in site.traps)
    lines = []
    for what, query in HELD.items():
        ours, theirs = (set(map(tuple, each.execute(text(query)))) for each in (killed, whole))
        lines += [
            f"{'too much' if row in ours else 'lost'}: {what} {row}"
            for row in sorted(ours ^ theirs, key=str)
            if not (row[0].startswith(roots) or (row[0].startswith(flaky) and is_requisite(row[0])))
        ]
    return lines


def held_twice(connection: Connection) -> list[str]:
    """Pages that were taken for new twice with the same bytes."""
    return [f"{url}: {times} times" for url, times in connection.execute(text(TWICE))]


def fetches_in_traps(log: Iterable[Asked], sites: Iterable[Site]) -> dict[str, int]:
    """How many fetches each trap of each host has cost."""
    roots = [(site.host, TRAPS[name].root, name) for site in sites for name in site.traps]
    lines = [(asked.host, asked.path) for asked in log]
    return {
        f"{host} {name}": sum(where == host and path.startswith(root) for where, path in lines)
        for host, root, name in roots
    }


def harvest(connection: Connection, log: Iterable[Asked], expected: Iterable[Expected]) -> dict[str, float]:
    """Reports per fetch of a page, by host with at least ten reports."""
    asked = Counter(line.host for line in log if not is_requisite(line.path))
    wanted = {item.url: item.host for item in expected}
    stored = connection.execute(text("SELECT url FROM reports")).scalars()
    found = Counter(wanted[url] for url in stored if url in wanted)
    there = Counter(wanted.values())
    return {host: found[host] / max(1, asked[host]) for host in sorted(there) if there[host] >= MANY}


def bytes_sent(log: Iterable[Asked]) -> int:
    return sum(asked.sent for asked in log)
