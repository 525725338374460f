"""Memento (RFC 7089): the archive in time, for the programs that speak it."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from browse.snapshots.addresses import in_ascii
from browse.snapshots.finding import Found


def http_date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC).replace(microsecond=0), usegmt=True)


def asked_for(header: str | None) -> datetime | None:
    """The moment of an Accept-Datetime. Raises ValueError for what is no date."""
    if not header:
        return None
    moment = parsedate_to_datetime(header)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def memento_url(snapshots: str, found: Found) -> str:
    return f"{snapshots}/{found.timestamp}/{in_ascii(found.url)}"


def around(url: str, pages: str) -> Iterator[str]:
    """The links that everything about an original carries."""
    url = in_ascii(url)
    yield f'<{url}>; rel="original"'
    yield f'<{pages}/timegate/{url}>; rel="timegate"'
    yield f'<{pages}/timemap/link/{url}>; rel="timemap"; type="application/link-format"'


def mementos(found: Sequence[Found], snapshots: str) -> Iterator[str]:
    """Each with its moment, the first and the last called so."""
    for place, each in enumerate(found):
        roles = ["first"] * (place == 0) + ["last"] * (place == len(found) - 1) + ["memento"]
        where = memento_url(snapshots, each)
        yield f'<{where}>; rel="{" ".join(roles)}"; datetime="{http_date(each.at)}"'


def link_header(found: Sequence[Found], pages: str, snapshots: str) -> str:
    """For one memento or the timegate: the original, the maps, and the ends of the line."""
    ends = list(mementos(found, snapshots))
    return ", ".join([*around(found[0].url, pages), *dict.fromkeys([ends[0], ends[-1]])])


def timemap(found: Sequence[Found], pages: str, snapshots: str) -> str:
    url = in_ascii(found[0].url)
    span = f'from="{http_date(found[0].at)}"; until="{http_date(found[-1].at)}"'
    own = f'<{pages}/timemap/link/{url}>; rel="self"; type="application/link-format"; {span}'
    lines = [*list(around(url, pages))[:2], own, *mementos(found, snapshots)]
    return ",\n".join(lines) + "\n"
