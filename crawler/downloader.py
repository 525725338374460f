"""Scrapy's downloader, ours: each host is asked for one thing at a time, and at its own pace.

Scrapy's passes each request through a chain of middlewares, slots and handlers, of which none has anything to
do here. What a request leads to is always one answer as received, or one failure.
"""

import asyncio
import random
from dataclasses import dataclass, field
from time import monotonic

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from crawler.addresses import host_of
from crawler.receiving import RECEIVED, header_lines
from crawler.wire import Wire

GRACE = 5.0  # seconds that downloads under way have to end when the crawl is told to stop
WATCH = 0.5  # seconds between two looks at whether it was


class BrokenOffError(Exception):
    """We broke the download off, because the crawl was told to stop. The address stays pending."""


@dataclass(slots=True)
class Turns:
    """Of one host. Seconds; `answered_at` is when it was last done with us, by an answer or a failure."""

    delay: float
    answered_at: float = 0.0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Downloader:
    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self.crawler = crawler
        self.wire = Wire(settings)
        self.active: dict[Request, asyncio.Task[Response]] = {}
        self.asking: set[Request] = set()  # of these, what has left for its host
        self.most = settings.getint("CONCURRENT_REQUESTS")
        self.delay = settings.getfloat("DOWNLOAD_DELAY")
        self.jitter = settings.getfloat("DOWNLOAD_DELAY_JITTER")
        usual = settings.getdict("DEFAULT_REQUEST_HEADERS") | {"User-Agent": settings["USER_AGENT"]}
        self.usual = tuple(usual.items())  # header lines
        self.turns: dict[str, Turns] = {}  # by host
        self.timer: asyncio.TimerHandle | None = None

    def needs_backout(self) -> bool:
        return len(self.active) >= self.most

    def set_pace(self, host: str, delay: float) -> None:
        """Seconds between two requests, more or less."""
        self.turns_of(host).delay = delay

    def turns_of(self, host: str) -> Turns:
        return self.turns.setdefault(host, Turns(self.delay))

    def fetch(self, request: Request) -> "Deferred[Response]":
        self.watch()
        task = asyncio.ensure_future(self.download(request))
        self.active[request] = task
        return Deferred.fromFuture(task).addBoth(self.hand_on, request)

    def hand_on(self, result: Response | Failure, request: Request) -> Response | Failure:
        """Only now is the request no longer active: between two turns of the loop Scrapy would see nothing
        under way and end the crawl.
        """
        del self.active[request]
        return result

    async def download(self, request: Request) -> Response:
        header_lines(request, self.usual)
        turns = self.turns_of(host_of(request.url))
        try:
            async with turns.lock:
                await self.wait_for(turns)
                self.asking.add(request)
                try:
                    received = await self.wire.fetch(request, turns.delay)
                finally:
                    turns.answered_at = monotonic()
        except asyncio.CancelledError:
            raise BrokenOffError(request.url) from None
        finally:
            self.asking.discard(request)
        request.meta[RECEIVED] = received
        return Response(request.url, received.status, request=request)

    async def wait_for(self, turns: Turns) -> None:
        """Until the host may be asked again; a pace that nobody can tell the time by.

        It counts from the end of the last answer: who is slow rests as long as who is quick, and however long
        a request is on its way, two never arrive closer together.
        """
        pause = turns.delay * (1 + random.uniform(-self.jitter, self.jitter))  # noqa: S311 - no secret
        wait = turns.answered_at + pause - monotonic()
        if wait > 0:
            await asyncio.sleep(wait)

    def watch(self) -> None:
        """Scrapy tells nobody that it was asked to stop before everything under way has ended."""
        if self.timer is None:
            self.timer = asyncio.get_running_loop().call_later(WATCH, self.look)

    def look(self) -> None:
        loop = asyncio.get_running_loop()
        if self.crawler.crawling:
            self.timer = loop.call_later(WATCH, self.look)
            return
        self.break_off(set(self.active) - self.asking)
        self.timer = loop.call_later(GRACE, self.break_off, set(self.active))

    def break_off(self, requests: set[Request]) -> None:
        for request in requests & set(self.active):
            self.active[request].cancel()

    def close(self) -> None:
        if self.timer is not None:
            self.timer.cancel()
        self.closing = asyncio.ensure_future(self.wire.close())  # the loop runs on until all is closed
