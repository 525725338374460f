"""The frontier as Scrapy's scheduler: one outstanding request for each host, and no queue in memory.

A host is busy from the moment its request is handed out until the visit is committed. All that a kill
can lose is which pages were under way, and those are still pending.
"""

import logging
import math
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import cast

from scrapy import Request, Spider, signals
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler
from scrapy.http import Response
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from crawler.addresses import canonical, host_of, origin_of
from crawler.ahead import ROWS, Ahead, Next, Told
from crawler.downloader import Downloader
from crawler.gate import Gate
from crawler.manners import LONGEST_LINGER, LONGEST_PAUSE, Manners, is_welcome, retry_after
from crawler.probes import Stranger, find_stranger, is_doubtful, probe_link, probe_url
from crawler.requisites import REQUISITE, Allowance
from crawler.retries import Retries
from crawler.robots import ROBOTS, Missing, Rules, Unreachable, find_rules
from crawler.spiders.reports import PENDING, Reports
from crawler.starts import choose_hosts, robots_row, start_links
from crawler.traps import Traps
from crawler.visit import Link, Visit
from crawler.waiting import Waiting
from settings import clock
from settings.calendar import beijing_midnight
from settings.registry import Site
from storage import frontier
from storage.captures import Capture
from storage.conditions import known_of
from storage.database import Database, first_line, open_database
from storage.findings import Finding
from storage.frontier import Pending, Settlement
from storage.sites import Standing, fetches_since, load_sites, load_standings, note_rest
from storage.traps import load_spent
from storage.values import as_text

logger = logging.getLogger(__name__)


class FrontierScheduler(BaseScheduler):
    """It opens the database for the whole crawl; who finishes the run closes it (pipeline/commit.py)."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self.crawler = crawler
        self.database: Database = open_database(settings["NIANBAO_DATABASE"])
        self.wanted: Sequence[str] = settings.getlist("NIANBAO_HOSTS")
        self.pages_left: float = settings.getint("NIANBAO_MAX_PAGES") or math.inf
        self.seconds: float = settings.getfloat("NIANBAO_MAX_SECONDS") or math.inf
        self.pace: float = settings.getfloat("DOWNLOAD_DELAY")
        self.has_proxy: bool = settings.getbool("NIANBAO_HAS_PROXY")
        self.waiting = Waiting()
        self.under_way: dict[str, list[str]] = {}  # request handed out: the hosts that wait for its commit
        self.resting: set[str] = set()  # hosts left in peace for the rest of this run
        self.retries = Retries()
        self.manners: dict[str, Manners] = {}  # by host
        self.budget: float = settings.getint("NIANBAO_DAILY_PAGES") or math.inf
        self.starts_only: bool = settings.getbool("NIANBAO_STARTS_ONLY")
        self.checked: set[str] = set()  # what was handed out or refused, where only start pages are asked for
        self.findings: Counter[Finding] = Counter()  # not yet written; the commit of the next group does
        self.allowance = Allowance(settings.getbool("NIANBAO_REQUISITES"), self.budget)
        self.requisites: set[str] = set()  # requests for them that are under way
        self.traps = Traps()
        self.doubted: set[str] = set()  # hosts whose answer for what cannot be there is under way
        self.failure: Exception | None = None
        self.rules: dict[str, Rules] = {}  # by origin; what the archive holds, read once a run
        self.ahead, self.told = Ahead(), Told()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "FrontierScheduler":
        scheduler = cls(crawler)
        crawler.signals.connect(scheduler.give_up, signals.spider_error)
        return scheduler

    def open(self, spider: Spider) -> None:
        assert isinstance(spider, Reports)
        self.spider = spider
        self.deadline = time.monotonic() + self.seconds
        with self.database.read() as connection:
            self.sites = {site.host: site for site in load_sites(connection)}
            self.standings = load_standings(connection)
            self.tls_modes = {host: it.tls_mode for host, it in self.standings.items() if it.tls_mode}
            self.spent = fetches_since(connection, beijing_midnight(clock.now()))
            self.traps = Traps(load_spent(connection, clock.now()))
        self.gate = Gate(frozenset(self.sites), self.has_proxy)
        self.hosts = choose_hosts(self.sites, self.wanted)
        now = clock.now()
        with self.database.write() as connection:
            frontier.let_in(connection, sorted(self.sites), now)
            links = [link for host in self.hosts for link in start_links(self.sites[host])]
            frontier.add_links(connection, {"": links}, self.sites, now)
            for host, at in frontier.retries_before(connection, now, now + LONGEST_LINGER):
                self.retries.add(host, at)
        for host in self.hosts:
            self.greet(host, as_text(now))
        self.waiting.add(self.hosts)

    def greet(self, host: str, now: str) -> None:
        """Begin with a host where the last night left off. Who names it in the command means it."""
        standing = self.standings.get(host, Standing(None, 0, ""))
        own = self.sites[host].delay
        pace = self.pace if own is None else own
        self.manners[host] = Manners(pace, standing.rests, self.spent.get(host, 0))
        self.set_pace(host)
        if (standing.rest_until or "") > now and not (self.wanted or self.starts_only):
            self.resting.add(host)

    def register(self, site: Site) -> None:
        """A host that a registered one moved to joins the run: links to it pass the gate from now on."""
        self.sites[site.host] = site
        self.gate = Gate(frozenset(self.sites), self.has_proxy)
        self.told = Told()  # of links that it refused before
        self.greet(site.host, "")

    def let_in(self, site: Site) -> None:
        """Its registration is committed."""
        self.hosts.append(site.host)
        self.waiting.add([site.host])

    def enqueue_request(self, request: Request) -> bool:  # noqa: ARG002 - Scrapy's signature
        """Nothing enters but through the frontier."""
        return False

    def has_pending_requests(self) -> bool:
        return (self.has_work() or bool(self.retries)) and not self.is_over()

    def has_work(self) -> bool:
        return self.waiting.are_left(with_later=not self.pages_come_first())

    def pages_come_first(self) -> bool:
        """No page could be asked for now, but in a run of so many pages there may be more of them soon."""
        is_awaited = self.waiting.paused or self.retries or len(self.under_way) > len(self.requisites)
        return self.pages_left < math.inf and bool(is_awaited)

    def is_over(self) -> bool:
        return self.failure is not None or self.pages_left <= 0 or time.monotonic() >= self.deadline

    def fail(self, error: Exception) -> None:
        """The database refuses: go no further. What was not committed stays pending."""
        self.failure = error
        logger.error("the run ends: %s", first_line(error))

    def next_request(self) -> Request | None:
        try:
            return self.hand_out() or self.hand_out_later()
        except SQLAlchemyError as error:
            self.fail(error)
            return None

    def hand_out(self) -> Request | None:
        self.end_waits()
        while not self.is_over() and (host := self.next_host()):
            if self.manners[host].today >= self.budget:
                self.rest(host, "budget", f"{self.budget:,} pages a day are enough")
            chosen = self.choose(host)
            if chosen is None:
                self.waiting.lay_by(host)
            elif chosen.row.request_key in self.under_way:  # two hosts with one robots.txt
                self.under_way[chosen.row.request_key].append(host)
            else:
                if chosen.row.host != host:
                    self.ahead.forget(chosen.row.host)
                self.under_way[chosen.row.request_key] = [host]
                self.pages_left -= 1
                self.note_handed_out(chosen.row)
                return self.spider.request_for(*chosen, self.sites[host].listing, self.verdict(chosen.row))
        return None

    def hand_out_later(self) -> Request | None:
        """Only retries are left, whose time has not come; a rehearsal does not wait for it."""
        is_idle = not (self.has_work() or self.under_way or self.is_over())
        return self.hand_out() if is_idle and self.retries.skip_wait() else None

    def note_handed_out(self, row: Pending) -> None:
        if self.starts_only:
            self.checked.add(row.url)
        if row.kind == REQUISITE:
            self.requisites.add(row.request_key)

    def next_host(self) -> str | None:
        """Hosts that may have a page due before those that have only requisites."""
        return self.waiting.next() or (None if self.pages_come_first() else self.waiting.next_later())

    def choose(self, host: str) -> Next | None:
        """The best row that is due on the host and allowed; its robots.txt where that must come first."""
        refused: list[Settlement] = []
        chosen = None
        while chosen is None and host not in self.resting:
            following = self.ahead.take(host)
            if following is None:
                self.refuse(refused)
                if not self.look_ahead(host):
                    break
            elif following.row.kind == REQUISITE and self.put_off(host):
                self.ahead.put_back(host, following)
                break
            elif not self.knows_rules(following.row):
                self.ahead.put_back(host, following)
                chosen = self.robots_first(host, following.row)
                if chosen is None and not self.knows_rules(following.row):
                    break
            elif decision := self.refusal(following.row):
                refused.append(self.settled(following.row, decision))
            else:
                chosen = following
        self.refuse(refused)
        return chosen

    def put_off(self, host: str) -> bool:
        """Whether its requisites have to wait: for pages of other hosts, or for another run."""
        is_open = self.allowance.is_open(host, self.manners[host].today)
        is_early = bool(self.waiting.ready) or self.pages_come_first()
        if is_open and is_early:
            self.waiting.later[host] = None
        return is_early or not is_open

    def look_ahead(self, host: str) -> bool:
        """Read the rows that are next on the host; whether there are any."""
        now = clock.now()
        with self.database.read() as connection:
            rows = self.due_on(connection, host, now)
            known = known_of(connection, [row.url for row in rows if row.method == "GET" and row.was_asked])
        self.ahead.fill(host, [Next(row, known.get(row.request_key)) for row in rows])
        return bool(rows)

    def due_on(self, connection: Connection, host: str, now: datetime) -> list[Pending]:
        if not self.starts_only:
            return frontier.due_on(connection, host, now, ROWS)
        return [row for row in self.starts_on(connection, host) if row.url not in self.checked]

    def starts_on(self, connection: Connection, host: str) -> list[Pending]:
        starts = (canonical(url) for url in self.sites[host].start)
        rows = (frontier.find(connection, url) for url in starts if url)
        return [row for row in rows if row]

    def knows_rules(self, row: Pending) -> bool:
        rules = self.rules.get(origin_of(row.url))
        is_ruled = rules is not None and rules.until > clock.now()
        return is_ruled or row.kind == ROBOTS or bool(self.gate.refusal(row.url))

    def refusal(self, row: Pending) -> str:
        """Why the row is not fetched, in the words of frontier.decision; empty where it is."""
        if self.gate.refusal(row.url):
            return "gate"
        if row.kind == ROBOTS:
            return ""
        if not self.rules[origin_of(row.url)].allow(row.url):
            return frontier.BANNED
        return frontier.SPENT if self.traps.is_closed(row.url, row.kind) else ""

    def verdict(self, row: Pending) -> str:
        """What robots.txt says of an allowed row; nothing of itself."""
        rules = self.rules.get(origin_of(row.url))
        return "" if row.kind == ROBOTS or rules is None else rules.verdict

    def robots_first(self, host: str, row: Pending) -> Next | None:
        """The robots.txt that comes before the row; None where its rules are known now or cannot be."""
        now = clock.now()
        with self.database.read() as connection:
            rules = find_rules(connection, row.url, self.gate, now)
        match rules:
            case Missing():
                with self.database.write() as connection:
                    return robots_row(connection, rules.url, self.sites, now)
            case Unreachable():
                return self.find_shut(host, row)
            case Rules():
                self.rules[origin_of(row.url)] = rules
                self.set_pace(host, rules.delay())
        return None

    def settled(self, row: Pending, decision: str) -> Settlement:
        """What the decision means for the row: a budget is given anew some day."""
        later = clock.now() + self.traps.rest(row.url) if decision == frontier.SPENT else None
        return Settlement(row.request_key, later, decision)

    def refuse(self, refused: list[Settlement]) -> None:
        """Keep the decisions, and forget them here."""
        if refused:
            with self.database.write() as connection:
                frontier.settle(connection, refused)
        if self.starts_only:
            self.checked.update(each.request_key for each in refused)
        refused.clear()

    def set_pace(self, host: str, asked: float = 0) -> None:
        """The longest of what we, the operator, the host's robots.txt and its answers want, in seconds."""
        manners = self.manners[host]
        manners.asked = max(asked, manners.asked)  # http and https may ask differently
        delay = manners.delay()
        cast("Downloader", self.crawler.engine.downloader).set_pace(host, delay)

    def release(self, visits: Iterable[Visit], links: Sequence[Link]) -> None:
        """The visits and links are committed: those hosts may be asked again, these have work."""
        self.ahead.make_room(links)
        for visit in visits:
            capture = visit.capture
            if capture.kind == ROBOTS and capture.outcome != "error":
                self.rules.pop(origin_of(capture.url), None)
            self.behave(host_of(capture.url), capture)
            self.doubt(visit)
            self.requisites.discard(capture.request_key)
            self.waiting.add(self.under_way.pop(capture.request_key, ()))
        self.waiting.wake(host_of(link.url) for link in links)

    def doubt(self, visit: Visit) -> None:
        """Find out, once a run, what the host answers for a page that cannot be there."""
        url, host = visit.capture.url, host_of(visit.capture.url)
        if url == probe_url(url):
            self.doubted.discard(host)
        elif host in self.doubted or host in self.spider.strangers or not is_doubtful(visit):
            return
        now = clock.now()
        with self.database.write() as connection:
            found = find_stranger(connection, url, now)
            if isinstance(found, Missing) and host not in self.doubted:
                frontier.add_links(connection, {url: [probe_link(found.url)]}, self.sites, now)
                self.doubted.add(host)
                self.ahead.forget(host)
            elif isinstance(found, Stranger):
                self.spider.strangers[host] = found

    def behave(self, host: str, capture: Capture) -> None:
        """Learn from an answer how its host is to be treated from now on."""
        manners = self.manners[host]
        if capture.kind == REQUISITE:
            self.allowance.note(capture)
        before = manners.delay()
        manners.note(capture)
        if manners.delay() != before:
            self.set_pace(host)
        wait = retry_after(capture)
        if manners.has_enough():
            self.leave_in_peace(host, "walls", f"{manners.walls} walls in a row, the last: {capture.error}")
        elif wait > LONGEST_PAUSE:
            self.rest(host, "retry_after", f"asks for {wait:.0f} s of rest")
        elif wait:
            self.waiting.paused[host] = time.monotonic() + wait
        elif manners.rests and is_welcome(capture):
            self.welcome_back(host)

    def find_shut(self, host: str, row: Pending) -> Next | None:  # noqa: ARG002 - who overrides it asks
        """Its robots.txt cannot be had, nor soon. Who never answered is tried ever more rarely."""
        if self.retries.awaits(host):
            return None
        with self.database.read() as connection:
            part = self.rest if frontier.has_answered(connection, host) else self.leave_in_peace
        part(host, "robots", "its robots.txt cannot be had")
        return None

    def leave_in_peace(self, host: str, code: str, reason: str) -> None:
        """The host meets us with walls alone, or not at all: it rests longer each time, beyond this run."""
        manners = self.manners[host]
        until = clock.now() + manners.rest()
        manners.rests += 1
        with self.database.write() as connection:
            note_rest(connection, host, until, manners.rests)
        self.rest(host, code, f"{reason}; left in peace until {as_text(until)[:16]} UTC")

    def welcome_back(self, host: str) -> None:
        self.manners[host].rests = 0
        with self.database.write() as connection:
            note_rest(connection, host, None, 0)

    def end_waits(self) -> None:
        """Of hosts that asked for a pause, and of pages that failed and are due again."""
        self.waiting.end_pauses(time.monotonic())
        for host in self.retries.over(clock.now()):
            self.ahead.forget(host)
            self.waiting.wake([host])

    def rest(self, host: str, code: str, reason: str) -> None:
        """Ask nothing more of the host in this run."""
        if host not in self.resting:
            self.resting.add(host)
            self.retries.forget(host)
            self.findings[Finding(host, code, reason)] += 1
            logger.warning("%s rests for this run: %s", host, reason)

    def give_up(self, response: Response) -> None:
        """Our own code failed on an answer (Scrapy logged it): the URL stays pending and the host rests."""
        assert response.request is not None
        pending: Pending = response.request.meta[PENDING]
        self.rest(pending.host, "failed", f"our own reading of {pending.url} failed")
        self.requisites.discard(pending.request_key)
        self.waiting.add(self.under_way.pop(pending.request_key, ()))
