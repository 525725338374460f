"""What is in here, at one glance."""

from dataclasses import dataclass
from decimal import Decimal

from starlette.requests import Request
from starlette.responses import Response

from browse.asking import ask
from browse.charts import HEIGHT, WIDTH, bars, stacks
from browse.coverage import heat_of
from browse.facets import cube_of
from browse.pages import render
from browse.remembered import Remembered
from extract.forms.crosswalk import crosswalk
from settings import clock
from storage import status
from storage.database import Database
from storage.sums import Sums, sums_by_year

LAST_RUN = "SELECT * FROM runs ORDER BY run_id DESC LIMIT 1"
PROBLEMS = """
    SELECT code, host, text, times FROM run_findings
    WHERE run_id = (SELECT max(run_id) FROM runs) ORDER BY times DESC, host LIMIT 12"""
OUTCOMES = ("granted", "partial", "denied", "unavailable", "not_processed", "other")

Years = list[tuple[str, Decimal]]
Shares = list[tuple[str, list[tuple[str, Decimal]]]]


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums over every report, by year."""

    received: Years
    outcomes: Shares


def count(database: Database) -> status.Overview:
    with database.read() as connection:
        return status.overview(connection, clock.now())


def add_up(database: Database) -> Figures:
    with database.read() as connection:
        return figures_of(sums_by_year(connection, "requests", "total"))


def figures_of(sums: Sums) -> Figures:
    kinds = outcome_of_rows()
    received: Years = []
    outcomes: Shares = []
    for year, by_row in sorted(sums.items()):
        found = dict.fromkeys(OUTCOMES, Decimal(0))
        for row_code, number in by_row.items():
            if row_code in kinds:
                found[kinds[row_code]] += number
        if "received" in by_row:
            received.append((str(year), by_row["received"]))
        if not kinds.keys().isdisjoint(by_row):
            outcomes.append((str(year), list(found.items())))
    return Figures(received, outcomes)


def outcome_of_rows() -> dict[str, str]:
    """Which outcome each row of the requests is, by what the crosswalk calls it; sums of others are none."""
    found: dict[str, str] = {}
    for measure in crosswalk():
        _, kind, *_ = measure.code.split(".")
        if kind in OUTCOMES and len(measure.cells) == 1:
            found |= {row: kind for table, row, _ in measure.cells if table == "requests"}
    return found


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
        received=bars(figures.received) if figures else None,
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
