"""The hidden state of ASP.NET's forms: another in every answer, and no part of what the page says."""

import re
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, bindparam, func, select

from storage.captures import STATE as POSTED_STATE
from storage.captures import Capture, request_key
from storage.content import ContentError, decoded_body
from storage.outcomes import GOOD, Seen
from storage.payloads import load_content
from storage.tables import capture_rows, heads, payloads, requests
from storage.values import as_text

MARK = b"__VIEWSTATE"
MOST_FORMS = 600  # looked through for one: two nights' pages of the longest listing
STATE = re.compile(rb"<input\b[^>]*\bname=[\"']?__(?:VIEWSTATE\w*|EVENTVALIDATION|PREVIOUSPAGE)\b[^>]*>")
LONGEST = 4 * 1024 * 1024  # bytes of a page; beyond, it is taken as it is
NEWEST = (
    select(
        requests.c.body,
        capture_rows.c.fetched_at,
        *payloads.c["sha256", "payload_id"],
        func.coalesce(payloads.c.base_id, payloads.c.payload_id),
        heads.c.status,
    )
    .select_from(capture_rows)
    .join(heads, heads.c.head_id == capture_rows.c.head_id)
    .join(requests, requests.c.request_id == heads.c.request_id)
    .join(payloads, payloads.c.payload_id == capture_rows.c.payload_id)
    .where(capture_rows.c.address_id == bindparam("address"), requests.c.method == bindparam("method"))
    .where(capture_rows.c.fetched_at <= bindparam("at"), capture_rows.c.outcome.in_(GOOD))
    .order_by(capture_rows.c.fetched_at.desc(), capture_rows.c.capture_id.desc())
    .limit(MOST_FORMS)
)


def posted_before(
    connection: Connection, batch: Sequence[Capture], address_ids: Sequence[int], before: Mapping[int, Seen]
) -> dict[int, Seen]:
    """What was given before, by place in the batch, to forms that differ from ours in their state alone."""
    asked = [
        (place, capture)
        for place, capture in enumerate(batch)
        if place not in before and POSTED_STATE.search(capture.request_body)
    ]
    found = {place: last_posted(connection, capture, address_ids[place]) for place, capture in asked}
    return {place: seen for place, seen in found.items() if seen}


def last_posted(connection: Connection, capture: Capture, address_id: int) -> Seen | None:
    key = capture.request_key
    earlier = connection.execute(
        NEWEST, {"address": address_id, "method": capture.method, "at": as_text(capture.fetched_at)}
    )
    return next(
        (Seen(*seen) for body, *seen in earlier if request_key(capture.url, capture.method, body) == key),
        None,
    )


def restated(
    connection: Connection,
    batch: Sequence[Capture],
    digests: Sequence[str | None],
    before: Mapping[int, Seen],
) -> frozenset[int]:
    """The places in the batch whose page is what its request gave before, but for the state of its form."""
    return frozenset(
        place
        for place, seen in before.items()
        if digests[place] not in {None, seen.sha256}
        and (page := stateless(batch[place])) is not None
        and page == STATE.sub(b"", load_content(connection, seen.payload_id))
    )


def stateless(capture: Capture) -> bytes | None:
    """The page without the state of its form; None where it has none, or is too long."""
    try:
        page = decoded_body(capture.headers, capture.payload or b"", LONGEST)
    except ContentError:
        return None
    return STATE.sub(b"", page) if MARK in page else None
