"""The web pages: every address in one table, and what every answer carries.

Nothing here writes: the database connection refuses to. Nothing is fetched from elsewhere, and no archived
byte is ever shown as a page of this origin.
"""

from importlib.resources import files

from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from browse.captures import capture, capture_raw, captures
from browse.overview import overview
from browse.pages import render
from browse.reports import report, reports, reports_csv, source
from browse.sites import coverage, runs, sites
from storage.database import Database

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "testserver")


def stylesheet(_: Request) -> Response:
    style = files("browse").joinpath("static", "nianbao.css").read_bytes()
    return Response(style, media_type="text/css", headers={"Cache-Control": "max-age=3600"})


ROUTES = [
    Route("/", overview),
    Route("/reports", reports),
    Route("/reports.csv", reports_csv),
    Route("/reports/{report_id}", report),
    Route("/reports/{report_id}/{table}/{row}/{column}", source),
    Route("/captures", captures),
    Route("/captures/{capture_id:int}", capture),
    Route("/captures/{capture_id:int}/raw", capture_raw),
    Route("/coverage", coverage),
    Route("/sites", sites),
    Route("/runs", runs),
    Route("/static/nianbao.css", stylesheet),
]


class SecurityHeaders:
    """Every answer says what a browser may do with it; an answer's own policy is kept."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                message["headers"] += [
                    (name.encode(), value.encode())
                    for name, value in HEADERS.items()
                    if name.lower().encode() not in present
                ]
            await send(message)

        await self.app(scope, receive, send_with_headers)


def refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    word = "not_found" if error.status_code == 404 else "failed"
    return render(request, "error.html", status=error.status_code, word=word)


def broken(request: Request, _: Exception) -> Response:
    """A fault of ours; the server's log has it whole."""
    return render(request, "error.html", status=500, word="failed")


def unavailable(request: Request, _: Exception) -> Response:
    """The database is locked, gone or not ours to read at the moment."""
    return render(request, "error.html", status=503, word="failed")


def make_app(database: Database, hosts: tuple[str, ...] = LOOPBACK) -> Starlette:
    """The application over one database; it answers only to the host names given."""
    app = Starlette(
        routes=ROUTES,
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts)),
        ],
        exception_handlers={HTTPException: refused, OperationalError: unavailable, Exception: broken},
    )
    app.state.database = database
    return app
