"""The scheduler with Scrapy's part, and the committer's, played by the test."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from scrapy.settings import Settings
from sqlalchemy import select

from crawler.addresses import host_of
from crawler.sharing import SharedScheduler
from crawler.spiders.reports import PENDING, Reports
from crawler.visit import Link, Visit
from settings.registry import Site
from storage import frontier
from storage.archive import record_captures
from storage.captures import Capture
from storage.database import open_database
from storage.frontier import Settlement
from storage.runs import start_run
from storage.sites import register_sites
from storage.tables import frontier as table

A, B = "www.wuyou.gov.cn", "www.nanke.gov.cn"


class Crawl:
    """Answers are given, and committed at once."""

    def __init__(self, url: str, *sites: Site, **options: Any) -> None:
        database = open_database(url)
        with database.write() as connection:
            register_sites(connection, sites)
            self.run_id = start_run(connection, "crawl", datetime.now(UTC))
        database.close()
        self.paces: dict[str, float] = {}
        downloader = SimpleNamespace(set_pace=self.paces.__setitem__)
        settings = Settings({"NIANBAO_DATABASE": url, "DOWNLOAD_DELAY": 1.5, **options})
        crawler: Any = SimpleNamespace(settings=settings, engine=SimpleNamespace(downloader=downloader))
        self.scheduler = SharedScheduler(crawler)
        self.scheduler.open(Reports())

    def next(self) -> str | None:
        self.request = self.scheduler.next_request()
        return self.request and self.request.url

    def answer(
        self,
        status: int | None = 404,
        body: bytes = b"",
        *links: str,
        outcome: str = "",
        error: str = "",
        **headers: str,
    ) -> None:
        """The answer to the last request, committed with its links."""
        assert self.request is not None
        pending = self.request.meta[PENDING]
        now = datetime.now(UTC)
        capture = Capture(
            pending.url, now, status, body, tuple(headers.items()), pending.kind, outcome, error=error
        )
        visit = Visit(capture, tuple(Link(url, "listing", 50, 1) for url in links))
        with self.scheduler.database.write() as connection:
            record_captures(connection, self.run_id, [capture])
            frontier.settle(connection, [Settlement(pending.url, now + timedelta(days=1))])
            frontier.add_links(connection, {pending.url: visit.links}, self.scheduler.sites, now)
        self.scheduler.release([visit], visit.links)

    def fail(self, error: str) -> None:
        """No answer came to the last request, and none is waited for."""
        self.answer(None, outcome="error", error=error)

    def find(self, *urls: str) -> None:
        """Links from elsewhere."""
        links = [Link(url, "listing", 50, 1) for url in urls]
        with self.scheduler.database.write() as connection:
            frontier.add_links(connection, {"": links}, self.scheduler.sites, datetime.now(UTC))
        self.scheduler.waiting.wake([host_of(url) for url in urls])

    def pass_robots(self, body: bytes = b"", host: str = A) -> None:
        assert self.next() == f"http://{host}/robots.txt"
        self.answer(200 if body else 404, body)

    def decision(self, url: str) -> str | None:
        query = select(table.c.decision).where(table.c.url == url)
        with self.scheduler.database.read() as connection:
            return connection.scalar(query)


def site(host: str, **more: Any) -> Site:
    return Site(host, start=(f"http://{host}/",), **more)
