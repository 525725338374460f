"""Which sites a run could reach, for who looks after the registry."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from sqlalchemy import Connection, Row, select

from storage.archive import header_value, load_capture
from storage.findings import findings_of
from storage.frontier import BANNED
from storage.outcomes import GOOD
from storage.tables import captures, frontier, sites

# Findings: of a start page that sends to another host, and of one that answers by another scheme.
MOVED, ONE_SCHEME = "host_moved", "one_scheme"


@dataclass(frozen=True, slots=True)
class Reach:
    """What came of a host's start pages, in words; `is_reached` where one of them answered with a page."""

    host: str
    is_reached: bool
    words: str


def reach_of(connection: Connection, run_id: int, hosts: Sequence[str]) -> list[Reach]:
    """Of each of the hosts. One whose robots.txt failed a moment ago is not asked again at once."""
    columns = captures.c["capture_id", "host", "url", "kind", "status", "outcome", "error"]
    ours = select(*columns).where(captures.c.run_id == run_id, captures.c.kind.in_(("home", "robots")))
    found = [each for each, _ in findings_of(connection, run_id)]
    told = {each.host: each.text for each in found if each.code in {MOVED, ONE_SCHEME}}
    registered = set(connection.scalars(select(sites.c.host).where(sites.c.registered == 1)))
    reached: dict[str, Reach] = {}
    for row in connection.execute(ours.order_by(captures.c.capture_id)):
        if row.host in hosts and not (row.host in reached and reached[row.host].is_reached):
            there = leads_to(connection, row.capture_id, row.url, row.status)
            reached[row.host] = reach_at(row, there, told.get(row.host, ""), registered)
    reached |= {host: not_asked(connection, host) for host in hosts if host not in reached}
    for host in banned_among(connection, [each.host for each in reached.values() if not each.is_reached]):
        reached[host] = Reach(host, is_reached=False, words=f"{host}: its robots.txt forbids the start page")
    return [reached[host] for host in sorted(reached)]


def reach_at(row: Row[Any], there: str, found: str, registered: Collection[str]) -> Reach:
    """Of one answer, which leads `there`; where that is on the same host, what is there has an answer of its
    own. `found` is what the run found out.
    """
    host = urlsplit(there).hostname
    is_inside, is_sent_on = host in registered, there != row.url and host == row.host
    where = f"leads to {there}" if is_sent_on else ""
    after = (where, found) if is_inside else (f"leads to {there}, which is not of the registry",)
    fault = f" ({row.error})" if row.error else ""
    answer = f"{row.url}: {row.status or 'no answer'} {row.outcome}{fault}"
    words = "; ".join((answer, *filter(None, after)))
    is_reached = row.outcome in GOOD and row.kind == "home" and is_inside and not is_sent_on
    return Reach(row.host, is_reached, words)


def not_asked(connection: Connection, host: str) -> Reach:
    """Of a host that was left alone, and why if it had failed before."""
    failed = select(*captures.c["url", "fetched_at", "error"]).where(captures.c.host == host)
    newest = failed.where(captures.c.outcome == "error").order_by(captures.c.capture_id.desc()).limit(1)
    row = connection.execute(newest).one_or_none()
    since = f" again so soon after {row.url} failed at {row.fetched_at[:16]} UTC ({row.error})" if row else ""
    return Reach(host, is_reached=False, words=f"{host}: not asked{since}")


def leads_to(connection: Connection, capture_id: int, url: str, status: int | None) -> str:
    """Where a redirect goes; else the address itself."""
    if status is None or not 300 <= status < 400:
        return url
    said = header_value(load_capture(connection, capture_id).capture.headers, "location") or ""
    return urljoin(url, said.strip())


def banned_among(connection: Connection, hosts: Sequence[str]) -> list[str]:
    starts = select(frontier.c.host).where(frontier.c.decision == BANNED, frontier.c.kind == "home")
    return list(connection.scalars(starts.where(frontier.c.host.in_(hosts)).distinct()))
