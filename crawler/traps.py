"""Pages without end: what makes their addresses one and the same, and how many are worth a fetch.

A trap is never recognised for what it is. It is a pattern of addresses of which one page after the other
leads to nothing new: no report unknown so far, no column elsewhere. The budgets are data (traps.toml).
"""

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from importlib.resources import files
from urllib.parse import urlsplit

from crawler.addresses import authority_of
from crawler.rules import RULES
from crawler.visit import Link, Visit
from storage.findings import Finding

BUDGETS: dict[str, dict[str, int]] = tomllib.loads(
    (files("crawler") / "traps.toml").read_text(encoding="utf-8")
)
NAME = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{24,}|\d+", re.IGNORECASE)
TURN = re.compile(r"^(?P<stem>.*[_-])\d{1,4}(?P<tail>\.[a-z]+)$", re.IGNORECASE)
HIT = "budget_hit"  # the finding's code
SPENT_REST = timedelta(days=BUDGETS["pattern"]["rest"])  # for an address whose pattern spent its budget
CIRCLE_REST = timedelta(days=BUDGETS["circle"]["rest"])  # for redirects that lead to no page
REMEMBERED = 20_000  # addresses, about 300 bytes each: the menu of a site stands on each of its pages
REPORTS = frozenset({"report", "attachment"})
REDIRECTS = frozenset({301, 302, 303, 307, 308})


@lru_cache(REMEMBERED)
def pattern_of(url: str) -> str:
    """Host and path with every number and long hexadecimal name as N, and each step of the path once; of a
    query only that there is one.
    """
    parts = urlsplit(url)
    steps = dict.fromkeys(NAME.sub("N", parts.path).split("/"))
    return f"{parts.netloc}{'/'.join(steps)}{'?' if parts.query else ''}"


def pager_of(url: str) -> str:
    """What the pages of a listing in files have in common (index_2.html); empty of other pages."""
    turn = TURN.match(url)
    return f"{turn['stem']}{turn['tail']}" if turn else ""


@dataclass(slots=True)
class Tally:
    """What the pages of one pattern have given so far in this run. `deeper` are those that led to nothing but
    more of the pattern.
    """

    gains: int = 0
    vain: int = 0
    deeper: int = 0
    echoes: set[int] = field(default_factory=set)  # the sets of entries seen, by hash

    def is_spent(self, allowance: int) -> bool:
        return self.vain >= allowance + BUDGETS["pattern"]["ratio"] * self.gains


class Traps:
    """What this run has learnt. A pattern that gave nothing at all is kept in mind for the next ones
    (`remembered`), as are redirects that lead to no page, by their addresses: a trap costs its budget once. A
    pattern that ever gave anything is judged anew each run.
    """

    def __init__(self, remembered: Iterable[str] = ()) -> None:
        self.remembered = frozenset(remembered)
        self.barren: set[str] = set()  # patterns to be remembered, not yet written
        self.circles: set[str] = set()  # addresses of redirects that lead to no page, not yet written
        self.sent_from: dict[str, str] = {}  # where redirects lead, and from where
        self.tallies: defaultdict[str, Tally] = defaultdict(Tally)
        self.listings: Counter[str] = Counter()  # by host
        self.reports: Counter[str] = Counter()  # by host
        self.pagers: dict[str, bool] = {}  # whether the first page asked for by it was there
        self.seen: set[int] = set()  # requests that something led to, by hash

    def is_closed(self, url: str, kind: str) -> bool:
        """Whether the address is worth no more fetches in this run."""
        if kind not in REPORTS and kind != "listing":
            return False
        pattern = pattern_of(url)
        if kind != "listing" or self.is_spent(pattern):
            return self.is_spent(pattern)
        is_remembered = pattern in self.remembered or url in self.remembered
        is_dead_end = is_remembered or not self.pagers.get(pager_of(url), True)
        return is_dead_end or self.has_enough(authority_of(url))

    def rest(self, url: str) -> timedelta:
        """How long a closed address is left alone."""
        return CIRCLE_REST if url in self.remembered else SPENT_REST

    def is_spent(self, pattern: str) -> bool:
        """Queries make more addresses than files do, and most of them nothing new."""
        tally = self.tallies.get(pattern)
        is_barren = tally is not None and not tally.gains and pattern.endswith("?")
        allowance = BUDGETS["pattern"]["barren" if is_barren else "allowance"]
        return tally is not None and tally.is_spent(allowance)

    def has_enough(self, host: str) -> bool:
        budget = BUDGETS["host"]
        return self.listings[host] >= budget["listings"] + budget["ratio"] * self.reports[host]

    def admit(self, visit: Visit, *, is_known: bool = False) -> tuple[Link, ...]:
        """Count what the page leads to, and give the links that are worth following. A page that `is_known`
        from other nights has led to what it could, and its leading to nothing new says nothing.
        """
        kind, pattern = visit.capture.kind, pattern_of(visit.capture.url)
        if kind == "listing" and (pager := pager_of(visit.capture.url)):
            self.pagers.setdefault(pager, visit.capture.outcome != "missing")
        self.follow(visit)
        self.seen.add(hash(visit.capture.request_key))
        if not visit.links or (kind not in REPORTS and kind != "listing"):
            return visit.links
        self.count(visit, kind)
        tally = self.tallies[pattern]
        links = [link for link in visit.links if not self.is_closed(link.url, link.kind)]
        new = self.unseen(links)
        if is_gain(visit, pattern, new):
            tally.gains += 1
        elif not is_known:
            tally.vain += 1
        if new and kind == "listing" and all(pattern_of(link.url) == pattern for link in new):
            tally.deeper += 1
        if kind == "listing" and not tally.gains and self.is_spent(pattern):
            self.barren.add(pattern)
        if kind == "listing" and self.is_echo(tally, links):
            links = [link for link in links if pattern_of(link.url) != pattern]
        return tuple(links)

    def count(self, visit: Visit, kind: str) -> None:
        host = authority_of(visit.capture.url)
        self.listings[host] += kind == "listing"
        self.reports[host] += kind in REPORTS and visit.is_promising

    def unseen(self, links: Iterable[Link]) -> list[Link]:
        """Those that nothing led to before in this run."""
        new = [link for link in links if hash(link.request_key) not in self.seen]
        self.seen.update(hash(link.request_key) for link in new)
        return new

    def follow(self, visit: Visit) -> None:
        """Redirects of a listing that come round, or never arrive, are worth no second night."""
        capture = visit.capture
        if capture.kind != "listing" or capture.status not in REDIRECTS:
            return
        way = self.way_to(capture.url)
        target = visit.links[0].url if visit.links else ""
        if target:
            self.sent_from.setdefault(target, capture.url)
        if target in way or (not target and len(way) > RULES.limits["most_hops"]):
            self.circles.update(way)

    def way_to(self, url: str) -> list[str]:
        """The address, and before it the redirects that led to it, one after the other."""
        way = [url]
        while (before := self.sent_from.get(way[-1])) and before not in way:
            way.append(before)
        return way

    def dead_ends(self) -> set[str]:
        """Patterns whose pages led on to each other and to nothing else, until they were too deep."""
        least = BUDGETS["pattern"]["barren"]
        return {
            pattern for pattern, tally in self.tallies.items() if not tally.gains and tally.deeper >= least
        }

    @staticmethod
    def is_echo(tally: Tally, links: Iterable[Link]) -> bool:
        """The same entries were on another page of the pattern: its pager leads nowhere."""
        entries = frozenset(link.request_key for link in links if link.kind in REPORTS)
        known = hash(entries) in tally.echoes
        tally.echoes.add(hash(entries))
        return known and bool(entries)

    def circle_findings(self) -> Counter[Finding]:
        """Redirects not yet written of that lead to no page."""
        return Counter(
            Finding(authority_of(url), HIT, f"{url}: redirects lead to no page") for url in self.circles
        )

    def findings(self) -> Counter[Finding]:
        """The budgets that were hit, each with what was spent."""
        dead = self.dead_ends()
        spent = {key: tally for key, tally in self.tallies.items() if key in dead or self.is_spent(key)}
        found = Counter(
            Finding(pattern.partition("/")[0], HIT, f"{pattern}: {tally.vain} pages led to nothing new")
            for pattern, tally in spent.items()
        )
        for host, count in self.listings.items():
            if self.has_enough(host):
                found[Finding(host, HIT, f"{count} listings for {self.reports[host]} reports")] += 1
        return found


def is_gain(visit: Visit, pattern: str, new: Iterable[Link]) -> bool:
    """A report is one by its own title; a listing gains by what nothing led to before."""
    if visit.capture.kind in REPORTS:
        return visit.is_promising
    return any(
        link.kind in REPORTS or (link.score >= BUDGETS["gain"]["score"] and pattern_of(link.url) != pattern)
        for link in new
    )
