"""What one run brought, for the report in the morning."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select, update

from storage.findings import Finding, findings_of
from storage.outcomes import GOOD
from storage.runs import CRAWL
from storage.tables import captures, readings, runs, sites

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ReportLine:
    publisher: str
    year: int | None
    url: str
    capture_id: int


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A host that turned pages away, with the evidence of the last one."""

    host: str
    times: int
    evidence: str


@dataclass(frozen=True, slots=True)
class Night:
    """Of one run. `findings` with how often each was so; `silent` of the `hosts` asked gave nothing. A host
    asked for its robots.txt alone, which had one or none, is not among them: nothing else was due.
    `by_family` counts hosts by their content system, "generic" those of one that nobody here knows. `new` and
    `changed` are of all the `runs` that nobody told of before.
    """

    run_id: int
    state: str
    started_at: str
    finished_at: str | None
    captures: int
    bytes_received: int
    by_outcome: Counts
    by_family: Counts
    new: tuple[ReportLine, ...]
    changed: tuple[ReportLine, ...]
    blocked: tuple[RefusedLine, ...]
    findings: tuple[tuple[Finding, int], ...]
    hosts: int
    silent: int
    runs: tuple[int, ...]


def night_of(connection: Connection, run_id: int) -> Night:
    run = connection.execute(select(runs).where(runs.c.run_id == run_id)).one()
    ours = captures.c.run_id == run_id
    outcomes = select(captures.c.outcome, func.count()).where(ours).group_by(captures.c.outcome)
    is_page, is_told = captures.c.kind != "robots", captures.c.outcome.in_((*GOOD, "missing"))
    asked = select(func.count(captures.c.host.distinct())).where(ours, is_page | ~is_told)
    answered = asked.where(captures.c.outcome.in_(GOOD), is_page)
    hosts = connection.scalar(asked) or 0
    told_now = runs_told_with(connection, run_id)
    received = connection.scalar(select(func.sum(captures.c.size)).where(ours))
    return Night(
        run_id=run_id,
        state=run.state,
        started_at=run.started_at,
        finished_at=run.finished_at,
        captures=run.captures,
        bytes_received=int(received or 0),
        by_outcome={outcome: count for outcome, count in connection.execute(outcomes.order_by("outcome"))},  # noqa: C416 - rows are not pairs to mypy
        by_family=families_of(connection, run_id),
        new=report_lines(connection, reports_of(told_now).where(readings.c.version == 1)),
        changed=report_lines(connection, reports_of(told_now).where(readings.c.version > 1)),
        blocked=refused_lines(connection, run_id),
        findings=tuple(findings_of(connection, run_id)),
        hosts=hosts,
        silent=hosts - (connection.scalar(answered) or 0),
        runs=tuple(told_now),
    )


def families_of(connection: Connection, run_id: int) -> dict[str, int]:
    """By family, the hosts on which a listing was seen in the run or before it."""
    asked = select(captures.c.host).where(captures.c.run_id == run_id).distinct()
    query = select(sites.c.family, func.count()).where(sites.c.host.in_(asked), sites.c.family != "")
    counted = connection.execute(query.group_by(sites.c.family).order_by(sites.c.family))
    return {family: count for family, count in counted}  # noqa: C416 - rows are not pairs to mypy


def runs_told_with(connection: Connection, run_id: int) -> list[int]:
    """The run, and those before it that were stopped, or only looked who answers, or died as they read."""
    untold = (runs.c.command == CRAWL) & (runs.c.told == 0) & (runs.c.state != "running")
    before = select(runs.c.run_id).where(untold, runs.c.run_id < run_id).order_by(runs.c.run_id)
    return [*connection.scalars(before), run_id]


def note_told(connection: Connection, night: Night) -> None:
    """Its report is written: no other says again what these runs brought."""
    connection.execute(update(runs).where(runs.c.run_id.in_(night.runs)).values(told=1))


def reports_of(run_ids: Sequence[int]) -> Select[Any]:
    columns = (readings.c.publisher, readings.c.year, readings.c.url, readings.c.capture_id)
    joined = readings.join(captures, captures.c.capture_id == readings.c.capture_id)
    query = select(*columns).select_from(joined).where(captures.c.run_id.in_(run_ids))
    current = query.where(readings.c.standing == "current")
    return current.order_by(readings.c.publisher, readings.c.year, readings.c.url)


def report_lines(connection: Connection, query: Select[Any]) -> tuple[ReportLine, ...]:
    return tuple(ReportLine(*row) for row in connection.execute(query))


def refused_lines(connection: Connection, run_id: int) -> tuple[RefusedLine, ...]:
    query = (
        select(captures.c.host, func.count(), func.max(captures.c.error))
        .where(captures.c.run_id == run_id, captures.c.outcome == "blocked")
        .group_by(captures.c.host)
        .order_by(captures.c.host)
    )
    return tuple(RefusedLine(*row) for row in connection.execute(query))
