"""Visits into the database, in groups, each in one transaction: bytes, links and the settled address.

That transaction is the promise of the crawl: what is not committed was not visited.
"""

import asyncio
import gc
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from scrapy import signals
from scrapy.crawler import Crawler
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from crawler.addresses import host_of
from crawler.crew import BEAT
from crawler.gate import is_official
from crawler.manners import LONGEST_LINGER, NEXT_NIGHT, SLOW, patience, retry_after
from crawler.requisites import REQUISITE, servants_of
from crawler.robots import ROBOTS
from crawler.rules import RULES
from crawler.sharing import SharedScheduler
from crawler.starts import start_links
from crawler.traps import CIRCLE_REST, SPENT_REST
from crawler.visit import Link, Visit
from pipeline.changes import known_before, note_changes
from settings import clock
from settings.calendar import load_calendar
from settings.registry import Site
from storage import frontier
from storage.archive import Recorded, record_captures
from storage.findings import Finding, note_findings
from storage.frontier import Settlement
from storage.listed import note_days
from storage.runs import RunClosedError, finish_run, start_run
from storage.sites import (
    UNKNOWN_FAMILY,
    Visited,
    note_site_facts,
    note_tls_mode,
    note_visits,
    register_sites,
)
from storage.traps import note_spent

LARGEST_GROUP = 50  # a synchronous commit costs about 1 ms of CPU and a disk flush; 50 share it
LONGEST_WAIT = 0.5  # seconds that a visit waits for company

LONGEST_WISH = 86400.0  # seconds of Retry-After that are heeded


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run did so far: `fetched` counts captures, the rest is how they came out. So many of them were
    no pages but `requisites` of pages.
    """

    run_id: int
    state: str
    fetched: int
    new: int
    unchanged: int
    missing: int
    blocked: int
    errors: int
    seconds: float
    requisites: int = 0


Progress = Callable[[RunSummary], None]


class Commit:
    """A Scrapy item pipeline. A visit counts as under way, for Scrapy too, until its group is committed."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.progress: Progress | None = crawler.settings.get("NIANBAO_PROGRESS")
        self.group: list[Visit] = []
        self.done: asyncio.Future[None] | None = None
        self.timer: asyncio.TimerHandle | None = None
        self.outcomes: Counter[str] = Counter()
        self.requisites = 0
        self.state = "running"
        self.pulse: asyncio.TimerHandle | None = None
        self.kin: set[str] = set()  # hosts met in this run below the domains of sites
        settings = crawler.settings
        is_narrow = settings.getlist("NIANBAO_HOSTS") or settings.getbool("NIANBAO_STARTS_ONLY")
        self.takes_in_kin = settings.getbool("NIANBAO_SUBDOMAINS") and not is_narrow

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Commit":
        commit = cls(crawler)
        crawler.signals.connect(commit.flush_if_starving, signals.scheduler_empty)
        crawler.signals.connect(commit.finish, signals.spider_closed)
        return commit

    def open_spider(self) -> None:
        gc.freeze()  # what is loaded by now stays, and need not be looked through again
        scheduler = self.crawler.engine.scheduler
        assert isinstance(scheduler, SharedScheduler)
        self.scheduler = scheduler
        self.started = monotonic()
        with scheduler.database.write() as connection:
            self.run_id = start_run(connection, "crawl", clock.now())
        scheduler.join(self.run_id)
        if scheduler.crew:
            self.pulse = asyncio.get_running_loop().call_later(BEAT, self.beat)

    def beat(self) -> None:
        self.scheduler.beat()
        self.pulse = asyncio.get_running_loop().call_later(BEAT, self.beat)
        if slot := self.crawler.engine._slot:  # noqa: SLF001 - by itself Scrapy looks every 5 s only
            slot.nextcall.schedule()

    async def process_item(self, visit: Visit) -> Visit:
        loop = asyncio.get_running_loop()
        if self.done is None:
            self.done = loop.create_future()
            self.timer = loop.call_later(LONGEST_WAIT, self.flush)
        done = self.done
        self.group.append(visit)
        if len(self.group) >= LARGEST_GROUP:
            self.flush()
        self.flush_if_starving()
        await done
        return visit

    def flush_if_starving(self) -> None:
        """Nothing else is under way and no host has work: the crawl waits for this group."""
        if len(self.group) >= len(self.scheduler.under_way) and not self.scheduler.has_work():
            self.flush()

    def flush(self) -> None:
        group, done, timer = self.group, self.done, self.timer
        self.group, self.done, self.timer = [], None, None
        if done is None or timer is None:
            return
        timer.cancel()
        try:
            self.commit(group)
        except (SQLAlchemyError, RunClosedError) as error:
            self.scheduler.fail(error)
        done.set_result(None)

    def commit(self, group: Sequence[Visit]) -> None:
        now = clock.now()
        schemes = self.scheduler.schemes
        group = [schemes.mend(visit) for visit in group]
        with self.scheduler.database.write() as connection:
            recorded = record_captures(connection, self.run_id, [visit.capture for visit in group])
            pairs = list(zip(group, recorded, strict=True))
            settled = [
                settlement(connection, *pair, now, is_trial=schemes.is_trial(pair[0].capture.url))
                for pair in pairs
            ]
            frontier.settle(connection, settled)
            moved = self.follow_moves(connection, group) + self.take_in_kin(connection, group)
            known = known_before(pairs)
            found = self.found(group, known)
            frontier.add_links(connection, found, self.scheduler.gate.registered, now)
            note_hosts(connection, group, recorded)
            note_days(connection, self.run_id, days_listed(group))
            note_spent(connection, self.scheduler.traps.barren, now + SPENT_REST)
            note_spent(connection, self.scheduler.traps.circles, now + CIRCLE_REST)
            findings = note_changes(connection, pairs, known, self.run_id, now) + self.note_tls(
                connection, group
            )
            findings += self.scheduler.findings + self.scheduler.traps.circle_findings()
            note_findings(connection, self.run_id, findings)
        self.scheduler.findings.clear()
        self.scheduler.traps.barren.clear()
        self.scheduler.traps.circles.clear()
        self.outcomes.update(record.outcome for record in recorded)
        self.requisites += sum(visit.capture.kind == REQUISITE for visit in group)
        for site in moved:
            self.scheduler.let_in(site)
        self.linger(zip(group, settled, strict=True), now)
        self.look_anew(pairs, known)
        self.scheduler.release(group, [link for links in found.values() for link in links])
        if self.progress:
            self.progress(self.summary())

    def look_anew(self, pairs: Sequence[tuple[Visit, Recorded]], known: Container[str]) -> None:
        """What a new robots.txt or a changed listing speaks of may be due before what was read ahead."""
        for visit, record in pairs:
            capture = visit.capture
            is_changed = capture.kind == "listing" and capture.request_key in known
            if record.outcome == "new" and (is_changed or capture.kind == ROBOTS):
                for host in {host_of(visit.capture.url), *(host_of(link.url) for link in visit.links)}:
                    self.scheduler.ahead.forget(host)

    def linger(self, settled: Iterable[tuple[Visit, Settlement]], now: datetime) -> None:
        """Stay for what failed and is due again soon, unless its host is known for being shut, or only from a
        link.
        """
        for visit, each in settled:
            host = host_of(visit.capture.url)
            is_soon = each.failed and each.due_at is not None and each.due_at <= now + LONGEST_LINGER
            if is_soon and each.due_at and not (self.scheduler.manners[host].rests or host in self.kin):
                self.scheduler.retries.add(host, each.due_at)

    def note_tls(self, connection: Connection, group: Sequence[Visit]) -> Counter[Finding]:
        """Hosts whose TLS is judged otherwise than the last time."""
        found: Counter[Finding] = Counter()
        known = self.scheduler.tls_modes
        for host, tls in {host_of(visit.capture.url): visit.capture.tls for visit in group}.items():
            mode = tls.partition(":")[0]
            if mode and mode != known.get(host, "strict"):
                known[host] = mode
                note_tls_mode(connection, host, mode)
                found[Finding(host, "tls_exception" if mode != "strict" else "tls_mended", tls)] += 1
        return found

    def follow_moves(self, connection: Connection, group: Sequence[Visit]) -> list[Site]:
        """Start pages that lead to another official host: it is registered, under no name but its own."""
        moved: dict[str, Site] = {}
        for visit in group:
            if there := home_moved_to(visit):
                old, new = host_of(visit.capture.url), host_of(there)
                self.scheduler.findings[Finding(old, "host_moved", f"its home page is on {new}")] += 1
                if new not in self.scheduler.sites and is_official(new):
                    moved[new] = Site(new, start=(there,), note=f"moved from {old}")
        register_sites(connection, list(moved.values()))
        for site in moved.values():
            self.scheduler.register(site)
        return list(moved.values())

    def take_in_kin(self, connection: Connection, group: Sequence[Visit]) -> list[Site]:
        """Departments' own hosts below a site's domain, and those that only serve pictures to its pages:
        recorded, and crawled with it from now on. Who names hosts in the command means these alone.
        """
        sites = self.scheduler.sites
        met = (site for visit in group for site in kin_of(visit, sites))
        kin = {site.host: site for site in met if site.host not in sites and site.host not in self.kin}
        self.kin.update(kin)
        if not self.takes_in_kin:
            for site in kin.values():
                note_site_facts(connection, site.host, region=site.region)
            return []
        if not kin:
            return []
        register_sites(connection, list(kin.values()))
        frontier.let_in(connection, sorted(kin), clock.now())
        for site in kin.values():
            self.scheduler.findings[Finding(site.host, "host_found", site.note)] += 1
            self.scheduler.register(site)
            frontier.add_links(connection, {"": start_links(site)}, self.scheduler.sites, clock.now())
        return list(kin.values())

    def found(self, group: Sequence[Visit], known: Container[str]) -> dict[str, list[Link]]:
        """The links that are news to the frontier and pass the gate, by the page they were found on."""
        refusal = self.scheduler.gate.refusal
        found: dict[str, list[Link]] = {}
        for visit in group:
            admitted = self.scheduler.traps.admit(visit, is_known=visit.capture.request_key in known)
            news = self.scheduler.told.news(admitted)
            links = [link for link in news if not refusal(link.url)]
            found.setdefault(visit.capture.url, []).extend(links)
        return found

    def summary(self) -> RunSummary:
        count = self.outcomes
        return RunSummary(
            run_id=self.run_id,
            state=self.state,
            fetched=count.total(),
            new=count["new"],
            unchanged=count["unchanged"],
            missing=count["missing"] + count["soft_404"],
            blocked=count["blocked"],
            errors=count["error"],
            seconds=monotonic() - self.started,
            requisites=self.requisites,
        )

    def slow_hosts(self) -> Counter[Finding]:
        every = self.scheduler.manners.items()
        return Counter(
            Finding(host, "slow", f"answers took {manners.usual:.0f} s, the longest {manners.slowest:.0f} s")
            for host, manners in every
            if manners.usual > SLOW
        )

    def finish(self, reason: str) -> None:
        """Scrapy's last word. A run that ends by itself is done, whether or not it reached its limits.

        One that failed is left to the next run, which closes what it finds dead.
        """
        scheduler = self.scheduler
        if self.pulse:
            self.pulse.cancel()
        self.state = "done" if reason == "finished" and not scheduler.failure else "interrupted"
        try:
            if not scheduler.failure:
                with scheduler.database.write() as connection:
                    learnt = self.slow_hosts() + scheduler.traps.findings()
                    note_findings(connection, self.run_id, scheduler.findings + learnt)
                    note_spent(connection, scheduler.traps.dead_ends(), clock.now() + SPENT_REST)
                    scheduler.sign_off(connection)
                    finish_run(connection, self.run_id, clock.now(), self.state)
        except (SQLAlchemyError, RunClosedError) as error:
            scheduler.fail(error)
        finally:
            scheduler.database.close()


def settlement(
    connection: Connection, visit: Visit, record: Recorded, now: datetime, *, is_trial: bool = False
) -> Settlement:
    """When the visited address is due again; what was only tried, not in this night."""
    capture = visit.capture
    if (record.outcome == "blocked" and capture.kind != REQUISITE) or (
        record.outcome == "error" and is_trial
    ):
        return Settlement(capture.request_key, now + NEXT_NIGHT, failed=True)
    if record.outcome in {"blocked", "error"}:
        attempts = frontier.attempts_at(connection, capture.request_key)
        wait = max(
            patience(attempts, capture.kind), timedelta(seconds=min(retry_after(capture), LONGEST_WISH))
        )
        return Settlement(capture.request_key, now + wait, failed=True)
    return Settlement(capture.request_key, now + load_calendar().again(capture.kind, record.outcome, now))


def kin_of(visit: Visit, sites: Mapping[str, Site]) -> Iterator[Site]:
    """Of the same place as the site that they were met on, under no name but their own."""
    parent, scheme = sites[host_of(visit.capture.url)], visit.capture.url.partition("://")[0]
    for host in visit.hosts:
        start = (f"{scheme}://{host}/",)
        yield Site(host, region=parent.region, start=start, note=f"found on {parent.host}")
    for host in servants_of(visit):
        yield Site(host, region=parent.region, note=f"serves {parent.host}")


def home_moved_to(visit: Visit) -> str:
    """Where on another host a start page sends everyone, by redirect or by itself; telephones aside."""
    hop = next((link.url for link in visit.links if link.hops), "") if visit.capture.kind == "home" else ""
    is_other = host_of(hop) != host_of(visit.capture.url) and not RULES.servants.match(host_of(hop))
    return hop if is_other else ""


def days_listed(group: Sequence[Visit]) -> dict[tuple[str, str], str]:
    """By address and day, the first of these pages that prints it beside its link."""
    said = [((link.url, link.day), visit.capture.url) for visit in group for link in visit.links if link.day]
    return dict(reversed(said))


def note_hosts(connection: Connection, group: Sequence[Visit], recorded: Sequence[Recorded]) -> None:
    """Each host of the group once, with how its last visit went and the family its pages showed."""
    last: dict[str, Visited] = {}
    for visit, record in zip(group, recorded, strict=True):
        if visit.capture.kind == REQUISITE:
            continue
        host = host_of(visit.capture.url)
        before = last[host].family if host in last else ""
        says_more = visit.family and (visit.family != UNKNOWN_FAMILY or not before)
        family = visit.family if says_more else before
        last[host] = Visited(host, visit.capture.fetched_at, record.outcome, family)
    note_visits(connection, last.values())
