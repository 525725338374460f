"""Sites, runs and the coverage ledger: how the crawl is doing and who has published."""

from starlette.requests import Request
from starlette.responses import Response

from browse.asking import ask
from browse.pages import render

SITES = """
    SELECT sites.host, sites.name, sites.region_code, site_id_code, icp_number, family, last_run_at,
        last_outcome,
        (SELECT count(*) FROM captures WHERE captures.host = sites.host) AS captures,
        (SELECT count(*) FROM reports WHERE reports.host = sites.host) AS reports
    FROM sites ORDER BY sites.host"""
RUNS = "SELECT * FROM runs ORDER BY run_id DESC LIMIT 200"
YEARS_SHOWN = 12


def sites(request: Request) -> Response:
    return render(request, "sites.html", found=ask(request, SITES))


def runs(request: Request) -> Response:
    return render(
        request, "runs.html", found=ask(request, "SELECT * FROM runs ORDER BY run_id DESC LIMIT 200")
    )


def coverage(request: Request) -> Response:
    """Bodies down, years across."""
    rows = ask(request, "SELECT * FROM coverage ORDER BY region_code, publisher, year")
    years = sorted({row["year"] for row in rows})[-YEARS_SHOWN:]
    bodies: dict[tuple[str, str], dict[int, object]] = {}
    for row in rows:
        bodies.setdefault((row["region_code"], row["publisher"]), {})[row["year"]] = row
    return render(request, "coverage.html", years=years, bodies=bodies)
