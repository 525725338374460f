"""robots.txt, fetched and archived like any page, and read back from the archive (RFC 9309).

Nothing is remembered but what the archive holds, so a crawl that goes on after a crash obeys the same
rules without asking again.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from protego import Protego
from sqlalchemy import Connection

from crawler.addresses import origin_of, resolve
from crawler.gate import Gate
from crawler.page import decode
from storage import frontier
from storage.archive import header_value, load_capture
from storage.captures import Capture
from storage.content import ContentError, decoded_body

ROBOTS = "robots"  # captures.kind
MOST_REDIRECTS = 5  # RFC 9309 §2.3.1.2
LONGEST_DELAY = 30.0  # seconds; a longer Crawl-delay is meant for others and would stop the crawl
LARGEST = 1024 * 1024  # bytes; RFC 9309 §2.5 asks for at least 500 KiB
AGENT = "nianbao"  # the name by which a robots.txt may speak to us
FRESH = timedelta(hours=24)  # RFC 9309 §2.4: rules are not to be used for longer
FOR_EVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a host asks of us, to be used `until` then. Without a parser everything is allowed."""

    parser: Protego | None = field(default=None)
    until: datetime = FOR_EVER

    def allow(self, url: str) -> bool:
        return self.parser is None or bool(self.parser.can_fetch(url, AGENT))

    @property
    def verdict(self) -> str:
        """What is kept with a capture: that it was allowed, or that there was nobody to forbid it."""
        return "no rules" if self.parser is None else "allowed"

    def delay(self) -> float:
        """Seconds between two requests that the host asks for; 0 where it does not say."""
        asked = self.parser.crawl_delay(AGENT) if self.parser else None
        return min(float(asked or 0), LONGEST_DELAY)


@dataclass(frozen=True, slots=True)
class Missing:
    """The rules are not known before this address is fetched."""

    url: str


class Unreachable:
    """The host gave no answer, or failed: we must take everything as forbidden for now."""


def robots_url(url: str) -> str:
    return f"{origin_of(url)}/robots.txt"


def find_rules(connection: Connection, url: str, gate: Gate, now: datetime) -> Rules | Missing | Unreachable:
    """The rules that stand for an address, following up to five archived redirects of its robots.txt. Those
    of yesterday are missing, though nobody would ask for them if it were not for the address.
    """
    address: str | None = robots_url(url)
    until = FOR_EVER
    for _ in range(MOST_REDIRECTS + 1):
        if address is None or not gate.is_open(address):
            return Rules(until=until)  # RFC 9309 §2.3.1.3: unavailable means no rules
        if frontier.is_due(connection, address, now):
            return Missing(address)
        asked_at = frontier.last_asked(connection, address)
        capture_id = frontier.last_capture(connection, address)
        if asked_at is None or capture_id is None:
            return Unreachable()
        until = min(until, asked_at + FRESH)
        if until <= now:
            return Missing(address)
        capture = load_capture(connection, capture_id).capture
        if capture.status is None or not 300 <= capture.status < 400:
            rules = read_rules(capture)
            return replace(rules, until=until) if isinstance(rules, Rules) else rules
        address = resolve(address, header_value(capture.headers, "location") or "")
    return Rules(until=until)


def read_rules(capture: Capture) -> Rules | Unreachable:
    """4xx is no rules and 5xx is all forbidden (RFC 9309 §2.3.1.3-4); a page in HTML is no robots.txt."""
    if capture.status is not None and 400 <= capture.status < 500:
        return Rules()
    if capture.outcome == "error" or capture.status is None or capture.status >= 500:
        return Unreachable()
    try:
        body = decoded_body(capture.headers, capture.payload or b"", LARGEST)
    except ContentError:
        return Unreachable()  # the rules are there and cannot be read
    text = decode(body)[0].lstrip("\ufeff \t\r\n")
    return Rules() if text.startswith("<") else Rules(Protego.parse(text))
