"""The scheduler on hosts that answer by one of http and https alone: it turns to that (schemes.py)."""

from collections.abc import Iterable, Sequence

from scrapy import Spider
from sqlalchemy import Connection

from crawler.addresses import canonical, host_of
from crawler.ahead import Next
from crawler.robots import ROBOTS, Missing, Rules
from crawler.scheduler import FrontierScheduler
from crawler.schemes import Schemes
from crawler.starts import robots_row, sent_on
from crawler.visit import Link, Visit
from settings import clock
from storage import frontier
from storage.findings import Finding
from storage.frontier import Pending


class TurningScheduler(FrontierScheduler):
    schemes: Schemes

    def open(self, spider: Spider) -> None:
        self.schemes = Schemes()
        super().open(spider)
        self.schemes.learn(self.standings)

    def knows_rules(self, row: Pending) -> bool:
        """What is asked for otherwise needs none."""
        return (self.schemes.is_mute(row.url) and row.kind != ROBOTS) or super().knows_rules(row)

    def look_ahead(self, host: str) -> bool:
        while self.readdress(host):
            pass
        return super().look_ahead(host)

    def readdress(self, host: str) -> bool:
        """Let what is next on the host be asked for by the scheme that answers; whether anything was not."""
        if host not in self.schemes.only:
            return False
        now = clock.now()
        with self.database.read() as connection:
            rows = [row for row in self.due_on(connection, host, now) if row.kind != ROBOTS]
        mute = [row for row in rows if self.schemes.is_mute(row.url)]
        if mute:
            with self.database.write() as connection:
                frontier.readdress(
                    connection, {row.request_key: self.schemes.address(row.url) for row in mute}, now
                )
        return bool(mute)

    def starts_on(self, connection: Connection, host: str) -> list[Pending]:
        """By the scheme that answers, where such a row is there; and where they send to on the host."""
        found: dict[str, Pending] = {}
        for url in filter(None, map(canonical, self.sites[host].start)):
            row = frontier.find(connection, self.schemes.address(url)) or frontier.find(connection, url)
            while row and row.url not in found:
                found[row.url] = row
                there = sent_on(connection, row.url) if row.url in self.checked else None
                is_here = there is not None and host_of(there) == host
                row = frontier.find(connection, self.schemes.address(there)) if there and is_here else None
        return list(found.values())

    def find_shut(self, host: str, row: Pending) -> Next | None:
        """By this scheme; the other one is tried before the host is given up for tonight."""
        now = clock.now()
        with self.database.write() as connection:
            said = self.schemes.try_other(
                connection, row.url, self.gate, now, is_over=not self.retries.awaits(host)
            )
            if isinstance(said, Missing):
                return robots_row(connection, said.url, self.sites, now)
            if isinstance(said, Rules):
                self.findings[self.schemes.adopt(connection, row.url, self.gate)] += 1
        if said is None:
            return super().find_shut(host, row)
        self.ahead.forget(host)
        self.retries.forget(host)
        return None

    def release(self, visits: Iterable[Visit], links: Sequence[Link]) -> None:
        visits = list(visits)
        for capture in (visit.capture for visit in visits):
            if self.schemes.is_back(capture):
                host = host_of(capture.url)
                said = f"{capture.url} answered {capture.status}, so it is asked as it is linked"
                self.findings[Finding(host, "both_schemes", said)] += 1
                with self.database.write() as connection:
                    self.schemes.lift(connection, host, clock.now())
                self.ahead.forget(host)
        super().release(visits, links)
