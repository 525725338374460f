"""An archive copied run by run, as far as a release of it goes, so that what was read can be read anew.

What the captures tell is not copied: readings, and the gaps of the coverage. What persons and the crawler
told is: reviews, each at its time, the registry, the lists of bodies. Of a site that nobody registered, only
what no page tells.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select

from storage.listed import read_again
from storage.replicate import copy
from storage.runs import DONE
from storage.tables import (
    addresses,
    capture_rows,
    dictionaries,
    frontier,
    heads,
    listed_days,
    payloads,
    requests,
    reviews,
    runs,
    sites,
)

SHARED = (dictionaries, payloads, addresses, requests, heads)  # what captures of any run refer to
TOLD_BY_PAGES = ("name", "region_code", "site_id_code", "icp_number", "police_number")


def copy_what_runs_share(ours: Connection, theirs: Connection) -> None:
    for table in SHARED:
        copy(ours, theirs, table, select(table).order_by(*table.primary_key.columns))


def copy_registry(ours: Connection, theirs: Connection, last_run: int, until: str) -> None:
    """Sites, of those that nobody registered the ones captured up to a run; and the lists of bodies that were
    known at a moment (ISO 8601).
    """
    lists = (frontier.c.kind == "listing") & (frontier.c.text != "") & (frontier.c.added_at <= until)
    copy(ours, theirs, frontier, select(frontier).where(lists))
    at = capture_rows.c.address_id == addresses.c.address_id
    captured = select(addresses.c.host).join(capture_rows, at).where(capture_rows.c.run_id <= last_run)
    known = select(sites).where((sites.c.registered == 1) | sites.c.host.in_(captured))
    rows = [as_registered(dict(row)) for row in ours.execute(known).mappings()]
    if rows:
        theirs.execute(insert(sites), rows)


def as_registered(site: dict[str, Any]) -> dict[str, Any]:
    return site if site["registered"] else site | dict.fromkeys(TOLD_BY_PAGES, "")


@dataclass(frozen=True, slots=True)
class PlayedRun:
    """`is_read`: what it brought was read at its end; a run that was stopped leaves that to the next."""

    run_id: int
    started_at: str
    is_read: bool


def sealed_runs(ours: Connection, last: int) -> list[PlayedRun]:
    """The sealed runs up to one, in order."""
    query = select(*runs.c["run_id", "started_at", "state"]).where(
        runs.c.seal.is_not(None), runs.c.run_id <= last
    )
    found = ours.execute(query.order_by(runs.c.run_id))
    return [PlayedRun(run.run_id, run.started_at, run.state == DONE) for run in found]


def copy_run(ours: Connection, theirs: Connection, run_id: int) -> None:
    copy(ours, theirs, runs, select(runs).where(runs.c.run_id == run_id))
    captured = select(capture_rows).where(capture_rows.c.run_id == run_id)
    copy(ours, theirs, capture_rows, captured.order_by(capture_rows.c.capture_id))
    listed = select(listed_days).where(listed_days.c.run_id == run_id)
    if copy(ours, theirs, listed_days, listed.order_by(listed_days.c.url, listed_days.c.day)):
        read_again(theirs, theirs.scalars(select(listed.subquery().c.url)).all())


def copy_reviews(ours: Connection, theirs: Connection, last: int, until: str) -> None:
    """Those that are not there yet, up to one and to a moment (ISO 8601). What they are about is to be read
    again.
    """
    there = theirs.scalar(select(func.max(reviews.c.review_id))) or 0
    fresh = (reviews.c.review_id > there) & (reviews.c.review_id <= last) & (reviews.c.reviewed_at <= until)
    copy(ours, theirs, reviews, select(reviews).where(fresh).order_by(reviews.c.review_id))
    read_again(theirs, theirs.scalars(select(reviews.c.url).where(reviews.c.review_id > there)).all())
