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
from importlib.resources import files
from urllib.parse import urlsplit

from crawler.visit import Link, Visit
from storage.findings import Finding

BUDGETS: dict[str, dict[str, int]] = tomllib.loads(
    (files("crawler") / "traps.toml").read_text(encoding="utf-8")
)
NAME = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{24,}|\d+", re.IGNORECASE)
TURN = re.compile(r"^(?P<stem>.*[_-])\d{1,4}(?P<tail>\.[a-z]+)$", re.IGNORECASE)
HIT = "budget_hit"  # the finding's code
SPENT_REST = timedelta(days=BUDGETS["pattern"]["rest"])  # for an address whose pattern spent its budget
REPORTS = frozenset({"report", "attachment"})


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
    """What the pages of one pattern have given so far in this run."""

    gains: int = 0
    vain: int = 0
    echoes: set[int] = field(default_factory=set)  # the sets of entries seen, by hash

    def is_spent(self, allowance: int) -> bool:
        return self.vain >= allowance + BUDGETS["pattern"]["ratio"] * self.gains


class Traps:
    """What this run has learnt. A pattern that gave nothing at all is kept in mind for the next ones
    (`remembered`): a trap costs its budget once. One that ever gave anything is judged anew each run.
    """

    def __init__(self, remembered: Iterable[str] = ()) -> None:
        self.remembered = frozenset(remembered)
        self.barren: set[str] = set()  # patterns to be remembered, not yet written
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
        is_dead_end = pattern in self.remembered or not self.pagers.get(pager_of(url), True)
        return is_dead_end or self.has_enough(urlsplit(url).netloc)

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
        if not visit.links or (kind not in REPORTS and kind != "listing"):
            return visit.links
        self.count(visit, kind)
        tally = self.tallies[pattern]
        links = [link for link in visit.links if not self.is_closed(link.url, link.kind)]
        if self.is_gain(visit, kind, pattern, links):
            tally.gains += 1
        elif not is_known:
            tally.vain += 1
        if kind == "listing" and not tally.gains and self.is_spent(pattern):
            self.barren.add(pattern)
        if kind == "listing" and self.is_echo(tally, links):
            links = [link for link in links if pattern_of(link.url) != pattern]
        return tuple(links)

    def count(self, visit: Visit, kind: str) -> None:
        host = urlsplit(visit.capture.url).netloc
        self.listings[host] += kind == "listing"
        self.reports[host] += kind in REPORTS and visit.is_promising

    def is_gain(self, visit: Visit, kind: str, pattern: str, links: Iterable[Link]) -> bool:
        """A report is one by its own title; a listing gains by what nothing led to before."""
        new = [link for link in links if hash(link.request_key) not in self.seen]
        self.seen.update(hash(link.request_key) for link in new)
        if kind in REPORTS:
            return visit.is_promising
        return any(
            link.kind in REPORTS
            or (link.score >= BUDGETS["gain"]["score"] and pattern_of(link.url) != pattern)
            for link in new
        )

    @staticmethod
    def is_echo(tally: Tally, links: Iterable[Link]) -> bool:
        """The same entries were on another page of the pattern: its pager leads nowhere."""
        entries = frozenset(link.request_key for link in links if link.kind in REPORTS)
        known = hash(entries) in tally.echoes
        tally.echoes.add(hash(entries))
        return known and bool(entries)

    def findings(self) -> Counter[Finding]:
        """The budgets that were hit, each with what was spent."""
        spent = {pattern: tally for pattern, tally in self.tallies.items() if self.is_spent(pattern)}
        found = Counter(
            Finding(pattern.partition("/")[0], HIT, f"{pattern}: {tally.vain} pages led to nothing new")
            for pattern, tally in spent.items()
        )
        for host, count in self.listings.items():
            if self.has_enough(host):
                found[Finding(host, HIT, f"{count} listings for {self.reports[host]} reports")] += 1
        return found
