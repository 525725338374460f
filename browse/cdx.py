"""The index for programs: the CDX query as web archives answer it, and Memento's TimeGate and TimeMap."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict

from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from browse.asking import database_of
from browse.snapshots.door import asked_address
from browse.snapshots.finding import Found, all_of, nearest
from browse.snapshots.memento import asked_for, link_header, memento_url, timemap
from browse.snapshots.origins import origins_of
from settings import clock
from storage.cdx import MATCHES, Line, Query, cdx_fields, query_captures

MOST = 10_000  # lines in an answer
DIGITS = 14
FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
KEPT = {"mimetype": "mime", "statuscode": "status", "digest": "digest", "mime": "mime", "status": "status"}


def cdx(request: Request) -> Response:
    """`/cdx?url=&matchType=&from=&to=&filter=&sort=closest&closest=&limit=&fl=&output=json|cdxj`."""
    try:
        query = query_of(request.query_params)
        fields = fields_of(request.query_params.get("fl", ""))
        spell = OUTPUTS[request.query_params.get("output", "")]
        with database_of(request).read() as connection:
            found = query_captures(connection, query)
    except (KeyError, ValueError) as error:
        return PlainTextResponse(f"{wrong(error)}\n", 400)
    text, media = spell(found, fields)
    return Response(text, media_type=media)


def wrong(error: Exception) -> str:
    return (
        f"output is one of {', '.join(filter(None, OUTPUTS))}" if isinstance(error, KeyError) else str(error)
    )


def query_of(asked: QueryParams) -> Query:
    """Raises ValueError, in words for who asked."""
    url = asked.get("url", "").strip()
    if not url:
        raise ValueError("say which: /cdx?url=http://www.example.gov.cn/")
    match = asked.get("matchType", "") or "exact"
    for mark, kind in (("/*", "prefix"), ("*", "prefix")):
        url, match = (url.removesuffix(mark), kind) if url.endswith(mark) else (url, match)
    if match not in MATCHES:
        raise ValueError(f"matchType is one of {', '.join(MATCHES)}")
    closest = digits(asked, "closest") if asked.get("sort", "closest") == "closest" else ""
    keep = tuple(kept(each) for each in asked.getlist("filter"))
    limit = min(number(asked, "limit") or MOST, MOST)
    return Query(url, match, digits(asked, "from"), digits(asked, "to"), keep, closest, limit)


def number(asked: Mapping[str, str], name: str) -> int:
    """0 where nothing is asked."""
    text = asked.get(name, "").strip()
    if text and not (text.isascii() and text.isdecimal()):
        raise ValueError(f"{name} is a whole number")
    return int(text or 0)


def digits(asked: Mapping[str, str], name: str) -> str:
    text = asked.get(name, "").strip()
    if text and not (text.isascii() and text.isdecimal() and 4 <= len(text) <= DIGITS):
        raise ValueError(f"{name} is a timestamp of 4 to {DIGITS} digits, such as 2026 or 20260131")
    return text


def kept(text: str) -> tuple[str, str]:
    """`statuscode:200`, or `!mimetype:text/html` for what must not be; the value to the letter."""
    name, colon, value = text.removeprefix("!").partition(":")
    if not colon or name not in KEPT:
        raise ValueError(f"filter is one of {', '.join(KEPT)}, a colon and a value")
    pattern = "".join(f"[{sign}]" if sign in ".+*?()" else sign for sign in value)
    if any(sign in value for sign in "[]{}\\|^$"):
        raise ValueError("filter takes plain values, no patterns")
    return KEPT[name], f"!{pattern}" if text.startswith("!") else pattern


def fields_of(text: str) -> Sequence[int]:
    """The places of the fields asked for."""
    wanted = text.split(",") if text else FIELDS
    unknown = [name for name in wanted if name not in FIELDS]
    if unknown:
        raise ValueError(f"fl is made of {', '.join(FIELDS)}")
    return [FIELDS.index(name) for name in wanted]


Spelled = tuple[str, str]  # the text, and its media type


def as_lines(found: Sequence[Line], fields: Sequence[int]) -> Spelled:
    lines = (" ".join(cdx_fields(line)[at] for at in fields) for line in found)
    return "".join(f"{line}\n" for line in lines), "text/plain; charset=utf-8"


def as_json(found: Sequence[Line], fields: Sequence[int]) -> Spelled:
    """A list of lists, the first of them the names, as the Wayback Machine has it."""
    rows = [[cdx_fields(line)[at] for at in fields] for line in found]
    head = [[FIELDS[at] for at in fields]] if rows else []
    return json.dumps(head + rows, ensure_ascii=False), "application/json"


def as_cdxj(found: Sequence[Line], _: Sequence[int]) -> Spelled:
    lines = (
        f"{line.key} {line.timestamp} {json.dumps(values_of(line), ensure_ascii=False)}" for line in found
    )
    return "".join(f"{line}\n" for line in lines), "text/x-cdxj; charset=utf-8"


def values_of(line: Line) -> dict[str, str]:
    shown = ("url", "mime", "status", "digest", "length")
    return {name: str(value) for name, value in asdict(line).items() if name in shown}


OUTPUTS: dict[str, Callable[[Sequence[Line], Sequence[int]], Spelled]] = {
    "": as_lines,
    "text": as_lines,
    "json": as_json,
    "cdxj": as_cdxj,
}


def timegate(request: Request) -> Response:
    """To the memento nearest the Accept-Datetime, to the newest without one (RFC 7089, pattern 2.1)."""
    found = known(request)
    try:
        moment = asked_for(request.headers.get("accept-datetime"))
    except ValueError as error:
        raise HTTPException(400) from error
    chosen = nearest(found, moment or clock.now()) or found[-1]
    origins = origins_of(request)
    pages, snapshots = origins.pages(request), origins.snapshots(request)
    headers = {"Vary": "accept-datetime", "Link": link_header(found, pages, snapshots)}
    return RedirectResponse(memento_url(snapshots, chosen), 302, headers)


def timemap_link(request: Request) -> Response:
    origins = origins_of(request)
    text = timemap(known(request, behind=3), origins.pages(request), origins.snapshots(request))
    return Response(text, media_type="application/link-format")


def known(request: Request, behind: int = 2) -> list[Found]:
    with database_of(request).read() as connection:
        found = all_of(connection, asked_address(request, behind))
    if not found:
        raise HTTPException(404)
    return found
