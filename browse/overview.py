"""What is in here, at one glance."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import RowMapping, text
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

REQUESTS = """
    SELECT year, row_code, sum(value) AS n FROM cells JOIN reports USING (report_id)
    WHERE table_code = 'requests' AND col_code = 'total' AND value IS NOT NULL AND year IS NOT NULL
    GROUP BY year, row_code ORDER BY year"""
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
        return Figures(*by_year(connection.execute(text(REQUESTS)).mappings().all()))


def by_year(rows: Sequence[RowMapping]) -> tuple[Years, Shares]:
    kinds = outcome_of_rows()
    received: dict[str, Decimal] = {}
    outcomes: dict[str, dict[str, Decimal]] = {}
    for row in rows:
        year, number = str(row["year"]), Decimal(str(row["n"]))
        kind = kinds.get(row["row_code"])
        if row["row_code"] == "received":
            received[year] = number
        elif kind:
            of_year = outcomes.setdefault(year, dict.fromkeys(OUTCOMES, Decimal(0)))
            of_year[kind] += number
    return sorted(received.items()), [(year, list(found.items())) for year, found in sorted(outcomes.items())]


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
