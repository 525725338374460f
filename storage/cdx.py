"""The index of captures as the web archives of the world speak it: SURT keys, CDXJ lines, the CDX query."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import Connection, Row, select

from storage.tables import addresses, captures
from storage.values import as_moment

WWW = re.compile(r"^www\d*\.")
MATCHES = ("exact", "prefix", "host", "domain")
GROUP = 500
DIGITS = "%Y%m%d%H%M%S"
COLUMNS = captures.c["capture_id", "url", "fetched_at", "status", "content_type", "sha256", "size", "outcome"]


@dataclass(frozen=True, slots=True)
class Query:
    """`since` and `until` are digits of a timestamp, as many as one likes; `keep` pairs a field (status,
    mime, digest) with a pattern that must fit all of it; `closest` is a timestamp to sort by nearness to.
    """

    url: str
    match: str = "exact"
    since: str = ""
    until: str = ""
    keep: tuple[tuple[str, str], ...] = ()
    closest: str = ""
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A capture in the index. `key` is the SURT; `timestamp` has 14 digits, in UTC."""

    capture_id: int
    key: str
    timestamp: str
    url: str
    status: str
    mime: str
    digest: str
    length: int


def surt(url: str) -> str:
    """The key under which replayers look a URL up: host reversed, www off, lower case, query sorted."""
    parts = urlsplit(url.lower())
    host = WWW.sub("", parts.hostname or "")
    port = f":{parts.port}" if parts.port not in {None, 80, 443} else ""
    query = "&".join(sorted(parts.query.split("&"))) if parts.query else ""
    path = parts.path.rstrip("/") if len(parts.path) > 1 else "/"
    return f"{','.join(reversed(host.split('.')))}{port}){path or '/'}" + (f"?{query}" if query else "")


def timestamp(moment: datetime) -> str:
    return moment.strftime(DIGITS)


def cdxj_line(url: str, at: datetime, values: dict[str, str]) -> str:
    return f"{surt(url)} {timestamp(at)} {json.dumps({'url': url, **values}, ensure_ascii=False)}"


def query_captures(connection: Connection, query: Query) -> list[Line]:
    """The captures that fit, by key and time or by nearness. Raises ValueError for an unknown match."""
    lines = (line_of(row) for row in captures_at(connection, addresses_of(connection, query)))
    fitting = [line for line in lines if fits(line, query)]
    if query.closest:
        wanted = moment_of(query.closest)
        return sorted(fitting, key=lambda line: abs(moment_of(line.timestamp) - wanted))[: query.limit]
    return sorted(fitting, key=lambda line: (line.key, line.timestamp, line.capture_id))[: query.limit]


def addresses_of(connection: Connection, query: Query) -> list[int]:
    """The addresses that are asked for; a host has few, and of each a capture every night."""
    if query.match not in MATCHES:
        raise ValueError(f"matchType is one of {', '.join(MATCHES)}, not {query.match!r}")
    wanted = surt(absolute(query.url))
    bare = WWW.sub("", urlsplit(absolute(query.url)).hostname or "")
    same = (addresses.c.host == bare) | addresses.c.host.like(f"www%.{bare}")
    near = same | addresses.c.host.like(f"%.{bare}") if query.match == "domain" else same
    found = connection.execute(select(*addresses.c["address_id", "url"]).where(near))
    return [row.address_id for row in found if lies_at(surt(row.url), wanted, query.match)]


def lies_at(key: str, wanted: str, match: str) -> bool:
    """Whether a key is the wanted one, begins as it does, or is of its host or one below."""
    if match == "exact":
        return key == wanted
    if match == "prefix":
        return key.startswith(wanted)
    host, wanted_host = key.partition(")")[0], wanted.partition(")")[0]
    return host == wanted_host or (match == "domain" and host.startswith(f"{wanted_host},"))


def absolute(url: str) -> str:
    return url if "://" in url else f"http://{url}"


def captures_at(connection: Connection, ids: Sequence[int]) -> Iterator[Row[tuple[object, ...]]]:
    for first in range(0, len(ids), GROUP):
        at = captures.c.address_id.in_(ids[first : first + GROUP])
        yield from connection.execute(select(*COLUMNS).where(at, captures.c.status.is_not(None)))


def line_of(row: Row[tuple[object, ...]]) -> Line:
    found = row._mapping  # noqa: SLF001 - SQLAlchemy's documented way to a row's columns by name
    return Line(
        capture_id=found["capture_id"],
        key=surt(found["url"]),
        timestamp=timestamp(as_moment(found["fetched_at"])),
        url=found["url"],
        status=str(found["status"]),
        mime=(found["content_type"] or "unk").partition(";")[0].strip(),
        digest=found["sha256"] or "-",
        length=found["size"] or 0,
    )


def fits(line: Line, query: Query) -> bool:
    in_time = query.since <= line.timestamp and (
        not query.until or line.timestamp[: len(query.until)] <= query.until
    )
    return in_time and all(holds(line, *each) for each in query.keep)


def holds(line: Line, name: str, pattern: str) -> bool:
    """A pattern after "!" must not fit."""
    value = str(getattr(line, name))
    if pattern.startswith("!"):
        return not re.fullmatch(pattern[1:], value)
    return re.fullmatch(pattern, value) is not None


def moment_of(digits: str) -> datetime:
    """Read a timestamp of 4 to 14 digits, the rest being the earliest there is."""
    return datetime.strptime(digits + "00000101000000"[len(digits) :], DIGITS)  # noqa: DTZ007 - UTC on both sides


def cdx_fields(line: Line) -> Sequence[str]:
    return (line.key, line.timestamp, line.url, line.mime, line.status, line.digest, str(line.length))
