"""The wire: HTTP as it is spoken, TLS judged host by host, and nothing followed, decoded or tried again.

aiohttp, at a third of the CPU of Scrapy's own handler; and it keeps the headers as they were written.
"""

import asyncio
import logging
from time import monotonic
from urllib.request import getproxies, proxy_bypass

import aiohttp
from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector
from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
)
from scrapy.settings import BaseSettings
from yarl import URL

from crawler.addresses import host_of
from crawler.receiving import Received, as_text, header_lines
from crawler.resolver import PublicResolver
from crawler.tls import TlsByHost, fault_of
from settings import clock

TLS = "tls"  # the key in request.meta: the mode, and where it is not strict what strictly went wrong
ELAPSED = "elapsed"  # the key in request.meta: milliseconds from the request to the last byte
BOUND = "bound"  # the key in request.meta: bytes of the body that are enough; else the setting
OURS = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")  # headers that aiohttp shall not make up
LONGEST_LINE = 64 * 1024  # bytes of a header
NAMES_KEPT = 600  # seconds that a name's address is remembered

GATEWAY = frozenset({502, 503, 504})  # by which a proxy says that it cannot reach a host

logger = logging.getLogger(__name__)


class ProxyRefusedError(DownloadFailedError):
    """The operator's proxy does not let us, or is not there: nothing is said of the host."""


class Answer(aiohttp.ClientResponse):
    """Notes who answered: once a short answer is complete, its connection is somebody else's."""

    peer = ""

    async def start(self, connection: aiohttp.connector.Connection) -> aiohttp.ClientResponse:
        name = connection.transport and connection.transport.get_extra_info("peername")
        self.peer = name[0] if name else ""
        return await super().start(connection)


class Wire:
    def __init__(self, settings: BaseSettings) -> None:
        self.tls = TlsByHost()
        self.largest = settings.getint("DOWNLOAD_MAXSIZE")
        self.timeout = settings.getfloat("DOWNLOAD_TIMEOUT")
        self.has_proxy = settings.getbool("NIANBAO_HAS_PROXY")
        self.proxies = getproxies()
        self.direct: dict[str, bool] = {}  # whether a host is asked past the proxy
        self.left_open: set[str] = set()  # hosts whose last answer may have left its connection open
        self._session: ClientSession | None = None

    @property
    def session(self) -> ClientSession:
        """Made at the first request, for it belongs to the loop that runs then."""
        if self._session is None:
            resolver = PublicResolver(may_be_inside=self.has_proxy)
            self._session = ClientSession(
                connector=TCPConnector(resolver=resolver, limit=0, ttl_dns_cache=NAMES_KEPT),
                timeout=ClientTimeout(total=self.timeout),
                response_class=Answer,
                cookie_jar=DummyCookieJar(),
                auto_decompress=False,
                skip_auto_headers=OURS,
                max_line_size=LONGEST_LINE,
                max_field_size=LONGEST_LINE,
            )
            # Else who hangs up without a word is asked again at once, whatever pause it was promised.
            self._session._retry_connection = False  # noqa: SLF001 - as in aiohttp.test_utils; no other way
        return self._session

    async def fetch(self, request: Request, pause: float) -> Received:
        """Raises scrapy's DownloadFailedError and its kin. `pause` is seconds between two requests."""
        host = host_of(request.url)
        try:
            received = await self.ask(request, host)
        except aiohttp.ClientConnectorError as error:
            fault = fault_of(error.os_error)
            if not fault or not self.tls.relent(host, fault):
                raise failure_of(error) from error
            logger.warning("%s: TLS %s from now on, for strictly: %s", host, self.tls.mode(host), fault)
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError) as error:
            if host not in self.left_open:
                raise failure_of(error) from error
            self.left_open.discard(host)  # closed while the host rested, as it may be
        except TimeoutError as error:
            raise DownloadTimeoutError(f"took longer than {self.timeout:.0f} seconds") from error
        except (aiohttp.ClientError, OSError) as error:
            raise failure_of(error) from error
        else:
            self.left_open.add(host)
            return received
        # The server was shown no more than that we are there; the pause is kept all the same.
        await asyncio.sleep(pause)
        return await self.fetch(request, pause)

    async def ask(self, request: Request, host: str) -> Received:
        proxy = self.proxy_for(request, host)
        is_secure = request.url.startswith("https:")
        begun = monotonic()
        async with self.session.request(
            request.method,
            URL(request.url, encoded=True),
            data=request.body or None,
            headers=header_lines(request),
            allow_redirects=False,
            proxy=proxy,
            ssl=self.tls.context_for(host) if is_secure else True,
        ) as answer:
            assert isinstance(answer, Answer)
            at = clock.now()
            body, cut_short = await self.body_of(answer, request.meta.get(BOUND, self.largest))
        request.meta[ELAPSED] = round(1000 * (monotonic() - begun))
        if is_secure:
            self.tls.prove(host)
            request.meta[TLS] = self.tls.describe(host)
        return Received(
            at=at,
            status=answer.status,
            headers=as_text(answer.raw_headers),
            body=body,
            ip_address="" if proxy else answer.peer,
            protocol=f"HTTP/{answer.version.major}.{answer.version.minor}" if answer.version else "",
            cut_short=cut_short,
        )

    async def body_of(self, answer: Answer, bound: int) -> tuple[bytes, bool]:
        """What came of the body, and whether it ended too early."""
        pieces: list[bytes] = []
        size = 0
        try:
            async for piece in answer.content.iter_any():
                pieces.append(piece)
                size += len(piece)
                if size > bound:
                    raise DownloadCancelledError(f"larger than {bound:,} bytes")
        except (aiohttp.ClientPayloadError, ConnectionError):
            return b"".join(pieces), True
        return b"".join(pieces), False

    def proxy_for(self, request: Request, host: str) -> str | None:
        """The operator's, by the environment, which is read once: each time would cost a tenth of a page."""
        proxy = self.proxies.get(request.url.partition(":")[0])
        if proxy and host not in self.direct:
            self.direct[host] = bool(proxy_bypass(host))
        return None if self.direct.get(host) else proxy

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


def failure_of(error: Exception) -> Exception:
    """In Scrapy's words for it, for they are in the archive since the first day."""
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    message = str(cause) or type(cause).__name__
    if isinstance(error, aiohttp.ClientHttpProxyError):
        said = f"the proxy says {error.status} {error.message}".strip()
        return DownloadFailedError(said) if error.status in GATEWAY else ProxyRefusedError(said)
    if isinstance(error, aiohttp.ClientProxyConnectionError):
        return ProxyRefusedError(message)
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return CannotResolveHostError(message)
    if isinstance(cause, ConnectionRefusedError):
        return DownloadConnectionRefusedError(message)
    return DownloadFailedError(message)
