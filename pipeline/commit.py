"""Visits into the database, in groups, each in one transaction: bytes, links and the settled address.

That transaction is the promise of the crawl: what is not committed was not visited.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from scrapy import signals
from scrapy.crawler import Crawler
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from crawler.addresses import host_of
from crawler.scheduler import FrontierScheduler
from crawler.visit import Link, Visit
from settings import clock
from storage import frontier
from storage.archive import Recorded, record_captures
from storage.frontier import Settlement
from storage.runs import RunClosedError, finish_run, start_run
from storage.sites import note_visit

LARGEST_GROUP = 50  # a synchronous commit costs about 1 ms of CPU and a disk flush; 50 share it
LONGEST_WAIT = 0.5  # seconds that a visit waits for company

# When to come back. A night's run starts a little earlier or later than the last: 20 hours is "tomorrow".
NEXT_NIGHT = timedelta(hours=20)
NEXT_MONTH = timedelta(days=30)
AGAIN = {
    "home": NEXT_NIGHT,  # columns move; they are found again from the start page
    "listing": NEXT_NIGHT,  # where new reports appear
    "robots": timedelta(days=1),  # RFC 9309 §2.4: not to be used for longer
}
# A failed fetch is tried again in the same night if the run lasts, then the next night.
RETRIES = (timedelta(minutes=1), timedelta(minutes=10))


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run did so far: `fetched` counts captures, the rest is how they came out."""

    run_id: int
    state: str
    fetched: int
    new: int
    unchanged: int
    missing: int
    blocked: int
    errors: int
    seconds: float


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
        self.state = "running"

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Commit":
        commit = cls(crawler)
        crawler.signals.connect(commit.flush_if_starving, signals.scheduler_empty)
        crawler.signals.connect(commit.finish, signals.spider_closed)
        return commit

    def open_spider(self) -> None:
        scheduler = self.crawler.engine.scheduler
        assert isinstance(scheduler, FrontierScheduler)
        self.scheduler = scheduler
        self.started = monotonic()
        with scheduler.database.write() as connection:
            self.run_id = start_run(connection, "crawl", clock.now())

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
        if len(self.group) >= len(self.scheduler.under_way) and not self.scheduler.has_pending_requests():
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
        with self.scheduler.database.write() as connection:
            recorded = record_captures(connection, self.run_id, [visit.capture for visit in group])
            pairs = zip(group, recorded, strict=True)
            frontier.settle(connection, [settlement(connection, *pair, now) for pair in pairs])
            frontier.add_links(connection, self.found(group), self.scheduler.gate.registered, now)
            note_hosts(connection, group, recorded)
        self.outcomes.update(record.outcome for record in recorded)
        self.scheduler.release(group)
        if self.progress:
            self.progress(self.summary())

    def found(self, group: Sequence[Visit]) -> dict[str, list[Link]]:
        """The links that pass the gate, by the page they were found on."""
        refusal = self.scheduler.gate.refusal
        found: dict[str, list[Link]] = {}
        for visit in group:
            links = [link for link in visit.links if not refusal(link.url)]
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
        )

    def finish(self, reason: str) -> None:
        """Scrapy's last word. A run that ends by itself is done, whether or not it reached its limits.

        One that failed is left to the next run, which closes what it finds dead.
        """
        scheduler = self.scheduler
        self.state = "done" if reason == "finished" and not scheduler.failure else "interrupted"
        try:
            if not scheduler.failure:
                with scheduler.database.write() as connection:
                    finish_run(connection, self.run_id, clock.now(), self.state)
        except (SQLAlchemyError, RunClosedError) as error:
            scheduler.fail(error)
        finally:
            scheduler.database.close()


def settlement(connection: Connection, visit: Visit, record: Recorded, now: datetime) -> Settlement:
    """When the visited address is due again."""
    capture = visit.capture
    if record.outcome == "blocked":
        return Settlement(capture.request_key, now + NEXT_NIGHT, failed=True)
    if record.outcome == "error":
        attempts = frontier.attempts_at(connection, capture.request_key)
        return Settlement(capture.request_key, now + patience(attempts), failed=True)
    return Settlement(capture.request_key, now + AGAIN.get(capture.kind, NEXT_MONTH))


def patience(attempts: int) -> timedelta:
    """How long to leave an address alone that failed after so many failures in a row before."""
    tonight = attempts % (len(RETRIES) + 1)
    return RETRIES[tonight] if tonight < len(RETRIES) else NEXT_NIGHT


def note_hosts(connection: Connection, group: Sequence[Visit], recorded: Sequence[Recorded]) -> None:
    """Each host of the group once, with how its last visit went and the family its pages showed."""
    last: dict[str, tuple[datetime, str]] = {}
    families: dict[str, str] = {}
    for visit, record in zip(group, recorded, strict=True):
        host = host_of(visit.capture.url)
        last[host] = (visit.capture.fetched_at, record.outcome)
        if visit.family:
            families[host] = visit.family
    for host, (at, outcome) in last.items():
        note_visit(connection, host, at, outcome, families.get(host, ""))
