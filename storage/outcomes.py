"""Whether a page changed: each good answer is held against the payload that its URL gave before it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, String, column, select, values

from storage.captures import Capture
from storage.tables import captures
from storage.values import as_text

GOOD = ("new", "unchanged")


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
    wanted = [(place, capture.url, as_text(capture.fetched_at)) for place, capture in enumerate(batch)]
    columns = (
        column("place", captures.c.capture_id.type),
        column("url", String),
        column("fetched_at", String),
    )
    asked = values(*columns, name="asked").data(wanted).cte("asked")
    earlier = captures.alias("earlier")
    newest = (
        select(earlier.c.capture_id)
        .where(earlier.c.url == asked.c.url, earlier.c.fetched_at <= asked.c.fetched_at)
        .where(earlier.c.sha256.is_not(None), earlier.c.outcome.in_(GOOD))
        .order_by(earlier.c.fetched_at.desc(), earlier.c.capture_id.desc())
        .limit(1)
        .scalar_subquery()
    )
    found = select(asked.c.place, captures.c.fetched_at, captures.c.sha256).select_from(
        asked.join(captures, captures.c.capture_id == newest)
    )
    return {row.place: Seen(row.fetched_at, row.sha256) for row in connection.execute(found)}
