"""The frontier: every request worth making, when it is due, and what was decided about it.

Nearly all are for an address alone; a few listings want a form posted, and each form is a row of its own
(captures.request_key). A request is pending until its capture is committed: the crawler settles it in the
same transaction that stores the capture. So a crawl killed at any moment forgets nothing, and "go
on" and "tonight's run" are the same thing: fetch what is due.

Workers write links to each other's hosts, in any order; whoever writes here holds the lock "crawl" until
the end of the transaction, so that no two wait for each other.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Protocol, cast
from urllib.parse import urlsplit

from sqlalchemy import (
    Connection,
    Executable,
    Integer,
    RowMapping,
    bindparam,
    case,
    func,
    or_,
    select,
    update,
)

from storage.captures import Header, request_key
from storage.inserting import insert_of
from storage.locks import hold_lock
from storage.outcomes import GOOD
from storage.tables import captures, frontier
from storage.values import as_text

SPENT = "budget"  # decision on what lies in a trap, or looks so; it falls due again, but not soon
BANNED = "robots"  # decision on what the host's robots.txt forbids
ENTRIES = ("report", "attachment")  # kinds that a listing lists
OK, NOT_MODIFIED = 200, 304
OTHER_SCHEME = "scheme"  # decision on what is asked for by https instead of http, or the other way round
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
    @property
    def method(self) -> str: ...
    @property
    def body(self) -> bytes: ...
    @property
    def headers(self) -> tuple[Header, ...]: ...
    @property
    def hops(self) -> int: ...
    @property
    def request_key(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Pending:
    """A row that is due. `attempts` counts the failed fetches in a row; `was_asked`: at some time."""

    url: str
    host: str
    kind: str
    score: int
    depth: int
    attempts: int
    hops: int = 0
    was_asked: bool = False
    method: str = "GET"
    body: bytes = b""
    headers: tuple[Header, ...] = ()

    @property
    def request_key(self) -> str:
        return request_key(self.url, self.method, self.body)


@dataclass(frozen=True, slots=True)
class Settlement:
    """What was decided about a request: not before `due_at` again, or never, and `decision` says why.
    After a fetch that `failed` the count of its attempts goes on; else it starts anew.
    """

    request_key: str
    due_at: datetime | None
    decision: str = ""
    failed: bool = False


# Built once: making a statement costs more than running it.
DUE = (
    select(
        frontier.c.url,
        frontier.c.host,
        frontier.c.kind,
        frontier.c.score,
        frontier.c.depth,
        frontier.c.attempts,
        frontier.c.hops,
        (frontier.c.due_at != frontier.c.added_at).label("was_asked"),
        frontier.c.method,
        frontier.c.request_body,
        frontier.c.request_headers,
    )
    .where(frontier.c.host == bindparam("on"), frontier.c.due_at <= bindparam("now"))
    .order_by(frontier.c.score.desc(), frontier.c.added_at, frontier.c.request_key)
    .limit(bindparam("most"))
)
SETTLE = (
    update(frontier)
    .where(frontier.c.request_key == bindparam("settled"))
    .values(
        due_at=bindparam("again"),
        decision=bindparam("why"),
        attempts=(frontier.c.attempts + 1) * bindparam("failed", type_=Integer),
    )
)

AT = frontier.c.request_key == bindparam("key")
FIND = select(*DUE.selected_columns).where(AT)
WHEN_DUE = select(frontier.c.due_at).where(AT)
LOOK_AGAIN = (
    update(frontier)
    .where(
        frontier.c.request_key.in_(bindparam("keys", expanding=True)), frontier.c.due_at > bindparam("now")
    )
    .where(
        ~select(captures.c.capture_id)
        .where(captures.c.url == frontier.c.url, captures.c.run_id == bindparam("run"))
        .exists()
    )
    .values(due_at=bindparam("now"))
)
ENTRIES_OF = (  # by host first, for which there is an index
    select(frontier.c.request_key)
    .where(frontier.c.host == bindparam("on"), frontier.c.found_on == bindparam("listing"))
    .where(frontier.c.kind.in_(ENTRIES))
    .limit(1)
)


def add_links(
    connection: Connection, found: Mapping[str, Iterable[FoundLink]], hosts: Collection[str], now: datetime
) -> None:
    """Links by the page they were found on. New addresses become due at once, those not on `hosts` wait
    outside. An address still pending takes the better of both scores (with its kind) and the shorter way;
    a settled one stays as it is, but for the state of a form, which is always the newest.
    """
    hold_lock(connection, "crawl")
    best: dict[str, dict[str, object]] = {}
    for page, links in found.items():
        for link in links:
            known = best.get(link.request_key)
            if known is None or link.score > cast("int", known["score"]):
                best[link.request_key] = new_row(link, hosts, page, as_text(now))
    if best:
        connection.execute(upsert(connection.dialect.name), list(best.values()))


@cache
def upsert(dialect: str) -> Executable:
    insert = insert_of(dialect, frontier)
    pending = or_(frontier.c.due_at <= insert.excluded.added_at, frontier.c.decision == OUTSIDE)
    better = pending & (insert.excluded.score > frontier.c.score)
    nearer = pending & (insert.excluded.depth < frontier.c.depth)
    restated = insert.excluded.request_body.is_distinct_from(frontier.c.request_body)
    return insert.on_conflict_do_update(
        index_elements=[frontier.c.request_key],
        set_={
            "score": case((better, insert.excluded.score), else_=frontier.c.score),
            "kind": case((better, insert.excluded.kind), else_=frontier.c.kind),
            "text": case((better, insert.excluded.text), else_=frontier.c.text),
            "depth": case((nearer, insert.excluded.depth), else_=frontier.c.depth),
            "request_body": insert.excluded.request_body,
        },
        where=or_(better, nearer, restated),
    )


def new_row(link: FoundLink, hosts: Collection[str], found_on: str, now: str) -> dict[str, object]:
    host = urlsplit(link.url).hostname or ""
    is_inside = host in hosts
    return {
        "request_key": link.request_key,
        "url": link.url,
        "method": link.method,
        "request_headers": json.dumps(link.headers),
        "request_body": link.body or None,
        "host": host,
        "kind": link.kind,
        "score": link.score,
        "depth": link.depth,
        "hops": link.hops,
        "text": link.text,
        "due_at": now if is_inside else None,
        "decision": "" if is_inside else OUTSIDE,
        "found_on": found_on,
        "added_at": now,
    }


def let_in(connection: Connection, hosts: Collection[str], now: datetime) -> None:
    """Links that waited outside for one of `hosts` to be registered become due."""
    hold_lock(connection, "crawl")
    waiting = update(frontier).where(frontier.c.decision == OUTSIDE, frontier.c.host.in_(hosts))
    connection.execute(waiting.values(due_at=as_text(now), decision=""))


def let_back(connection: Connection, host: str, now: datetime, decision: str = BANNED) -> None:
    """What was decided by has changed, as the host's robots.txt: what was refused for it is judged again."""
    hold_lock(connection, "crawl")
    refused = update(frontier).where(frontier.c.host == host, frontier.c.decision == decision)
    connection.execute(refused.values(due_at=as_text(now), decision=""))


def readdress(connection: Connection, addresses: Mapping[str, str], now: datetime) -> None:
    """Requests for a page (by their keys) become requests for the same page at another address, due now."""
    hold_lock(connection, "crawl")
    old = connection.execute(select(frontier).where(frontier.c.request_key.in_(addresses))).mappings()
    new = [readdressed(row, addresses[row["request_key"]], as_text(now)) for row in old]
    if new:
        connection.execute(upsert(connection.dialect.name), new)
        keys = [str(row["request_key"]) for row in new]
        back = update(frontier).where(frontier.c.request_key.in_(keys), frontier.c.decision == OTHER_SCHEME)
        connection.execute(back.values(due_at=as_text(now), decision=""))
    settle(connection, [Settlement(key, None, OTHER_SCHEME) for key in addresses])


def readdressed(row: RowMapping, url: str, now: str) -> dict[str, object]:
    key = request_key(url, row["method"], row["request_body"] or b"")
    return dict(row) | {
        "url": url,
        "request_key": key,
        "due_at": now,
        "added_at": now,
        "decision": "",
        "attempts": 0,
    }


def look_again(connection: Connection, entries: Iterable[FoundLink], run_id: int, now: datetime) -> None:
    """A listing changed: the pages it lists may have changed with it, and are due, but once in a run."""
    keys = [link.request_key for link in entries if link.kind in ENTRIES]
    if keys:
        hold_lock(connection, "crawl")
        connection.execute(LOOK_AGAIN, {"keys": keys, "now": as_text(now), "run": run_id})


def has_entries(connection: Connection, listing: str) -> bool:
    """Whether pages of its host were ever found on it."""
    wanted = {"on": urlsplit(listing).hostname, "listing": listing}
    return connection.scalar(ENTRIES_OF, wanted) is not None


def due_on(connection: Connection, host: str, now: datetime, limit: int) -> list[Pending]:
    """What is due on a host, the most promising first; equals in the order they were found."""
    wanted = {"on": host, "now": as_text(now), "most": limit}
    return [pending_of(row) for row in connection.execute(DUE, wanted)]


def pending_of(row: Sequence[Any]) -> Pending:
    """The columns of DUE, in their order."""
    body, headers = row[-2:]
    lines = tuple((name, value) for name, value in json.loads(headers))
    posted: tuple[Any, ...] = (body or b"", lines)
    return Pending(*row[:-2], *posted)


def find(connection: Connection, url: str) -> Pending | None:
    row = connection.execute(FIND, {"key": url}).one_or_none()
    return None if row is None else pending_of(row)


def is_due(connection: Connection, url: str, now: datetime) -> bool:
    """Whether the address is to be fetched: due, or never heard of."""
    due_at = connection.execute(WHEN_DUE, {"key": url}).one_or_none()
    return due_at is None or (due_at[0] is not None and due_at[0] <= as_text(now))


def settle(connection: Connection, settlements: Iterable[Settlement]) -> None:
    """The requests are not pending any more."""
    rows = [
        {
            "settled": each.request_key,
            "again": each.due_at and as_text(each.due_at),
            "why": each.decision,
            "failed": int(each.failed),
        }
        for each in settlements
    ]
    if rows:
        hold_lock(connection, "crawl")
        connection.execute(SETTLE, rows)


def attempts_at(connection: Connection, key: str) -> int:
    """Failed fetches in a row so far, of the request with this key."""
    return connection.scalar(select(frontier.c.attempts).where(frontier.c.request_key == key)) or 0


def retries_before(connection: Connection, now: datetime, end: datetime) -> list[tuple[str, datetime]]:
    """The hosts of what failed and is due again between `now` and `end`, and when."""
    soon = frontier.c.due_at.between(as_text(now), as_text(end)) & (frontier.c.attempts > 0)
    rows = connection.execute(
        select(frontier.c.host, func.min(frontier.c.due_at)).where(soon).group_by("host")
    )
    return [(host, datetime.fromisoformat(at)) for host, at in rows]


def has_answered(connection: Connection, host: str) -> bool:
    """Whether anything good ever came from the host."""
    good = select(captures.c.capture_id).where(captures.c.host == host, captures.c.outcome.in_(GOOD))
    return connection.scalar(good.limit(1)) is not None


def has_answered_since(connection: Connection, origin: str, moment: datetime) -> bool:
    """Whether anything but a failure came from the origin (`http://host`) since then."""
    there = (captures.c.host == urlsplit(origin).hostname) & captures.c.url.startswith(
        f"{origin}/", autoescape=True
    )
    answered = select(captures.c.capture_id).where(there, captures.c.status < 500)
    return connection.scalar(answered.where(captures.c.fetched_at >= as_text(moment)).limit(1)) is not None


def count_by_state(connection: Connection, now: datetime) -> dict[str, int]:
    """How many addresses are `due`, `waiting` for a later day, and decided against, by decision."""
    state = case(
        (frontier.c.due_at.is_(None), frontier.c.decision),
        (frontier.c.due_at <= as_text(now), "due"),
        else_="waiting",
    )
    query = select(state, func.count()).select_from(frontier).group_by(state)
    return {name: count for name, count in connection.execute(query)}  # noqa: C416 - rows are not pairs to mypy


def last_asked(connection: Connection, url: str) -> datetime | None:
    """When the address was last fetched, whatever came of it."""
    at = connection.scalar(select(func.max(captures.c.fetched_at)).where(captures.c.url == url))
    return None if at is None else datetime.fromisoformat(at)


def last_capture(connection: Connection, url: str) -> int | None:
    """The newest capture of an address, by `capture_id`, whatever came of it; where that is a 304, the one
    with the body that it stands for.
    """
    of_url = select(captures.c.capture_id, captures.c.status).where(captures.c.url == url)
    newest_first = of_url.order_by(captures.c.fetched_at.desc(), captures.c.capture_id.desc()).limit(1)
    newest = connection.execute(newest_first).one_or_none()
    if newest is None:
        return None
    if newest.status != NOT_MODIFIED:
        return int(newest.capture_id)
    with_body: int | None = connection.scalar(
        newest_first.where(
            captures.c.status == OK, captures.c.sha256.is_not(None), captures.c.outcome.in_(GOOD)
        )
    )
    return with_body
