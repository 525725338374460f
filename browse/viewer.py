"""An archived page under its banner: the banner is ours and on our origin, the page in a frame of another."""

from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy import RowMapping
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from browse.asking import ask_one, database_of
from browse.captures import find_capture
from browse.pages import render
from browse.snapshots.door import asked_address
from browse.snapshots.finding import all_of, moment_in, nearest
from browse.snapshots.harmless import HERE
from browse.snapshots.origins import origins_of

RUN = "SELECT * FROM runs WHERE run_id = :id"
ITS_REPORT = "SELECT report_id, publisher, year FROM reports WHERE capture_id = :id"


@dataclass(frozen=True, slots=True)
class Source:
    """The figure whose source is shown. `words` say its row and column, `again` what is read there today."""

    report: RowMapping
    cell: RowMapping
    words: str
    again: str | None


def viewer(request: Request) -> Response:
    """`/captures/ID/page`, with `?at=` the place that is to be shown and marked."""
    return framed(request, request.path_params["capture_id"], request.query_params.get("at", ""))


def framed(request: Request, capture_id: int, place: str, source: Source | None = None) -> Response:
    row = find_capture(request, capture_id)
    frame = f"{origins_of(request).snapshots(request)}/capture/{capture_id}"
    if place:
        frame += f"?{urlencode({'at': place})}#{HERE}"
    return render(
        request,
        "viewer.html",
        capture=row,
        run=ask_one(request, RUN, id=row["run_id"]),
        report=source.report if source else ask_one(request, ITS_REPORT, id=capture_id),
        frame=frame,
        place=place,
        source=source,
    )


def web(request: Request) -> Response:
    """`/web/TIMESTAMP/URL`, as other web archives spell it: the nearest capture."""
    moment = moment_in(request.path_params["stamp"])
    address = asked_address(request, behind=3)
    if moment is None:
        raise HTTPException(404)
    with database_of(request).read() as connection:
        chosen = nearest(all_of(connection, address), moment)
    if chosen is None:
        return render(request, "not_archived.html", status=404, url=address)
    return RedirectResponse(f"/captures/{chosen.capture_id}/page", 302)
