"""Hosts that answer by http alone, or by https alone, and what is linked by the other scheme.

A county closes its port 80, or lets its https die; links and registries go on naming what is dead. Where the
line to a scheme fails before anything was said, the other is asked for its robots.txt, once. If that answers,
the whole host is asked by it from then on. All is judged by what the archive holds, so a killed crawl goes on
as it was; which host is asked how is kept with the site.

https is given up only after it failed twice in a row and was silent for a month, and is tried again every
night.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from msgspec.structs import replace
from sqlalchemy import Connection

from crawler.addresses import host_of, origin_of
from crawler.gate import Gate
from crawler.robots import ROBOTS, Missing, Rules, find_rules, robots_url
from crawler.visit import Link, Visit
from crawler.wire import GATEWAY
from storage import frontier
from storage.archive import header_value, load_capture
from storage.captures import Capture
from storage.findings import Finding
from storage.frontier import Settlement
from storage.sites import Standing, note_scheme

OTHER = {"http": "https", "https": "http"}
# As captures.error begins where a line failed before anything was said. A name that cannot be resolved has no
# other scheme either.
MUTE = frozenset({"DownloadConnectionRefusedError", "DownloadFailedError", "DownloadTimeoutError"})
BUSY = 503
REMEMBERED = timedelta(days=30)  # that a scheme answered


def scheme_of(url: str) -> str:
    return url.partition(":")[0]


def twin_of(url: str) -> str:
    """The address by the other scheme; empty where its port belongs to one of them."""
    scheme, _, rest = url.partition(":")
    return f"{OTHER[scheme]}:{rest}" if urlsplit(url).port is None else ""


class Schemes:
    """By host, the `only` scheme that answers; hosts that are not there answer as they are linked. `trials`
    are addresses of robots.txt that were asked for to find out.
    """

    def __init__(self) -> None:
        self.only: dict[str, str] = {}
        self.trials: set[str] = set()

    def learn(self, standings: Mapping[str, Standing]) -> None:
        """What earlier runs found out."""
        self.only |= {host: standing.scheme for host, standing in standings.items() if standing.scheme}

    def address(self, url: str) -> str:
        """How an address is asked for, whatever scheme it was linked by."""
        only = self.only.get(host_of(url))
        return url if only in {None, scheme_of(url)} else twin_of(url) or url

    def is_mute(self, url: str) -> bool:
        return self.address(url) != url

    def is_trial(self, url: str) -> bool:
        """Whether it is asked for to find out which scheme answers, and so not twice in a night."""
        return url in self.trials or self.is_mute(url)

    def mend(self, visit: Visit) -> Visit:
        """The visit with its links as their hosts answer. One to the page by its dead scheme is none."""
        if not any(self.is_mute(link.url) for link in visit.links):
            return visit
        mended = (replace(link, url=self.address(link.url)) for link in visit.links)
        return replace(visit, links=tuple(each for each in mended if leads_on(each, visit)))

    def try_other(
        self, connection: Connection, url: str, gate: Gate, now: datetime, *, is_over: bool
    ) -> Missing | Rules | None:
        """What the robots.txt of the other scheme says, where this one is mute: Missing where it is to be
        asked for, None where the other is no help. `is_over` when all retries of the night were in vain.
        """
        twin = twin_of(robots_url(url))
        if (
            not twin
            or not fault_of(connection, url, gate)
            or not may_turn(connection, url, now, is_over=is_over)
        ):
            return None
        if self.only.get(host_of(url)) == scheme_of(url):
            self.lift(connection, host_of(url), now)
        found = find_rules(connection, twin, gate, now)
        if isinstance(found, Missing):
            self.trials.add(found.url)
        return found if isinstance(found, Missing | Rules) else None

    def adopt(self, connection: Connection, url: str, gate: Gate) -> Finding:
        """Ask the host by the other scheme than this address from now on."""
        host, dead = host_of(url), scheme_of(url)
        live = self.only[host] = OTHER[dead]
        note_scheme(connection, host, live)
        if dead == "http":  # nothing is lost by https; where it is the dead one, each night may bring it back
            frontier.settle(connection, [Settlement(robots_url(url), None, frontier.OTHER_SCHEME)])
        fault = fault_of(connection, url, gate)
        return Finding(
            host, "one_scheme", f"{dead} gives no answer ({fault}); {live} does, and is asked instead"
        )

    def lift(self, connection: Connection, host: str, now: datetime) -> None:
        """Ask the host as it is linked again, also for what was put off."""
        self.only.pop(host, None)
        note_scheme(connection, host, "")
        frontier.let_back(connection, host, now, frontier.OTHER_SCHEME)

    def is_back(self, capture: Capture) -> bool:
        """Whether the answer comes by the scheme that was given up."""
        has_answered = capture.status is not None and capture.status not in GATEWAY
        return capture.kind == ROBOTS and has_answered and self.is_mute(capture.url)


def leads_on(link: Link, visit: Visit) -> bool:
    return link.request_key != visit.capture.request_key


def may_turn(connection: Connection, url: str, now: datetime, *, is_over: bool) -> bool:
    """A host that is new may be asked by https at once. Otherwise the retries come first; and https that
    answered lately is not given up.
    """
    has_answered = frontier.has_answered_since(connection, origin_of(url), now - REMEMBERED)
    if scheme_of(url) == "https":
        return is_over and not has_answered
    return is_over or not has_answered


def fault_of(connection: Connection, url: str, gate: Gate) -> str:
    """How the line failed when its robots.txt was asked for last; empty where something was said."""
    capture_id = frontier.last_capture(connection, robots_url(url))
    if capture_id is None:
        return ""
    capture = load_capture(connection, capture_id).capture
    if gate.has_proxy and scheme_of(url) == "http" and is_of_proxy(capture):
        return f"the proxy says {capture.status}"
    is_mute = capture.status is None and capture.error.partition(":")[0] in MUTE
    return capture.error if is_mute else ""


def is_of_proxy(capture: Capture) -> bool:
    """503 is the host's own word for being busy, but where the proxy signs it."""
    is_signed = header_value(capture.headers, "x-squid-error") is not None
    return capture.status in GATEWAY and (capture.status != BUSY or is_signed)
