"""WACZ files for archivists: all captures of an address, of a site, or of a report with its files."""

import tempfile
from pathlib import Path
from threading import BoundedSemaphore

from sqlalchemy import Connection
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from browse.asking import ask_the_one, database_of
from browse.pages import render
from storage.attachments import files_of
from storage.export.packages import Chosen, chosen_ids, export_wacz

MOST = 5_000  # captures; more is for `nianbao export wacz`
AT_ONCE = BoundedSemaphore(2)  # packages in the making; whoever comes third is asked to come again
ITS_PAGES = """
    SELECT reports.url AS page, captures.url AS document
    FROM reports JOIN captures USING (capture_id) WHERE report_id = :key"""


def wacz(request: Request) -> Response:
    """`/wacz?url=`, `?host=` or `?report=`."""
    with database_of(request).read() as connection:
        chosen = chosen_of(request, connection)
        count = len(chosen_ids(connection, chosen))
    if not count:
        raise HTTPException(404)
    if count > MOST:
        return render(request, "too_large.html", status=413, host=chosen.host, count=count)
    if not AT_ONCE.acquire(blocking=False):
        raise HTTPException(503, headers={"Retry-After": "30"})
    try:
        return packed(request, chosen)
    finally:
        AT_ONCE.release()


def chosen_of(request: Request, connection: Connection) -> Chosen:
    asked = request.query_params
    if key := asked.get("report"):
        found = ask_the_one(request, ITS_PAGES, key=key)
        page = found["page"]
        files = files_of(connection, [page]).get(page, [])
        return Chosen(urls=tuple(dict.fromkeys([page, found["document"], *files])))
    if url := asked.get("url"):
        return Chosen(urls=(url,))
    if host := asked.get("host"):
        return Chosen(host=host)
    raise HTTPException(404)


def packed(request: Request, chosen: Chosen) -> Response:
    """Made whole before it is sent, and gone when it was."""
    folder = tempfile.TemporaryDirectory(prefix="nianbao-")
    file = Path(folder.name) / "nianbao.wacz"
    try:
        export_wacz(database_of(request), file, chosen, lambda *_: None)
    except BaseException:
        folder.cleanup()
        raise
    return FileResponse(
        file,
        filename=f"{chosen.host or 'nianbao'}.wacz",
        media_type="application/wacz",
        background=BackgroundTask(folder.cleanup),
    )
