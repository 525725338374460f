"""Whether a page changed: each good answer is held against the payload that its request gave before it."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Connection, LargeBinary, TextualSelect, bindparam, text

from storage.captures import OUTCOMES, Capture
from storage.values import HexDigest, Moment, as_text, storable

GOOD = ("new", "unchanged")

LAST_GOOD = """
    WITH asked (place, address_id, method, body, at) AS (VALUES {rows})
    SELECT asked.place, c.fetched_at, p.sha256, p.payload_id, COALESCE(p.base_id, p.payload_id) AS base_id,
        k.status
    FROM asked JOIN capture_rows AS c ON c.capture_id = (
        SELECT earlier.capture_id FROM capture_rows AS earlier
        JOIN heads AS h ON h.head_id = earlier.head_id JOIN requests AS r ON r.request_id = h.request_id
        WHERE earlier.address_id = asked.address_id AND earlier.fetched_at <= asked.at
        AND r.method = asked.method AND r.body = asked.body
        AND earlier.payload_id IS NOT NULL AND earlier.outcome IN (0, 1)
        ORDER BY earlier.fetched_at DESC, earlier.capture_id DESC LIMIT 1
    ) JOIN payloads AS p ON p.payload_id = c.payload_id JOIN heads AS k ON k.head_id = c.head_id
"""
assert OUTCOMES[:2] == GOOD


@dataclass(frozen=True, slots=True)
class Seen:
    """A good payload of a request and when it was fetched. `base_id` is the whole body that it is or leans
    on; ids are 0 while the payload waits in the same batch, and `status` is then unknown.
    """

    fetched_at: str
    sha256: str
    payload_id: int = 0
    base_id: int = 0
    status: int = 0


def judge(
    batch: Sequence[Capture],
    digests: Sequence[str | None],
    stored: Mapping[int, Seen],
    restated: Container[int] = frozenset(),
) -> list[str]:
    """Say the outcome of each capture. What came before goes by the fetch: imports bring old pages late.

    The places in `restated` have other bytes than what is stored, and say the same.
    """
    in_batch: dict[str, Seen] = {}
    outcomes = [""] * len(batch)
    for place in sorted(range(len(batch)), key=lambda place: batch[place].fetched_at):
        capture, sha256 = batch[place], digests[place]
        last = latest(stored.get(place), in_batch.get(capture.request_key))
        is_same = place in restated and last is stored.get(place)
        outcomes[place] = capture.outcome or judge_answer(capture, sha256, last, is_same=is_same)
        if sha256 and outcomes[place] in GOOD:
            in_batch[capture.request_key] = Seen(as_text(capture.fetched_at), sha256)
    return outcomes


def latest(stored: Seen | None, in_batch: Seen | None) -> Seen | None:
    seen = [each for each in (in_batch, stored) if each]
    return max(seen, key=lambda each: each.fetched_at, default=None)


def judge_answer(capture: Capture, sha256: str | None, last: Seen | None, *, is_same: bool = False) -> str:
    """Judge for a fetcher that did not, such as an imported WARC: the status decides what it can."""
    if capture.status is None:
        return "error"
    if capture.status in {404, 410}:
        return "missing"
    if capture.status >= 400:
        return "error"
    is_same = is_same or sha256 is None or (last is not None and last.sha256 == sha256)
    return "unchanged" if is_same else "new"


def seen_before(
    connection: Connection, batch: Sequence[Capture], address_ids: Mapping[int, int]
) -> dict[int, Seen]:
    """Look up for these places in the batch what their requests last gave before, in one statement.

    An address is not enough: the pages of a list may all be posted for at one.
    """
    places, asked = list(address_ids), dict[str, object]()
    for row, place in enumerate(places):
        capture = batch[place]
        asked[f"address{row}"] = address_ids[place]
        asked[f"method{row}"] = storable(capture.method)
        asked[f"body{row}"] = capture.request_body
        asked[f"at{row}"] = as_text(capture.fetched_at)
    found = connection.execute(last_good(len(places)), asked) if places else ()
    return {places[row]: Seen(*seen) for row, *seen in found}


@cache
def last_good(size: int) -> TextualSelect:
    """The statement for a batch of this size, made once: SQLAlchemy's own VALUES is never kept compiled, and
    took 3 ms for four URLs.
    """
    rows = (
        f"({place}, CAST(:address{place} AS BIGINT), CAST(:method{place} AS TEXT), :body{place},"
        f" CAST(:at{place} AS BIGINT))"
        for place in range(size)
    )
    bodies = [bindparam(f"body{place}", type_=LargeBinary()) for place in range(size)]
    moments = [bindparam(f"at{place}", type_=Moment()) for place in range(size)]
    statement = text(LAST_GOOD.format(rows=", ".join(rows))).bindparams(*bodies, *moments)
    return statement.columns(fetched_at=Moment(), sha256=HexDigest())
