"""What is in here, at one glance."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import bindparam, text
from starlette.requests import Request
from starlette.responses import Response

from browse.asking import ask
from browse.charts import HEIGHT, WIDTH, bars, stacks
from browse.coverage import heat_of
from browse.facets import cube_of
from browse.pages import render
from browse.remembered import Remembered
from settings import clock
from storage import status
from storage.database import Database

LAST_RUN = "SELECT * FROM runs ORDER BY run_id DESC LIMIT 1"
PROBLEMS = """
    SELECT code, host, text, times FROM run_findings
    WHERE run_id = (SELECT max(run_id) FROM runs) ORDER BY times DESC, host LIMIT 12"""
SUMS = text("""
    SELECT year, measure, SUM(stated) AS stated, SUM(total) AS total FROM series_sums
    WHERE measure IN :measures AND comparable = 1 AND total IS NOT NULL
    GROUP BY year, measure ORDER BY year""").bindparams(bindparam("measures", expanding=True))
OUTCOMES = ("granted", "partial", "denied", "unavailable", "not_processed", "other")
OUTCOME_OF = {f"requests.{kind}.total": kind for kind in OUTCOMES}  # by measure
RECEIVED = "requests.received.total"

Shares = list[tuple[str, list[tuple[str, Decimal]]]]


class Received(NamedTuple):
    """What so many reports on a year state together."""

    year: str
    reports: int
    total: Decimal


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums over every report, by year."""

    received: list[Received]
    outcomes: Shares


def count(database: Database) -> status.Overview:
    with database.read() as connection:
        return status.overview(connection, clock.now())


def add_up(database: Database) -> Figures:
    wanted = [RECEIVED, *OUTCOME_OF]
    with database.read() as connection:
        rows = connection.execute(SUMS, {"measures": wanted})
        return figures_of([(row.year, row.measure, row.stated, Decimal(str(row.total))) for row in rows])


def figures_of(sums: Iterable[tuple[int, str, int, Decimal]]) -> Figures:
    """The outcomes of years of which all are known."""
    by_year: dict[int, dict[str, tuple[int, Decimal]]] = {}
    for year, measure, stated, total in sums:
        by_year.setdefault(year, {})[measure] = (stated, total)
    received = [Received(str(year), *found[RECEIVED]) for year, found in by_year.items() if RECEIVED in found]
    outcomes = [
        (str(year), [(kind, found[measure][1]) for measure, kind in OUTCOME_OF.items()])
        for year, found in by_year.items()
        if found.keys() >= OUTCOME_OF.keys()
    ]
    return Figures(received, outcomes)


COUNTS = Remembered("counts", count)
FIGURES = Remembered("figures", add_up)


def overview(request: Request) -> Response:
    figures = FIGURES.soon(request)
    found = COUNTS.of(request)
    by_level = cube_of(request).choices({}, "level")
    return render(
        request,
        "overview.html",
        facts=facts(found),
        reports_by_year=bars([(year, number) for year, number in found.reports_by_year.items() if year]),
        received=figures.received if figures else None,
        received_bars=bars([(each.year, each.total) for each in figures.received]) if figures else [],
        outcomes=stacks(figures.outcomes) if figures else None,
        kinds=OUTCOMES,
        levels=by_level,
        heat=heat_of(request, ""),
        run=next(iter(ask(request, LAST_RUN)), None),
        problems=ask(request, PROBLEMS),
        width=WIDTH,
        height=HEIGHT,
    )


def facts(found: status.Overview) -> list[tuple[str, str, int]]:
    return [
        ("reports", "/reports", found.reports),
        ("cells", "/data", found.cells),
        ("failed_checks", "/reports?failed=1", sum(found.failed_checks.values())),
        ("captures", "/captures", found.captures),
        ("sites", "/sites", len(found.sites)),
    ]
