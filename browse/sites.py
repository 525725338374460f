"""Sites and runs: how the crawl is doing."""

from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import Response

from browse.asking import ask, ask_the_one
from browse.lists import csv_answer
from browse.pages import render
from browse.remembered import Remembered
from settings import clock
from storage.database import Database
from storage.values import as_text

SITES = """
    SELECT s.host, s.name, s.region_code, s.site_id_code, s.icp_number, s.family, s.last_run_at,
        s.last_outcome, s.rest_until,
        COALESCE(c.n, 0) AS captures, COALESCE(r.n, 0) AS reports, COALESCE(f.n, 0) AS due
    FROM sites s
    LEFT JOIN (SELECT host, count(*) AS n FROM captures GROUP BY host) c ON c.host = s.host
    LEFT JOIN (SELECT host, count(*) AS n FROM reports GROUP BY host) r ON r.host = s.host
    LEFT JOIN (SELECT host, count(*) AS n FROM frontier WHERE due_at <= :now GROUP BY host) f
        ON f.host = s.host
    ORDER BY s.host"""
RUNS = "SELECT * FROM runs ORDER BY run_id DESC LIMIT 200"
ALL_RUNS = "SELECT run_id, command, state, started_at, finished_at, captures, previous_seal, seal FROM runs"
ONE_RUN = "SELECT * FROM runs WHERE run_id = :id"
CAPTURED = """
    SELECT kind, outcome, count(*) AS n FROM captures WHERE run_id = :id GROUP BY kind, outcome
    ORDER BY n DESC"""
FINDINGS = "SELECT * FROM run_findings WHERE run_id = :id ORDER BY code, host LIMIT 500"


def count_sites(database: Database) -> list[dict[str, object]]:
    with database.read() as connection:
        rows = connection.execute(text(SITES), {"now": as_text(clock.now())}).mappings()
        return [dict(row) for row in rows]


FOUND = Remembered("sites", count_sites)


def sites(request: Request) -> Response:
    return render(request, "sites.html", found=FOUND.of(request), now=as_text(clock.now()))


def sites_csv(request: Request) -> Response:
    return csv_answer(request, "sites", SITES, {"now": as_text(clock.now())})


def runs(request: Request) -> Response:
    return render(request, "runs.html", found=ask(request, RUNS))


def runs_csv(request: Request) -> Response:
    return csv_answer(request, "runs", ALL_RUNS, {})


def run(request: Request) -> Response:
    """`/runs/ID`: what it fetched, what it has to tell, and how it is sealed."""
    number = request.path_params["run_id"]
    found = ask_the_one(request, ONE_RUN, id=number)
    captured, findings = ask(request, CAPTURED, id=number), ask(request, FINDINGS, id=number)
    return render(request, "run.html", run=found, captured=captured, findings=findings)
