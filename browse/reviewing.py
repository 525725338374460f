"""Review by a person: nearly even judgements and cells that were not placed, decided with name and reason.

The only place where these pages write. It is open where only this machine can reach it, or under a password;
elsewhere it does not exist.
"""

import hmac
import secrets
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs

from sqlalchemy import RowMapping
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from browse.asking import ask, ask_one, ask_the_one, database_of
from browse.equations import cell_words, form_of
from browse.pages import render
from browse.reports import CELL, find_report
from browse.reviewers import reviewer, reviewing_of
from browse.words import language_of
from settings import clock
from storage.reviews import CELL as A_CELL
from storage.reviews import NOT_REPORT, REPORT, Review, keep_review

MOST_BYTES = 20_000  # of a decision
LONGEST = 2_000  # characters of a field
COOKIE = "review"
QUEUE = """
    SELECT review.* FROM review WHERE url NOT IN (SELECT url FROM reviews WHERE verdict <> 'cell')
    ORDER BY abs(margin), url LIMIT 200"""
DECIDED = "SELECT * FROM reviews ORDER BY review_id DESC LIMIT 200"
AMBIGUOUS = """
    SELECT report_id, publisher, year, l.text, l.locator, capture_id
    FROM leftovers l JOIN reports USING (report_id) WHERE l.kind = 'ambiguous' ORDER BY report_id LIMIT 200"""
ONE = """
    SELECT url, title, standing, margin, reasons, capture_id FROM readings
    WHERE capture_id = :id ORDER BY reading_id DESC"""
DOCUMENT = "SELECT sha256 FROM captures WHERE capture_id = :id"


def queue(request: Request) -> Response:
    """`/review`: what waits, and what was decided."""
    reviewer(request)
    return render(
        request,
        "review.html",
        waiting=ask(request, QUEUE),
        ambiguous=ask(request, AMBIGUOUS),
        decided=ask(request, DECIDED),
    )


def page_form(request: Request) -> Response:
    """`/review/pages/CAPTURE`: is this page an annual report?"""
    name = reviewer(request)
    found = find_page(request)
    return asked(request, "review_page.html", name, page=found)


def find_page(request: Request) -> RowMapping:
    return ask_the_one(request, ONE, id=request.path_params["capture_id"])


def cell_form(request: Request) -> Response:
    """`/review/cells/REPORT/TABLE/ROW/COLUMN`: what is printed there?"""
    name = reviewer(request)
    report, codes = find_report(request), codes_of(request)
    cell = ask_one(request, CELL, key=report["report_id"], **codes)
    address = (codes["table"], codes["row"], codes["column"])
    words = cell_words(form_of(report["form"]), address, language_of(request))
    return asked(request, "review_cell.html", name, report=report, cell=cell, words=words)


def codes_of(request: Request) -> dict[str, str]:
    return {name: request.path_params[name] for name in ("table", "row", "column")}


def asked(request: Request, template: str, name: str, **context: Any) -> Response:
    """A form, signed for this browser: what another site makes it send is not."""
    cookie = request.cookies.get(COOKIE) or secrets.token_urlsafe(32)
    answer = render(request, template, name=name, token=token(request, cookie), **context)
    answer.set_cookie(COOKIE, cookie, httponly=True, samesite="strict", path="/review")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def token(request: Request, cookie: str) -> str:
    return hmac.new(reviewing_of(request).secret, cookie.encode(), sha256).hexdigest()


async def decide(request: Request) -> Response:
    """Keep what was decided in either form."""
    name = reviewer(request)
    if int(request.headers.get("content-length") or MOST_BYTES + 1) > MOST_BYTES:
        raise HTTPException(413)
    given = fields_in(await request.body())
    cookie = request.cookies.get(COOKIE, "")
    is_ours = bool(cookie) and hmac.compare_digest(given.get("token", ""), token(request, cookie))
    if not is_ours or request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise HTTPException(403)
    return await run_in_threadpool(kept, request, given | ({"name": name} if name else {}))


def fields_in(body: bytes) -> dict[str, str]:
    found = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=20)
    return {name: values[0].strip()[:LONGEST] for name, values in found.items()}


def kept(request: Request, given: Mapping[str, str]) -> Response:
    if not (given.get("name") and given.get("reason")):
        raise HTTPException(400)
    review, capture_id = decision(request, given)
    with database_of(request).write() as connection:
        keep_review(connection, review, capture_id, clock.now())
    return RedirectResponse("/review", 303)


def decision(request: Request, given: Mapping[str, str]) -> tuple[Review, int]:
    """What was decided, and the capture it is about. Raises HTTPException."""
    who = {"reviewer": given["name"], "reason": given["reason"]}
    if "capture_id" in request.path_params:
        if given.get("verdict") not in (REPORT, NOT_REPORT):
            raise HTTPException(400)
        found = find_page(request)
        return Review(found["url"], given["verdict"], **who), found["capture_id"]
    report, codes = find_report(request), codes_of(request)
    document = ask_one(request, DOCUMENT, id=report["capture_id"])
    at = {f"{name[:3]}_code" if name != "table" else "table_code": code for name, code in codes.items()}
    sha = document["sha256"] if document else ""
    review = Review(report["url"], A_CELL, **who, sha256=sha, **at, raw_text=given.get("raw_text", ""))
    return review, report["capture_id"]
