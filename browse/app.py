"""The web pages: every address in one table, and what every answer carries.

Nothing here writes but a person's review: every other connection refuses to. Nothing is fetched from
elsewhere, and no archived byte is ever shown as a page of this origin.
"""

from collections.abc import Mapping
from functools import partial
from importlib.resources import files

from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

import browse.keys  # noqa: F401 - for the routes
from browse.calendar import calendar
from browse.captures import capture, capture_raw, captures, captures_csv
from browse.cdx import cdx, timegate, timemap_link
from browse.coverage import coverage, coverage_csv
from browse.data import codes_csv, data
from browse.headers import COMMON, WithHeaders
from browse.metrics import metrics
from browse.options import Options
from browse.overview import overview
from browse.packages import wacz
from browse.pages import render
from browse.releases import release, release_file, releases
from browse.remembered import Memories
from browse.reports import report, reports, reports_csv, source, version
from browse.reviewing import cell_form, decide, page_form, queue
from browse.searching import searched
from browse.sites import run, runs, runs_csv, sites, sites_csv
from browse.snapshots.origins import Origins
from browse.sql import PLACE, sql_of
from browse.viewer import viewer, web
from browse.years import years, years_csv
from storage.database import Database

REFUSALS = {404: "not_found", 401: "password_wanted", 429: "too_often"}
STATIC = {"nianbao.css": "text/css", "nianbao.svg": "image/svg+xml"}


def static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in STATIC:
        raise HTTPException(404)
    body = files("browse").joinpath("static", name).read_bytes()
    return Response(body, media_type=STATIC[name], headers={"Cache-Control": "max-age=3600"})


ROUTES = [
    Route("/", overview),
    Route("/reports", reports),
    Route("/reports.csv", reports_csv),
    Route("/reports/{report_id}", report),
    Route("/reports/{report_id}/years", years),
    Route("/reports/{report_id}/years.csv", years_csv),
    Route("/reports/{report_id}/versions/{number:key}", version),
    Route("/reports/{report_id}/{table}/{row}/{column}", source),
    Route("/search", searched),
    Route("/metrics", metrics),
    Route("/data", data),
    Route("/codes.csv", codes_csv),
    Route("/releases", releases),
    Route("/releases/{name}", release),
    Route("/releases/{name}/{file:path}", release_file),
    Route("/captures", captures),
    Route("/captures.csv", captures_csv),
    Route("/captures/{capture_id:key}", capture),
    Route("/captures/{capture_id:key}/page", viewer),
    Route("/captures/{capture_id:key}/raw", capture_raw),
    Route("/calendar", calendar),
    Route("/cdx", cdx),
    Route("/timegate/{url:path}", timegate),
    Route("/timemap/link/{url:path}", timemap_link),
    Route("/wacz", wacz),
    Route("/web/{stamp}/{url:path}", web),
    Route("/review", queue),
    Route("/review/pages/{capture_id:key}", page_form),
    Route("/review/pages/{capture_id:key}", decide, methods=["POST"]),
    Route("/review/cells/{report_id}/{table}/{row}/{column}", cell_form),
    Route("/review/cells/{report_id}/{table}/{row}/{column}", decide, methods=["POST"]),
    Route("/coverage", coverage),
    Route("/coverage.csv", coverage_csv),
    Route("/sites", sites),
    Route("/sites.csv", sites_csv),
    Route("/runs", runs),
    Route("/runs.csv", runs_csv),
    Route("/runs/{run_id:key}", run),
    Route("/static/{name}", static),
]


def page_policy(origins: Origins, request: Request) -> Mapping[str, str]:
    """Nothing of other origins but the archived pages in their frame, no script at all."""
    return {
        **COMMON,
        "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
        f"frame-src {origins.snapshots(request)}; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'",
        "Cross-Origin-Opener-Policy": "same-origin",
    }


def refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    word = REFUSALS.get(error.status_code, "failed")
    answer = render(request, "error.html", status=error.status_code, word=word)
    answer.headers.update(error.headers or {})
    return answer


def broken(request: Request, _: Exception) -> Response:
    """A fault of ours; the server's log has it whole."""
    return render(request, "error.html", status=500, word="failed")


def unavailable(request: Request, _: Exception) -> Response:
    """The database is locked, gone or not ours to read at the moment."""
    return render(request, "error.html", status=503, word="failed")


def make_app(database: Database, options: Options, memories: Memories | None = None) -> ASGIApp:
    """The application over one database."""
    sql = sql_of(database)
    app = Starlette(
        routes=[*ROUTES, *([Mount(PLACE, sql)] if sql else [])],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=options.hosts)],
        exception_handlers={HTTPException: refused, OperationalError: unavailable, Exception: broken},
    )
    app.router.redirect_slashes = False
    app.state.database = database
    app.state.options = options
    app.state.memories = memories or Memories()
    app.state.sql = sql
    return WithHeaders(app, partial(page_policy, options.origins))
