"""Turns, and what is broken off; the wire is played by the test."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.settings import Settings

from crawler import downloader
from crawler.downloader import BrokenOffError, Downloader
from crawler.receiving import RECEIVED, Received, header_lines

A, B = "http://www.wuyou.gov.cn/", "http://www.nanke.gov.cn/"


class Wire:
    """Answers when it is told to."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answers: dict[str, asyncio.Future[Received]] = {}

    async def fetch(self, request: Request, pause: float) -> Received:
        del pause
        self.asked.append(request.url)
        self.answers[request.url] = asyncio.get_running_loop().create_future()
        return await self.answers[request.url]

    def answer(self, url: str) -> None:
        self.answers[url].set_result(Received(datetime.now(UTC), 200, (), b""))

    async def close(self) -> None:
        pass


def crawling(**settings: Any) -> tuple[Downloader, Wire, Any]:
    values = {"CONCURRENT_REQUESTS": 2, "DOWNLOAD_DELAY": 0, "USER_AGENT": "nianbao"}
    crawler: Any = SimpleNamespace(settings=Settings(values | settings), crawling=True)
    ours = Downloader(crawler)
    wire = Wire()
    ours.wire = wire  # type: ignore[assignment]
    return ours, wire, crawler


async def turn() -> None:
    """Let everything that can run do so."""
    for _ in range(10):
        await asyncio.sleep(0)


def run(asking: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(asking())


def test_a_host_is_asked_for_one_thing_at_a_time():
    async def asking() -> None:
        ours, wire, _ = crawling()
        first, second, other = Request(A), Request(A + "a"), Request(B)
        ours.fetch(first)
        ours.fetch(second)
        assert ours.needs_backout()
        ours.fetch(other)
        await turn()
        assert wire.asked == [A, B]
        wire.answer(A)
        await turn()
        assert wire.asked == [A, B, A + "a"]
        assert first.meta[RECEIVED].status == 200
        assert ("User-Agent", "nianbao") in header_lines(first)
        assert len(ours.active) == 2
        ours.close()

    run(asking)


def test_a_request_is_active_until_its_answer_is_handed_on():
    async def asking() -> None:
        ours, wire, _ = crawling()
        request = Request(A)
        answer = ours.fetch(request)
        await turn()
        wire.answer(A)
        while not answer.called:
            assert request in ours.active
            await asyncio.sleep(0)
        assert not ours.active
        ours.close()

    run(asking)


def test_between_two_requests_lies_the_hosts_own_pace(monkeypatch):
    waits: list[float] = []
    now = 1000.0

    async def wait(seconds: float) -> None:
        waits.append(seconds)

    async def asking() -> None:
        ours, _, _ = crawling(DOWNLOAD_DELAY=1.5, DOWNLOAD_DELAY_JITTER=0.5)
        turns = ours.turns_of("www.wuyou.gov.cn")
        await ours.wait_for(turns)
        assert not waits  # the first has nothing to wait for
        turns.answered_at = now
        for _ in range(50):
            await ours.wait_for(turns)
        ours.set_pace("www.wuyou.gov.cn", 30)
        await ours.wait_for(turns)

    monkeypatch.setattr(downloader, "monotonic", lambda: now)
    monkeypatch.setattr(downloader.asyncio, "sleep", wait)
    run(asking)
    assert all(0.75 <= each <= 2.25 for each in waits[:-1])
    assert len(set(waits)) > 40
    assert 15 <= waits[-1] <= 45


@pytest.mark.parametrize("fault", [None, OSError("reset")])
def test_the_pause_counts_from_the_end_of_the_answer_or_of_what_failed(monkeypatch, fault):
    monkeypatch.setattr(downloader, "monotonic", lambda: now)
    now = 1000.0

    async def asking() -> None:
        nonlocal now
        ours, wire, _ = crawling(DOWNLOAD_DELAY=1.5)
        answer = ours.fetch(Request(A)).asFuture(asyncio.get_running_loop())
        await turn()
        now = 1040.0  # it took its time
        if fault:
            wire.answers[A].set_exception(fault)
        else:
            wire.answer(A)
        await asyncio.wait([answer])
        assert bool(answer.exception()) == bool(fault)
        assert ours.turns_of("www.wuyou.gov.cn").answered_at == now
        ours.close()

    run(asking)


def test_a_stop_breaks_off_what_waits_at_once_and_what_is_under_way_after_its_grace(monkeypatch):
    monkeypatch.setattr(downloader, "WATCH", 0)
    monkeypatch.setattr(downloader, "GRACE", 0.05)

    async def asking() -> None:
        ours, _, crawler = crawling()
        under_way, waiting = ours.fetch(Request(A)), ours.fetch(Request(A + "a"))
        await turn()
        crawler.crawling = False
        with pytest.raises(BrokenOffError):
            await waiting.asFuture(asyncio.get_running_loop())
        assert not under_way.called
        with pytest.raises(BrokenOffError):
            await under_way.asFuture(asyncio.get_running_loop())
        assert not ours.active
        ours.close()

    run(asking)
