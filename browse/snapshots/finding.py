"""Which capture stands for an address at a time: the nearest one that has an answer."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote

from sqlalchemy import Connection, select

from storage.cdx import moment_of, timestamp
from storage.tables import captures
from storage.values import as_moment

DIGITS = 14


@dataclass(frozen=True, slots=True)
class Found:
    """A capture that can be shown."""

    capture_id: int
    url: str
    at: datetime

    @property
    def timestamp(self) -> str:
        return timestamp(self.at)


def spellings(url: str) -> list[str]:
    """How an address may have been written down when it was fetched, the likeliest first."""
    bare = url.partition("#")[0]
    other = bare[:-1] if bare.endswith("/") else f"{bare}/"
    schemes = {"http://": "https://", "https://": "http://"}
    swapped = [now + bare.removeprefix(old) for old, now in schemes.items() if bare.startswith(old)]
    return list(dict.fromkeys([bare, unquote(bare), other, *swapped]))


def all_of(connection: Connection, url: str) -> list[Found]:
    """The captures of an address that have an answer, oldest first; all of one spelling."""
    columns = captures.c["capture_id", "url", "fetched_at"]
    for spelling in spellings(url):
        query = select(*columns).where(captures.c.url == spelling, captures.c.sha256.is_not(None))
        rows = connection.execute(query.order_by(captures.c.fetched_at, captures.c.capture_id)).all()
        if rows:
            return [Found(row.capture_id, row.url, as_moment(row.fetched_at)) for row in rows]
    return []


def nearest(found: list[Found], moment: datetime) -> Found | None:
    return min(found, key=lambda each: abs(each.at - moment), default=None)


def moment_in(digits: str) -> datetime | None:
    """The moment of a timestamp, as many digits of it as one likes; None for what is none."""
    if not (digits.isascii() and digits.isdecimal() and 4 <= len(digits) <= DIGITS):
        return None
    try:
        return moment_of(digits).replace(tzinfo=UTC)
    except ValueError:
        return None
