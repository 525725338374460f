"""The frontier: every address worth visiting, when it is due, and what was decided about it.

A URL is pending until its capture is committed: the crawler settles it in the same transaction that
stores the capture. So a crawl killed at any moment forgets nothing, and "go on" and "tonight's run" are
the same thing: fetch what is due.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

from sqlalchemy import Connection, RowMapping, case, func, or_, select, update

from storage.database import dialect_insert
from storage.tables import captures, frontier
from storage.values import as_text

OUTSIDE = "outside"  # decision on a link to a host that is not registered; it waits for its registration


class FoundLink(Protocol):
    """What the frontier asks of a link (crawler/visit.py has the class)."""

    @property
    def url(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def score(self) -> int: ...
    @property
    def depth(self) -> int: ...
    @property
    def text(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Pending:
    """A row that is due. `attempts` counts the failed fetches in a row."""

    url: str
    host: str
    kind: str
    score: int
    depth: int
    attempts: int


PENDING = (
    frontier.c.url,
    frontier.c.host,
    frontier.c.kind,
    frontier.c.score,
    frontier.c.depth,
    frontier.c.attempts,
)


def add_links(
    connection: Connection,
    links: Iterable[FoundLink],
    hosts: Collection[str],
    *,
    found_on: str,
    now: datetime,
) -> None:
    """New addresses become due at once, those not on `hosts` wait outside. An address still pending takes
    the better of both scores (with its kind) and the shorter way; a settled one stays as it is.
    """
    best: dict[str, FoundLink] = {}
    for link in links:
        known = best.get(link.url)
        if known is None or link.score > known.score:
            best[link.url] = link
    rows = [new_row(link, hosts, found_on, as_text(now)) for link in best.values()]
    if not rows:
        return
    insert = dialect_insert(connection, frontier)
    better = insert.excluded.score > frontier.c.score
    nearer = insert.excluded.depth < frontier.c.depth
    pending = or_(frontier.c.due_at <= as_text(now), frontier.c.decision == OUTSIDE)
    upsert = insert.on_conflict_do_update(
        index_elements=[frontier.c.url],
        set_={
            "score": case((better, insert.excluded.score), else_=frontier.c.score),
            "kind": case((better, insert.excluded.kind), else_=frontier.c.kind),
            "text": case((better, insert.excluded.text), else_=frontier.c.text),
            "depth": case((nearer, insert.excluded.depth), else_=frontier.c.depth),
        },
        where=pending & or_(better, nearer),
    )
    connection.execute(upsert, rows)


def new_row(link: FoundLink, hosts: Collection[str], found_on: str, now: str) -> dict[str, object]:
    host = urlsplit(link.url).hostname or ""
    is_inside = host in hosts
    return {
        "url": link.url,
        "host": host,
        "kind": link.kind,
        "score": link.score,
        "depth": link.depth,
        "text": link.text,
        "due_at": now if is_inside else None,
        "decision": "" if is_inside else OUTSIDE,
        "found_on": found_on,
        "added_at": now,
    }


def let_in(connection: Connection, hosts: Collection[str], now: datetime) -> None:
    """Links that waited outside for one of `hosts` to be registered become due."""
    waiting = update(frontier).where(frontier.c.decision == OUTSIDE, frontier.c.host.in_(hosts))
    connection.execute(waiting.values(due_at=as_text(now), decision=""))


def due_on(connection: Connection, host: str, now: datetime, limit: int) -> list[Pending]:
    """What is due on a host, the most promising first; equals in the order they were found."""
    query = (
        select(*PENDING)
        .where(frontier.c.host == host, frontier.c.due_at <= as_text(now))
        .order_by(frontier.c.score.desc(), frontier.c.added_at, frontier.c.url)
        .limit(limit)
    )
    return [as_pending(row) for row in connection.execute(query).mappings()]


def as_pending(row: RowMapping) -> Pending:
    return Pending(**row)


def find(connection: Connection, url: str) -> Pending | None:
    row = connection.execute(select(*PENDING).where(frontier.c.url == url)).mappings().one_or_none()
    return None if row is None else as_pending(row)


def is_due(connection: Connection, url: str, now: datetime) -> bool:
    """Whether the address is to be fetched: due, or never heard of."""
    due_at = connection.execute(select(frontier.c.due_at).where(frontier.c.url == url)).one_or_none()
    return due_at is None or (due_at[0] is not None and due_at[0] <= as_text(now))


def settle(connection: Connection, url: str, due_at: datetime | None, decision: str = "") -> None:
    """Visited, or decided against: not before `due_at` again; None means never, and `decision` says why."""
    row = update(frontier).where(frontier.c.url == url)
    values = {"due_at": due_at and as_text(due_at), "decision": decision, "attempts": 0}
    connection.execute(row.values(values))


def put_off(connection: Connection, url: str, due_at: datetime) -> None:
    """The fetch failed: again at `due_at`, one attempt more on the count."""
    row = update(frontier).where(frontier.c.url == url)
    connection.execute(row.values(due_at=as_text(due_at), attempts=frontier.c.attempts + 1))


def attempts_at(connection: Connection, url: str) -> int:
    """Failed fetches in a row so far."""
    return connection.scalar(select(frontier.c.attempts).where(frontier.c.url == url)) or 0


def hosts_due(connection: Connection, now: datetime) -> list[str]:
    """Hosts with anything due, the most promising first."""
    query = (
        select(frontier.c.host)
        .where(frontier.c.due_at <= as_text(now))
        .group_by(frontier.c.host)
        .order_by(func.max(frontier.c.score).desc(), frontier.c.host)
    )
    return list(connection.scalars(query))


def count_by_state(connection: Connection, now: datetime) -> dict[str, int]:
    """How many addresses are `due`, `waiting` for a later day, and decided against, by decision."""
    state = case(
        (frontier.c.due_at.is_(None), frontier.c.decision),
        (frontier.c.due_at <= as_text(now), "due"),
        else_="waiting",
    )
    query = select(state, func.count()).select_from(frontier).group_by(state)
    return {name: count for name, count in connection.execute(query)}  # noqa: C416 - rows are not pairs to mypy


def next_due(connection: Connection) -> str | None:
    """When the next address falls due (ISO 8601, UTC), or None where nothing ever does."""
    earliest: str | None = connection.scalar(select(func.min(frontier.c.due_at)))
    return earliest


def last_capture(connection: Connection, url: str) -> int | None:
    """The newest capture of an address, by `capture_id`, whatever came of it."""
    newest = select(captures.c.capture_id).where(captures.c.url == url)
    return connection.scalar(
        newest.order_by(captures.c.fetched_at.desc(), captures.c.capture_id.desc()).limit(1)
    )
