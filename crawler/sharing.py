"""The scheduler among others: on Postgres any number of workers crawl, and each asks only the hosts it holds.

Alone, as on SQLite, it is the scheduler as it stands: all hosts are its own.
"""

import time
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from scrapy import Request
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from crawler.addresses import host_of
from crawler.ahead import Next
from crawler.crew import Crew
from crawler.gate import Gate
from crawler.retries import Retries
from crawler.turning import TurningScheduler
from crawler.visit import Link, Visit
from crawler.waiting import Waiting
from settings import clock
from settings.calendar import beijing_midnight
from storage.frontier import Pending
from storage.leases import LEASE, Wanted, give_back
from storage.sites import fetches_since, load_sites, load_standings
from storage.values import as_text

SHORTEST_BEAT = 0.25  # seconds between two beats of a worker that has nothing to do
LONGEST_BEAT = LEASE / 2  # a worker that was held up for longer asks what it still holds before it goes on
FORGOTTEN = LEASE / 2  # seconds after which it is forgotten that a host had nothing for us
MOST_VAIN = 30  # times that a host is taken in vain, for its robots.txt lies on another worker's


class SharedScheduler(TurningScheduler):
    crew: Crew | None = None
    beaten: float = 0.0  # the second of the last beat
    vain: Counter[str]
    exhausted: dict[str, float]  # hosts that had nothing for us, and when that was

    def join(self, run_id: int) -> None:
        """Begin: alone with all hosts, or among others with a few."""
        if self.database.engine.dialect.name == "postgresql":
            self.crew = Crew(run_id)
            self.vain = Counter()
            self.exhausted = {}
            self.waiting, self.retries = Waiting(), Retries()
            self.beat()

    def beat(self) -> None:
        """Show a sign of life, and take or give hosts."""
        crew = self.crew
        if crew is None or self.failure:
            return
        before = set(crew.held)
        idle = [host for host in self.waiting.idle if not self.retries.awaits(host)]
        spare = [host for host in reversed(self.waiting.ready) if host not in self.waiting.paused]
        try:
            taken = crew.beat(self.database, self.wishes(), self.pauses(idle), self.pauses(spare))
            self.exhausted |= dict.fromkeys(idle, time.monotonic())
            self.leave(before - crew.held)
            self.take_on(taken)
        except SQLAlchemyError as error:
            self.fail(error)
        self.beaten = time.monotonic()

    def wishes(self) -> Wanted:
        among = self.hosts if self.wanted or self.starts_only else None
        since = time.monotonic() - FORGOTTEN
        exhausted = {host for host, at in self.exhausted.items() if at > since}
        return Wanted(clock.now(), among, self.resting | exhausted, is_due=not self.starts_only)

    def pauses(self, hosts: Iterable[str]) -> dict[str, float]:
        return {host: self.manners[host].delay() for host in hosts}

    def take_on(self, hosts: Sequence[str]) -> None:
        """What others learnt of them is in the database."""
        if not hosts:
            return
        now = clock.now()
        with self.database.read() as connection:
            if not self.sites.keys() >= set(hosts):  # another worker registered them
                self.sites = {site.host: site for site in load_sites(connection)}
                self.gate = Gate(frozenset(self.sites), self.has_proxy)
            self.standings |= load_standings(connection, hosts)
            self.schemes.learn(self.standings)
            self.spent |= fetches_since(connection, beijing_midnight(now), hosts)
        for host in hosts:
            self.greet(host, as_text(now))
        self.waiting.add(hosts)

    def leave(self, hosts: Collection[str]) -> None:
        """They are another's now, or nobody's."""
        if not hosts:
            return
        self.waiting.leave(hosts)
        for host in hosts:
            self.retries.forget(host)
            self.ahead.forget(host)
        if self.starts_only:
            self.resting.update(hosts)  # once is enough

    def sign_off(self, connection: Connection) -> None:
        """The last word: all hosts are free."""
        if self.crew:
            give_back(connection, self.crew.run_id, self.pauses(self.crew.held))

    def has_pending_requests(self) -> bool:
        waits = self.crew is not None and self.crew.has_more and not self.is_over()
        return waits or super().has_pending_requests()

    def next_request(self) -> Request | None:
        is_starving = not self.waiting.ready and not self.under_way
        if self.crew and time.monotonic() - self.beaten >= (SHORTEST_BEAT if is_starving else LONGEST_BEAT):
            self.beat()
        return super().next_request()

    def robots_first(self, host: str, row: Pending) -> Next | None:
        """Where robots.txt lies on another worker's host, that one asks for it; ours is taken again later."""
        first = super().robots_first(host, row)
        if first is None or self.crew is None or first.row.host in self.crew.held:
            return first
        self.vain[host] += 1
        if self.vain[host] > MOST_VAIN:
            self.rest(host, "robots", f"its robots.txt lies on {first.row.host}, which nobody asks")
        return None

    def release(self, visits: Iterable[Visit], links: Sequence[Link]) -> None:
        super().release(visits, links)
        if self.crew:
            self.leave({host for host in self.waiting.ready if host not in self.crew.held})
            for link in links:
                self.exhausted.pop(host_of(link.url), None)
