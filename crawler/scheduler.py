"""The frontier as Scrapy's scheduler: one outstanding request for each host, and no queue in memory.

A host is busy from the moment its request is handed out until the visit is committed. All that a kill
can lose is which pages were under way, and those are still pending.
"""

import logging
import math
import time
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from scrapy import Request, Spider, signals
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler
from scrapy.http import Response
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from crawler.addresses import canonical, host_of, origin_of
from crawler.gate import Gate
from crawler.robots import Missing, Rules, Unreachable, find_rules, robots_url
from crawler.spiders.reports import LISTING, PENDING, Reports
from crawler.visit import Link, Visit
from settings import clock
from settings.registry import Site
from storage import frontier
from storage.captures import Capture
from storage.database import Database, open_database
from storage.frontier import Pending, Settlement
from storage.sites import load_sites

LOOK_AHEAD = 5  # rows read at a time, for some may turn out to be banned
WALLS_IN_A_ROW = 5  # blocked answers after which a host is left in peace for this run
START_SCORE = 100
ROBOTS_SCORE = 1000  # before everything else of its host

logger = logging.getLogger(__name__)


class NoSitesError(Exception):
    """Nothing to crawl: no site is registered, or not the one that was named."""


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
        self.ready: deque[str] = deque()  # hosts that may have something due
        self.idle: set[str] = set()  # hosts that have not
        self.under_way: dict[str, list[str]] = {}  # request handed out: the hosts that wait for its commit
        self.resting: set[str] = set()  # hosts left in peace for the rest of this run
        self.walls: Counter[str] = Counter()  # by host, answers in a row that were none
        self.asked: dict[str, float] = {}  # by host, the delay its robots.txt asks for
        self.failure: Exception | None = None
        self.rules: dict[str, Rules] = {}  # by origin; what the archive holds, read once a run

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
        self.gate = Gate(frozenset(self.sites), self.has_proxy)
        self.hosts = choose_hosts(self.sites, self.wanted)
        now = clock.now()
        with self.database.write() as connection:
            frontier.let_in(connection, sorted(self.sites), now)
            links = [link for host in self.hosts for link in start_links(self.sites[host])]
            frontier.add_links(connection, {"": links}, self.sites, now)
        for host in self.hosts:
            self.set_pace(host)
        self.ready.extend(self.hosts)

    def enqueue_request(self, request: Request) -> bool:  # noqa: ARG002 - Scrapy's signature
        """Nothing enters but through the frontier."""
        return False

    def has_pending_requests(self) -> bool:
        return bool(self.ready) and not self.is_over()

    def is_over(self) -> bool:
        return self.failure is not None or self.pages_left <= 0 or time.monotonic() >= self.deadline

    def fail(self, error: Exception) -> None:
        """The database refuses: go no further. What was not committed stays pending."""
        self.failure = error
        logger.error("the run ends: %s", error)

    def next_request(self) -> Request | None:
        try:
            return self.hand_out()
        except SQLAlchemyError as error:
            self.fail(error)
            return None

    def hand_out(self) -> Request | None:
        while self.ready and not self.is_over():
            host = self.ready.popleft()
            pending = self.choose(host)
            if pending is None:
                self.idle.add(host)
            elif pending.request_key in self.under_way:  # two hosts with one robots.txt
                self.under_way[pending.request_key].append(host)
            else:
                self.under_way[pending.request_key] = [host]
                self.pages_left -= 1
                return self.request_for(pending, self.sites[host])
        return None

    def request_for(self, pending: Pending, site: Site) -> Request:
        meta = {PENDING: pending, LISTING: site.listing}
        return Request(
            pending.url,
            callback=self.spider.parse,
            errback=self.spider.failed,
            method=pending.method,
            body=pending.body,
            headers=dict(pending.headers),
            meta=meta,
        )

    def choose(self, host: str) -> Pending | None:
        """The best row that is due on the host and allowed; its robots.txt where that must come first."""
        while host not in self.resting:
            now = clock.now()
            with self.database.read() as connection:
                rows = frontier.due_on(connection, host, now, LOOK_AHEAD)
                found, refused = self.first_allowed(connection, rows, now)
            self.refuse(refused)
            match found:
                case Pending():
                    return found
                case Missing():
                    return self.robots_row(found.url, now)
                case Unreachable():
                    self.rest(host, "its robots.txt cannot be had")
                case None if len(rows) < LOOK_AHEAD:
                    return None
        return None

    def first_allowed(
        self, connection: Connection, rows: Sequence[Pending], now: datetime
    ) -> tuple[Pending | Missing | Unreachable | None, dict[str, str]]:
        """The first row that may be fetched, or what stands in the way; and decisions on those before it."""
        refused: dict[str, str] = {}
        for row in rows:
            if self.gate.refusal(row.url):
                refused[row.request_key] = "gate"
            elif row.kind == "robots":
                return row, refused
            else:
                rules = self.rules_for(connection, row, now)
                if not isinstance(rules, Rules):
                    return rules, refused
                if rules.allow(row.url):
                    return row, refused
                refused[row.request_key] = "robots"
        return None, refused

    def rules_for(self, connection: Connection, row: Pending, now: datetime) -> Rules | Missing | Unreachable:
        origin = origin_of(row.url)
        known = self.rules.get(origin)
        if known:
            return known
        rules = find_rules(connection, row.url, self.gate, now)
        if isinstance(rules, Rules):
            self.rules[origin] = rules
            self.set_pace(row.host, rules.delay())
        return rules

    def refuse(self, refused: Mapping[str, str]) -> None:
        if refused:
            with self.database.write() as connection:
                settlements = [Settlement(key, None, decision) for key, decision in refused.items()]
                frontier.settle(connection, settlements)

    def robots_row(self, url: str, now: datetime) -> Pending:
        """The frontier's row for the address, made where it is new."""
        with self.database.write() as connection:
            known = frontier.find(connection, url)
            if known is None:
                frontier.add_links(connection, {"": [robots_link(url)]}, self.sites, now)
                known = frontier.find(connection, url)
        assert known is not None
        return known

    def set_pace(self, host: str, asked: float = 0) -> None:
        """The longest of what we, the operator and the host's robots.txt want, in seconds."""
        self.asked[host] = max(asked, self.asked.get(host, 0))  # http and https may ask differently
        own = self.sites[host].delay
        delay = max(self.pace if own is None else own, self.asked[host])
        downloader = self.crawler.engine.downloader
        downloader.per_slot_settings[host] = {"delay": delay}
        if host in downloader.slots:
            downloader.slots[host].delay = delay

    def release(self, visits: Iterable[Visit]) -> None:
        """The visits are committed: their hosts may be asked again, and hosts they link to have work."""
        for visit in visits:
            capture = visit.capture
            self.count_walls(host_of(capture.url), capture)
            self.ready.extend(self.under_way.pop(capture.request_key, ()))
            woken = self.idle.intersection(host_of(link.url) for link in visit.links)
            self.idle -= woken
            self.ready.extend(sorted(woken))

    def count_walls(self, host: str, capture: Capture) -> None:
        is_wall = capture.outcome == "blocked" or capture.status is None
        self.walls[host] = self.walls[host] + 1 if is_wall else 0
        if self.walls[host] >= WALLS_IN_A_ROW:
            self.rest(host, f"{WALLS_IN_A_ROW} walls in a row, the last {capture.error}")

    def rest(self, host: str, reason: str) -> None:
        self.resting.add(host)
        logger.warning("%s rests for this run: %s", host, reason)

    def give_up(self, response: Response) -> None:
        """Our own code failed on an answer (Scrapy logged it): the URL stays pending and the host rests."""
        assert response.request is not None
        pending: Pending = response.request.meta[PENDING]
        self.rest(pending.host, f"reading {pending.url} failed")
        self.ready.extend(self.under_way.pop(pending.request_key, ()))


def choose_hosts(sites: Mapping[str, Site], wanted: Sequence[str]) -> list[str]:
    """The hosts of this run, in the registry's order. Raises NoSitesError."""
    if not sites:
        raise NoSitesError("no site is registered; name a sites file with --sites")
    for host in wanted:
        if host not in sites:
            raise NoSitesError(f"{host} is not registered; add it with `nianbao sites add`")
    return [host for host in sites if not wanted or host in wanted]


def start_links(site: Site) -> list[Link]:
    """The robots.txt of the site's start pages before the pages themselves."""
    pages = [url for start in site.start if (url := canonical(start))]
    robots = [robots_link(url) for url in dict.fromkeys(robots_url(page) for page in pages)]
    return robots + [Link(url, "home", START_SCORE, 0) for url in pages]


def robots_link(url: str) -> Link:
    return Link(url, "robots", ROBOTS_SCORE, 0)
