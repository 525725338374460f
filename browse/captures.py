"""Captures: what was fetched, when, and what came of it. Bytes leave only as a download, never as a page."""

from sqlalchemy import RowMapping
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from browse.asking import ask, ask_one, ask_the_one, database_of
from browse.lists import Filter, csv_answer
from browse.pages import page_of, render
from storage.archive import load_capture
from storage.captures import KINDS, OUTCOMES

PAGE = 50
COLUMNS = "capture_id, url, host, fetched_at, status, content_type, sha256, size, kind, outcome, run_id"
LATEST = """
    SELECT capture_id, url, fetched_at, status, size, kind, outcome FROM captures
    WHERE {where} ORDER BY capture_id DESC LIMIT :limit OFFSET :offset"""
FILTERS = {
    "q": "url LIKE :q",
    "host": "host = :host",
    "day": "fetched_at LIKE :day",
    "outcome": "outcome = :outcome",
    "kind": "kind = :kind",
    "run": "CAST(run_id AS TEXT) = :run",
}
SHAPES = {"q": "%{}%", "day": "{}%"}
OF_ADDRESS = "SELECT capture_id, fetched_at, outcome FROM captures WHERE url = :url ORDER BY fetched_at"
ITS_REPORT = "SELECT report_id, title FROM reports WHERE capture_id = :id"
ONE = "SELECT * FROM captures WHERE capture_id = :id"


def captures(request: Request) -> Response:
    chosen = Filter.of(request, FILTERS, SHAPES)
    page = page_of(request)
    window = {"limit": PAGE + 1, "offset": (page - 1) * PAGE}
    found = ask(request, LATEST.format(where=chosen.where), **chosen.values, **window)
    return render(
        request,
        "captures.html",
        found=found[:PAGE],
        page=page,
        has_more=len(found) > PAGE,
        given=request.query_params,
        choices={"outcome": OUTCOMES, "kind": KINDS},
        link=lambda number: str(request.url.include_query_params(page=number).query),
        csv=str(request.url.query),
    )


def captures_csv(request: Request) -> Response:
    chosen = Filter.of(request, FILTERS, SHAPES)
    query = f"SELECT {COLUMNS} FROM captures WHERE {chosen.where} ORDER BY capture_id"  # noqa: S608 - fixed
    return csv_answer(request, "captures", query, chosen.values)


def capture(request: Request) -> Response:
    row = find_capture(request, request.path_params["capture_id"])
    with database_of(request).read() as connection:
        stored = load_capture(connection, row["capture_id"])
    others = ask(request, OF_ADDRESS, url=row["url"])
    report = ask_one(request, ITS_REPORT, id=row["capture_id"])
    return render(
        request, "capture.html", capture=row, headers=stored.capture.headers, others=others, report=report
    )


def capture_raw(request: Request) -> Response:
    """The payload as received, as a file: no browser is to run it here."""
    row = find_capture(request, request.path_params["capture_id"])
    with database_of(request).read() as connection:
        payload = load_capture(connection, row["capture_id"]).capture.payload
    if payload is None:
        raise HTTPException(404)
    headers = {
        "Content-Disposition": f'attachment; filename="{row["sha256"][:16]}.bin"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return Response(payload, media_type="application/octet-stream", headers=headers)


def find_capture(request: Request, capture_id: int) -> RowMapping:
    return ask_the_one(request, ONE, id=capture_id)
