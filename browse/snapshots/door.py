"""The origin of the archived pages: everything that leaves here is harmless twice, by what it is and by the
policy it carries. Nothing is ever fetched: what is not in the archive is said not to be.
"""

from collections.abc import Mapping
from functools import partial

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

import browse.keys  # noqa: F401 - for the routes
from browse.apart import TooMuch, apart
from browse.asking import database_of
from browse.headers import COMMON, WithHeaders
from browse.options import Options
from browse.snapshots.addresses import Archive
from browse.snapshots.finding import all_of, moment_in, nearest
from browse.snapshots.memento import http_date, link_header
from browse.snapshots.origins import Origins, origins_of
from browse.snapshots.sheets import sheet_at
from browse.snapshots.showing import NotShown, Shown, Spot, body_of, shown
from extract.readers import NotReadable
from storage.archive import StoredCapture, header_value, load_capture
from storage.cdx import timestamp
from storage.database import Database
from storage.payloads import PayloadError

RAW = "id_"
SAFE_CODINGS = frozenset({"gzip", "x-gzip", "deflate", "br", "zstd"})
MISSES = {
    404: "不在存档中；绝不从网上取。\nNot in the archive, and nothing is ever fetched from the web.\n",
    415: "此内容无法显示，可下载原始字节。\nThis cannot be shown; its raw bytes can be downloaded.\n",
}


def snapshot_policy(origins: Origins, request: Request) -> Mapping[str, str]:
    """No script, no form, no frame, nothing loaded but pictures and styles of this origin; a click may only
    lead the whole window elsewhere, and every link leads to the pages of ours.
    """
    here = origins.snapshots(request)
    return {
        **COMMON,
        "Content-Security-Policy": "sandbox allow-top-navigation-by-user-activation; default-src 'none'; "
        f"img-src {here} data:; style-src {here} 'unsafe-inline'; form-action 'none'; base-uri 'none'; "
        f"frame-ancestors {origins.pages(request)}",
        "Cross-Origin-Resource-Policy": "cross-origin",  # what is in the sandbox is of no origin
        "X-Robots-Tag": "noindex, nofollow",
    }


def asked_address(request: Request, behind: int = 2) -> str:
    """The archived address to the letter, behind so many slashes: not decoded, its query included."""
    path = request.scope["raw_path"].decode("latin-1").split("/", behind)[behind]
    query = request.scope["query_string"].decode("latin-1")
    return f"{path}?{query}" if query else path


def memento(request: Request) -> Response:
    """`/TIMESTAMP/URL`: the page as it was; with `id_` behind the timestamp its bytes as received."""
    stamp = request.path_params["stamp"]
    moment = moment_in(stamp.removesuffix(RAW))
    if moment is None:
        raise HTTPException(404)
    with database_of(request).read() as connection:
        known = all_of(connection, asked_address(request))
        chosen = nearest(known, moment)
        if chosen is None:
            raise HTTPException(404)
        stored = load(connection, chosen.capture_id)
    answer = raw(stored) if stamp.endswith(RAW) else page(request, stored)
    origins = origins_of(request)
    answer.headers["Memento-Datetime"] = http_date(chosen.at)
    answer.headers["Link"] = link_header(known, origins.pages(request), origins.snapshots(request))
    return answer


def capture(request: Request) -> Response:
    """`/capture/ID`, with `?at=` a place on it that is to be marked."""
    with database_of(request).read() as connection:
        stored = load(connection, request.path_params["capture_id"])
    asked = request.query_params
    return page(request, stored, asked.get("at", ""), number_of(asked.get("page", "")))


def number_of(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 0


def sheet(request: Request) -> Response:
    """`/capture/ID/sheets/N.png`: a page of a printed document as a picture drawn by us."""
    with database_of(request).read() as connection:
        stored = load(connection, request.path_params["capture_id"])
    place = request.query_params.get("at", "")
    try:
        found = apart(sheet_at, body_of(stored), place, request.path_params["number"])
    except (LookupError, NotReadable, NotShown, TooMuch) as error:
        raise HTTPException(404) from error
    return Response(found.png, media_type="image/png")


def load(connection: Connection, capture_id: int) -> StoredCapture:
    try:
        return load_capture(connection, capture_id)
    except (LookupError, PayloadError) as error:
        raise HTTPException(404) from error


def page(request: Request, stored: StoredCapture, place: str = "", number: int = 0) -> Response:
    """Opened by itself, without its banner, an archived page could pass for a live one: then the banner is
    put around it.
    """
    origins = origins_of(request)
    if request.headers.get("sec-fetch-dest") == "document":
        return RedirectResponse(f"{origins.pages(request)}/captures/{stored.capture_id}/page", 302)
    capture = stored.capture
    archive = Archive(
        capture.url, timestamp(capture.fetched_at), origins.pages(request), origins.snapshots(request)
    )
    try:
        address = f"{archive.snapshots}/capture/{stored.capture_id}"
        made = shown(stored, archive, Spot(address, place, number))
    except NotShown as error:
        return PlainTextResponse(f"{MISSES[415]}\n{error}\n", 200)
    return answer_of(made, capture.status)


def answer_of(made: Shown, status: int | None) -> Response:
    if made.location:
        return RedirectResponse(made.location, 302)
    is_miss = status is not None and status >= 400
    answer = Response(made.content, status if is_miss and status else 200)
    answer.headers["Content-Type"] = made.media
    return answer


def raw(stored: StoredCapture) -> Response:
    """The payload as received, under the type and coding it came with, as a file."""
    capture = stored.capture
    answer = Response(capture.payload or b"")
    answer.headers["Content-Type"] = plain_header(stored, "content-type") or "application/octet-stream"
    coding = plain_header(stored, "content-encoding").lower()
    if coding in SAFE_CODINGS:
        answer.headers["Content-Encoding"] = coding
    answer.headers["Content-Disposition"] = f'attachment; filename="{(stored.sha256 or "none")[:16]}.bin"'
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    return answer


def plain_header(stored: StoredCapture, name: str) -> str:
    """An archived header's value where it is one line of ASCII; no archived byte shapes our head."""
    value = header_value(stored.capture.headers, name) or ""
    return value if value.isascii() and value.isprintable() else ""


def refused(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return PlainTextResponse(MISSES.get(status, f"{status}\n"), status)


def unavailable(_: Request, __: Exception) -> Response:
    return PlainTextResponse("存档暂时不可读。\nThe archive cannot be read at the moment.\n", 503)


ROUTES = [
    Route("/capture/{capture_id:key}", capture),
    Route("/capture/{capture_id:key}/sheets/{number:key}.png", sheet),
    Route("/{stamp}/{url:path}", memento),
]


def make_snapshots(database: Database, options: Options) -> ASGIApp:
    """The application of the second origin."""
    app = Starlette(
        routes=ROUTES,
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=options.hosts)],
        exception_handlers={HTTPException: refused, OperationalError: unavailable, Exception: refused},
    )
    app.router.redirect_slashes = False
    app.state.database = database
    app.state.options = options
    return WithHeaders(app, partial(snapshot_policy, options.origins))
