"""What the database holds, in numbers: for `nianbao status` and the demo."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select, table

from storage.coverage import RegionLine, count_coverage, coverage_by_region
from storage.frontier import count_by_state
from storage.tables import captures, frontier, payloads, reading_checks, readings, runs, sites
from storage.values import as_text

LAST_RUNS = 5
CURRENT = readings.c.standing == "current"
Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RunLine:
    run_id: int
    command: str
    state: str
    started_at: str
    finished_at: str | None
    captures: int


@dataclass(frozen=True, slots=True)
class SiteLine:
    """`registered` sites are crawled; others only came with an import."""

    host: str
    name: str
    registered: bool
    family: str
    captures: int
    reports: int
    pending: int
    last_run_at: str | None
    last_outcome: str | None


@dataclass(frozen=True, slots=True)
class Overview:
    """Counts by word have the words of the columns as keys; a year nobody could tell is "".

    `bytes_received` counts each distinct body once, as received; `bytes_stored` is what it takes here.
    `queue` counts addresses: `due` now, `waiting` for a later day, or decided against, by decision.
    `failed_checks` counts, by rule, those of severity "error" in reports as they now stand.
    """

    sites: tuple[SiteLine, ...]
    runs: tuple[RunLine, ...]  # the last ones, newest first
    captures: int
    captures_by_outcome: Counts
    captures_by_kind: Counts
    payloads: int
    bytes_received: int
    bytes_stored: int
    queue: Counts
    reports: int
    reports_by_form: Counts
    reports_by_status: Counts
    reports_by_year: Counts
    cells: int
    failed_checks: Counts
    rejected: int
    coverage: Counts  # by state, bodies' years
    regions: tuple[RegionLine, ...]  # the same by province, with why what is missing is expected
    to_review: int  # rows of the view `review`


def overview(connection: Connection, now: datetime) -> Overview:
    size = func.coalesce(func.sum(payloads.c.size), 0)
    stored = func.coalesce(func.sum(func.length(payloads.c.body)), 0)
    count, received, kept = connection.execute(select(func.count(), size, stored).select_from(payloads)).one()
    by_form = reports_by(connection, readings.c.form)
    by_outcome = captures_by(connection, captures.c.outcome)
    return Overview(
        sites=site_lines(connection, now),
        runs=run_lines(connection),
        captures=sum(by_outcome.values()),
        captures_by_outcome=by_outcome,
        captures_by_kind=captures_by(connection, captures.c.kind),
        payloads=count,
        bytes_received=int(received),
        bytes_stored=int(kept),
        queue=count_by_state(connection, now),
        reports=sum(by_form.values()),
        reports_by_form=by_form,
        reports_by_status=reports_by(connection, readings.c.status),
        reports_by_year=reports_by(connection, readings.c.year),
        cells=count_cells(connection),
        failed_checks=failed_checks(connection),
        rejected=connection.scalar(select(func.count()).where(readings.c.standing == "rejected")) or 0,
        coverage=count_coverage(connection),
        regions=coverage_by_region(connection),
        to_review=connection.scalar(select(func.count()).select_from(table("review"))) or 0,
    )


def counts(connection: Connection, query: Select[Any, int]) -> dict[str, int]:
    """Run a query of words and their counts, in the order of the words."""
    rows = [("" if word is None else str(word), number) for word, number in connection.execute(query)]
    return dict(sorted(rows))


def captures_by(connection: Connection, column: ColumnElement[Any]) -> dict[str, int]:
    return counts(connection, select(column, func.count()).group_by(column))


def reports_by(connection: Connection, column: ColumnElement[Any]) -> dict[str, int]:
    return counts(connection, select(column, func.count()).where(CURRENT).group_by(column))


def count_cells(connection: Connection) -> int:
    return int(
        connection.scalar(select(func.coalesce(func.sum(readings.c.cells_read), 0)).where(CURRENT)) or 0
    )


def failed_checks(connection: Connection) -> dict[str, int]:
    joined = reading_checks.join(readings, readings.c.reading_id == reading_checks.c.reading_id)
    query = (
        select(reading_checks.c.rule, func.count())
        .select_from(joined)
        .where(CURRENT, reading_checks.c.passed == 0, reading_checks.c.severity == "error")
        .group_by(reading_checks.c.rule)
    )
    return counts(connection, query)


def run_lines(connection: Connection) -> tuple[RunLine, ...]:
    names = ("run_id", "command", "state", "started_at", "finished_at", "captures")
    query = select(*(runs.c[name] for name in names)).order_by(runs.c.run_id.desc()).limit(LAST_RUNS)
    return tuple(RunLine(*row) for row in connection.execute(query))


def site_lines(connection: Connection, now: datetime) -> tuple[SiteLine, ...]:
    captured = captures_by(connection, captures.c.host)
    reported = reports_by(connection, readings.c.host)
    is_due = frontier.c.due_at <= as_text(now)
    pending = counts(
        connection, select(frontier.c.host, func.count()).where(is_due).group_by(frontier.c.host)
    )
    return tuple(
        SiteLine(
            host=row.host,
            name=row.name,
            registered=bool(row.registered),
            family=row.family,
            captures=captured.get(row.host, 0),
            reports=reported.get(row.host, 0),
            pending=pending.get(row.host, 0),
            last_run_at=row.last_run_at,
            last_outcome=row.last_outcome,
        )
        for row in connection.execute(select(sites).order_by(sites.c.host))
    )
