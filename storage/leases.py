"""Leases: which worker asks which host. One worker at a time talks to a host, however many there are.

A lease is two columns of the site's row: the run that holds it, and until when. The holder renews it with
each heart-beat; a worker that died does not, and when its leases have run out anybody takes its hosts over. A
host that is given back rests for its pause first: its lease runs out by itself. Every moment is the
database's own, so that the machines' clocks need not agree. SQLite has one worker, and no leases.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, Text, func, or_, select, update

from storage.locks import hold_lock
from storage.runs import CRAWL
from storage.tables import frontier, runs, sites
from storage.values import as_text

LEASE = 60.0  # seconds; no pause between two requests to a host is longer


def moment(seconds: float = 0) -> ColumnElement[str]:
    """So many seconds from now by the database's clock, written as `as_text` does."""
    at = func.clock_timestamp() + func.make_interval(0, 0, 0, 0, 0, 0, seconds)
    return func.to_char(func.timezone("UTC", at), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"', type_=Text)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The hosts that a worker may take: those with anything due at `now` (by the crawl's clock) that are not
    at rest, less what it left in peace itself; or only `among`, even at rest. Unless `is_due`, whether or not
    anything is due.
    """

    now: datetime
    among: Collection[str] | None = None
    without: Collection[str] = ()
    is_due: bool = True

    def free(self) -> Select[str]:
        due = select(frontier.c.host).where(
            frontier.c.host == sites.c.host, frontier.c.due_at <= as_text(self.now)
        )
        is_free = or_(sites.c.lease_until.is_(None), sites.c.lease_until <= moment())
        hosts = select(sites.c.host).where(sites.c.registered == 1, is_free)
        if self.is_due:
            hosts = hosts.where(due.exists())
        if self.without:
            hosts = hosts.where(sites.c.host.not_in(self.without))
        if self.among is not None:
            return hosts.where(sites.c.host.in_(self.among))
        return hosts.where(or_(sites.c.rest_until.is_(None), sites.c.rest_until <= as_text(self.now)))


def renew(connection: Connection, run_id: int) -> frozenset[str]:
    """A heart-beat: the worker lives, and holds on to its hosts. Gives those that it still has."""
    hold_lock(connection, "crawl")
    connection.execute(update(runs).where(runs.c.run_id == run_id).values(lease_until=moment(LEASE)))
    held = update(sites).where(sites.c.lease_owner == str(run_id)).values(lease_until=moment(LEASE))
    return frozenset(connection.scalars(held.returning(sites.c.host)))


def take(connection: Connection, run_id: int, wanted: Wanted, most: int) -> list[str]:
    """Lease up to so many hosts; who was visited longest ago comes first."""
    hold_lock(connection, "crawl")
    best = wanted.free().order_by(func.coalesce(sites.c.last_run_at, ""), sites.c.host).limit(most)
    found = connection.scalars(best.with_for_update(skip_locked=True)).all()
    if found:
        mine = update(sites).where(sites.c.host.in_(found))
        connection.execute(mine.values(lease_owner=str(run_id), lease_until=moment(LEASE)))
    return list(found)


def count_free(connection: Connection, wanted: Wanted) -> int:
    return connection.scalar(select(func.count()).select_from(wanted.free().subquery())) or 0


def give_back(connection: Connection, run_id: int, pauses: Mapping[str, float]) -> None:
    """Hold these hosts no longer; nobody may ask them before so many seconds."""
    hold_lock(connection, "crawl")
    for pause in set(pauses.values()):
        hosts = [host for host, own in pauses.items() if own == pause]
        mine = update(sites).where(sites.c.host.in_(hosts), sites.c.lease_owner == str(run_id))
        connection.execute(mine.values(lease_owner=None, lease_until=moment(pause)))


@dataclass(frozen=True, slots=True)
class Holdings:
    """How many hosts each living worker holds, by run; how many were given back and rest for their pause."""

    by_run: Mapping[int, int]
    pausing: int


def holdings(connection: Connection) -> Holdings:
    is_alive = (runs.c.command == CRAWL) & (runs.c.state == "running") & (runs.c.lease_until > moment())
    counts = dict.fromkeys(connection.scalars(select(runs.c.run_id).where(is_alive)), 0)
    leased = select(sites.c.lease_owner, func.count()).where(sites.c.lease_until > moment())
    found = {owner: count for owner, count in connection.execute(leased.group_by(sites.c.lease_owner))}  # noqa: C416
    pausing = found.pop(None, 0)
    return Holdings(counts | {int(owner): count for owner, count in found.items()}, pausing)
