"""Whether a page changed: each good answer is held against the payload that its URL gave before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Connection, TextClause, text

from storage.captures import Capture
from storage.values import as_text

GOOD = ("new", "unchanged")

LAST_GOOD = """
    WITH asked (place, url, at) AS (VALUES {rows})
    SELECT asked.place, captures.fetched_at, captures.sha256
    FROM asked JOIN captures ON captures.capture_id = (
        SELECT earlier.capture_id FROM captures AS earlier
        WHERE earlier.url = asked.url AND earlier.fetched_at <= asked.at
        AND earlier.sha256 IS NOT NULL AND earlier.outcome IN ('new', 'unchanged')
        ORDER BY earlier.fetched_at DESC, earlier.capture_id DESC LIMIT 1
    )
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """A good payload of a URL and when it was fetched."""

    fetched_at: str
    sha256: str


def judge(connection: Connection, batch: Sequence[Capture], digests: Sequence[str | None]) -> list[str]:
    """Say the outcome of each capture. What came before goes by the fetch: imports bring old pages late."""
    stored = payloads_before(connection, batch)
    in_batch: dict[str, Seen] = {}
    outcomes = [""] * len(batch)
    for place in sorted(range(len(batch)), key=lambda place: batch[place].fetched_at):
        capture, sha256 = batch[place], digests[place]
        last = latest(stored.get(place), in_batch.get(capture.url))
        outcomes[place] = capture.outcome or judge_answer(capture, sha256, last)
        if sha256 and outcomes[place] in GOOD:
            in_batch[capture.url] = Seen(as_text(capture.fetched_at), sha256)
    return outcomes


def latest(stored: Seen | None, in_batch: Seen | None) -> Seen | None:
    seen = [each for each in (in_batch, stored) if each]
    return max(seen, key=lambda each: each.fetched_at, default=None)


def judge_answer(capture: Capture, sha256: str | None, last: Seen | None) -> str:
    """Judge for a fetcher that did not, such as an imported WARC: the status decides what it can."""
    if capture.status is None:
        return "error"
    if capture.status in {404, 410}:
        return "missing"
    if capture.status >= 400:
        return "error"
    same = sha256 is None or (last is not None and last.sha256 == sha256)
    return "unchanged" if same else "new"


def payloads_before(connection: Connection, batch: Sequence[Capture]) -> dict[int, Seen]:
    """Look up for each place in the batch what its URL last gave before that time, in one statement."""
    asked = {f"url{place}": capture.url for place, capture in enumerate(batch)}
    asked |= {f"at{place}": as_text(capture.fetched_at) for place, capture in enumerate(batch)}
    found = connection.execute(last_good(len(batch)), asked) if batch else ()
    return {row.place: Seen(row.fetched_at, row.sha256) for row in found}


@cache
def last_good(size: int) -> TextClause:
    """The statement for a batch of this size, made once: SQLAlchemy's own VALUES is never kept compiled, and
    took 3 ms for four URLs.
    """
    return text(
        LAST_GOOD.format(rows=", ".join(f"({place}, :url{place}, :at{place})" for place in range(size)))
    )
