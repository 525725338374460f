"""What is new about the pages of a group of visits, and what that brings with it."""

from collections import Counter
from collections.abc import Container, Sequence
from datetime import datetime

from sqlalchemy import Connection

from crawler.addresses import host_of
from crawler.requisites import REQUISITE
from crawler.robots import ROBOTS
from crawler.visit import Visit
from storage import frontier
from storage.archive import Recorded
from storage.findings import Finding
from storage.frontier import ENTRIES

Pairs = Sequence[tuple[Visit, Recorded]]
GONE = frozenset({"missing", "soft_404"})


def known_before(pairs: Pairs) -> frozenset[str]:
    """The requests, by key, that gave a page before."""
    return frozenset(
        visit.capture.request_key
        for visit, record in pairs
        if record.was_page or record.outcome == "unchanged"
    )


def note_changes(
    connection: Connection, pairs: Pairs, known: Container[str], run_id: int, now: datetime
) -> Counter[Finding]:
    """What a changed robots.txt or listing brings with it, and what is worth a person's look."""
    found: Counter[Finding] = Counter()
    for visit, record in pairs:
        capture = visit.capture
        host, is_known = host_of(capture.url), capture.request_key in known
        if capture.kind == ROBOTS and record.outcome == "new":
            frontier.let_back(connection, host, now)
        elif capture.kind == "listing" and record.outcome == "new" and is_known:
            frontier.look_again(connection, visit.links, run_id, now)
            if is_empty(visit) and frontier.has_entries(connection, capture.url):
                found[Finding(host, "listing_empty", capture.url)] += 1
        elif record.outcome in GONE and is_known and capture.kind != REQUISITE:
            found[Finding(host, "vanished", capture.url)] += 1
    return found


def is_empty(visit: Visit) -> bool:
    """Its menu may be there, its entries are not."""
    return not any(link.kind in ENTRIES for link in visit.links)
