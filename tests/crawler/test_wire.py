"""The wire against servers on loopback that answer by the byte."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
)
from scrapy.settings import Settings

from crawler.receiving import Received
from crawler.wire import ELAPSED, TLS, ProxyRefusedError, Wire
from samples.certificates import context_for

Reader, Writer = asyncio.StreamReader, asyncio.StreamWriter
HEAD = b"HTTP/1.1 200 OK\r\n"


def run(asking: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(asking())


@pytest.fixture(autouse=True)
def without_proxy(monkeypatch):
    for name in ("http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)


class Server:
    """Gives the same answer to every request, and keeps what it was asked."""

    def __init__(self, answer: bytes, *, hangs: bool = False) -> None:
        self.answer = answer
        self.hangs = hangs
        self.asked: list[bytes] = []

    async def serve(self, reader: Reader, writer: Writer) -> None:
        self.asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(self.answer)
        if self.hangs:
            await reader.read()


@asynccontextmanager
async def serving(
    serve: Callable[[Reader, Writer], Awaitable[None]], tls: ssl.SSLContext | None = None
) -> AsyncIterator[int]:
    served: set[asyncio.Task[None]] = set()

    async def serve_one(reader: Reader, writer: Writer) -> None:
        task = asyncio.current_task()
        assert task
        served.add(task)
        try:
            await serve(reader, writer)
        except asyncio.IncompleteReadError:
            pass  # nothing was asked: the hand was shaken in vain
        finally:
            writer.close()

    async with await asyncio.start_server(serve_one, "127.0.0.1", 0, ssl=tls) as server:
        yield server.sockets[0].getsockname()[1]
    await asyncio.gather(*served)


@asynccontextmanager
async def wired(**settings: Any) -> AsyncIterator[Wire]:
    values = {"DOWNLOAD_MAXSIZE": 100_000, "DOWNLOAD_TIMEOUT": 30, "NIANBAO_HAS_PROXY": True}
    wire = Wire(Settings(values | settings))
    try:
        yield wire
    finally:
        await wire.close()


async def fetch(answer: bytes, request: Request | None = None, **settings: Any) -> tuple[Received, Server]:
    server = Server(answer, hangs=settings.pop("hangs", False))
    async with serving(server.serve) as port, wired(**settings) as wire:
        asked = request or Request("http://127.0.0.1/")
        return await wire.fetch(asked.replace(url=asked.url.replace(".1/", f".1:{port}/")), 0), server


def test_an_answer_is_kept_as_it_was_written():
    async def asking() -> None:
        lines = (
            b"x-Lower-CASE: 1\r\nSet-Cookie: a=1\r\nSet-Cookie: b=\xe5\xb9\xb4\r\nContent-Length: 2\r\n\r\n"
        )
        received, _ = await fetch(b"HTTP/1.1 404 Nothing\r\n" + lines + b"\x1f\x8b")
        assert (received.status, received.body, received.cut_short) == (404, b"\x1f\x8b", False)
        assert (received.protocol, received.ip_address) == ("HTTP/1.1", "127.0.0.1")
        assert received.headers == (
            ("x-Lower-CASE", "1"),
            ("Set-Cookie", "a=1"),
            ("Set-Cookie", "b=\xe5\xb9\xb4"),
            ("Content-Length", "2"),
        )

    run(asking)


def test_what_is_asked_is_what_the_request_says_and_no_more():
    async def asking() -> None:
        headers = {"User-Agent": "nianbao", "If-None-Match": '"1"'}
        request = Request("http://127.0.0.1/%B9%AB?a=%C4%EA&b=a+b", headers=headers)
        _, server = await fetch(HEAD + b"Content-Length: 0\r\n\r\n", request)
        line, *lines = server.asked[0].decode().split("\r\n")
        assert line == "GET /%B9%AB?a=%C4%EA&b=a+b HTTP/1.1"
        assert {each.partition(":")[0] for each in lines if each} == {"Host", *headers}

    run(asking)


@pytest.mark.parametrize(
    ("answer", "body", "cut_short"),
    [
        (b"Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n", b"ab", False),
        (b"Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n5\r\nc", b"abc", True),
        (b"Content-Length: 9\r\n\r\nabc", b"abc", True),
        (b"\r\nabc", b"abc", False),  # until the connection ends, as in HTTP/1.0
        (b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", b"abc", False),
        (b"Location: /b\r\nContent-Length: 0\r\n\r\n", b"", False),
    ],
)
def test_a_body_is_what_came_of_it(answer, body, cut_short):
    async def asking() -> None:
        received, _ = await fetch(HEAD + answer)
        assert (received.body, received.cut_short) == (body, cut_short)

    run(asking)


@pytest.mark.parametrize(
    ("answer", "settings", "error"),
    [
        (b"Content-Length: 9\r\n\r\n123456789", {"DOWNLOAD_MAXSIZE": 8}, DownloadCancelledError),
        (b"Content-Length: 9\r\n\r\n", {"DOWNLOAD_TIMEOUT": 0.1, "hangs": True}, DownloadTimeoutError),
        (b"Content-Length: nine\r\n\r\n", {}, DownloadFailedError),
    ],
)
def test_what_is_no_answer_is_a_failure_in_scrapys_words(answer, settings, error):
    async def asking() -> None:
        with pytest.raises(error):
            await fetch(HEAD + answer, **settings)

    run(asking)


def test_a_port_without_a_server_and_a_name_without_an_address():
    async def asking() -> None:
        async with serving(Server(b"").serve) as port:
            pass
        async with wired() as wire:
            with pytest.raises(DownloadConnectionRefusedError):
                await wire.fetch(Request(f"http://127.0.0.1:{port}/"), 0)
        async with wired(NIANBAO_HAS_PROXY=False) as wire:
            with pytest.raises(CannotResolveHostError, match="not of the public internet"):
                await wire.fetch(Request(f"http://localhost:{port}/"), 0)

    run(asking)


def test_a_certificate_of_its_own_making_is_taken_with_a_note():
    async def asking() -> None:
        server = Server(HEAD + b"Content-Length: 2\r\n\r\nab")
        async with serving(server.serve, context_for("www.wuyou.gov.cn")) as port, wired() as wire:
            request = Request(f"https://127.0.0.1:{port}/")
            received = await wire.fetch(request, 0)
        assert received.body == b"ab"
        assert request.meta[TLS].startswith("unverified: certificate verify failed: self-signed")
        assert request.meta[ELAPSED] >= 0
        assert len(server.asked) == 1

    run(asking)


def test_behind_a_proxy_the_address_on_the_wire_is_not_the_sites(monkeypatch):
    async def asking() -> None:
        server = Server(HEAD + b"Content-Length: 0\r\n\r\n")
        async with serving(server.serve) as port:
            monkeypatch.setenv("http_proxy", f"http://us:word@127.0.0.1:{port}")
            async with wired() as wire:
                request = Request("http://www.wuyou.gov.cn/a")
                received = await wire.fetch(request, 0)
        assert received.ip_address == ""
        assert server.asked[0].startswith(b"GET http://www.wuyou.gov.cn/a HTTP/1.1")
        assert b"Proxy-Authorization: Basic " in server.asked[0]
        assert "Proxy-Authorization" not in request.headers

    run(asking)


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200"])
def test_who_hangs_up_before_an_answer_is_not_asked_again_at_once(answer):
    async def asking() -> None:
        server = Server(answer)
        async with serving(server.serve) as port, wired() as wire:
            with pytest.raises(DownloadFailedError):
                await wire.fetch(Request(f"http://127.0.0.1:{port}/"), 0)
        assert len(server.asked) == 1

    run(asking)


def test_a_connection_that_ended_while_the_host_rested_is_made_anew_after_the_pause(monkeypatch):
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    async def asking() -> None:
        connections: list[Writer] = []

        async def serve(reader: Reader, writer: Writer) -> None:
            connections.append(writer)
            await reader.readuntil(b"\r\n\r\n")
            writer.write(HEAD + b"Content-Length: 0\r\n\r\n")
            await reader.readuntil(b"\r\n\r\n")  # and hangs up without a word

        async with serving(serve) as port, wired() as wire:
            request = Request(f"http://127.0.0.1:{port}/")
            await wire.fetch(request, 1.5)
            monkeypatch.setattr(asyncio, "sleep", pause)
            assert (await wire.fetch(request, 1.5)).status == 200
        assert len(connections) == 2

    run(asking)
    assert pauses == [1.5]


@pytest.mark.parametrize(
    ("said", "fault"), [(b"502 Bad Gateway", DownloadFailedError), (b"403 No", ProxyRefusedError)]
)
def test_a_proxy_that_refuses_says_nothing_of_the_host(monkeypatch, said, fault):
    async def asking() -> None:
        server = Server(b"HTTP/1.1 " + said + b"\r\nContent-Length: 0\r\n\r\n")
        async with serving(server.serve) as port:
            monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{port}")
            async with wired() as wire:
                with pytest.raises(DownloadFailedError, match=said[:3].decode()) as raised:
                    await wire.fetch(Request("https://www.wuyou.gov.cn/"), 0)
        assert type(raised.value) is fault

    run(asking)


def test_a_proxy_that_is_not_there_says_nothing_of_the_host(monkeypatch):
    async def asking() -> None:
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
        async with wired() as wire:
            with pytest.raises(ProxyRefusedError):
                await wire.fetch(Request("http://www.wuyou.gov.cn/"), 0)

    run(asking)
