"""The download handler: Scrapy's, with TLS judged host by host, and downloads that can be broken off."""

import asyncio
import logging
from typing import Any, cast

from OpenSSL import SSL
from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadFailedError
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached
from twisted.web.iweb import IPolicyForHTTPS

from crawler.tls import TlsByHost

TLS = "tls"  # the key in request.meta: the mode, and where it is not strict what strictly went wrong
GRACE = 5.0  # seconds that downloads under way have to end when the crawl is told to stop
WRONG_NAME = ("VerificationError", "CertificateError")  # of service_identity, which Twisted asks
BROKEN_LINE = "unexpected eof"
WATCH = 0.5  # seconds between two looks at whether it was

logger = logging.getLogger(__name__)


class BrokenOffError(Exception):
    """We broke the download off, because the crawl was told to stop. The address stays pending."""


class Wire(HTTP11DownloadHandler):
    """https and http have one each; only what is under way with this one is its business."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.tls = TlsByHost()
        self._contextFactory = cast("IPolicyForHTTPS", self.tls)
        self.under_way: set[asyncio.Future[Response]] = set()
        self.is_stopping = False
        self.timer: asyncio.TimerHandle | None = None

    async def download_request(self, request: Request) -> Response:
        self.watch()
        try:
            return await self.fetch(request)
        except DownloadFailedError as error:
            fault = tls_fault(error)
            host = urlparse_cached(request).hostname or ""
            if not fault or not self.tls.relent(host, fault):
                raise
            logger.warning("%s: TLS %s from now on, for strictly: %s", host, self.tls.mode(host), fault)
        # Nothing was asked of the server yet, only its hand was shaken; the pause is kept all the same.
        await asyncio.sleep(request.meta.get("download_delay", 1))
        return await self.download_request(request)

    async def fetch(self, request: Request) -> Response:
        download = asyncio.ensure_future(super().download_request(request))
        self.under_way.add(download)
        try:
            response = await download
        except asyncio.CancelledError:
            raise BrokenOffError(request.url) from None
        finally:
            self.under_way.discard(download)
        parts = urlparse_cached(request)
        if parts.scheme == "https" and parts.hostname:
            self.tls.prove(parts.hostname)
            request.meta[TLS] = self.tls.describe(parts.hostname)
        return response

    def watch(self) -> None:
        """Scrapy tells nobody that it was asked to stop before everything under way has ended."""
        if self.timer is None:
            self.timer = asyncio.get_running_loop().call_later(WATCH, self.look)

    def look(self) -> None:
        loop = asyncio.get_running_loop()
        if self._crawler.crawling:
            self.timer = loop.call_later(WATCH, self.look)
        else:
            self.timer = loop.call_later(GRACE, self.break_off)

    def break_off(self) -> None:
        for download in list(self.under_way):
            download.cancel()

    async def close(self) -> None:
        if self.timer is not None:
            self.timer.cancel()
        await super().close()


def tls_fault(error: BaseException) -> str:
    """What TLS found fault with, in OpenSSL's words; empty where it said nothing or the line only broke."""
    cause: Any = error.__cause__
    for reason in getattr(cause, "reasons", ()):
        if isinstance(reason.value, SSL.Error) or type(reason.value).__name__ in WRONG_NAME:
            return describe(reason.value)
    return ""


def describe(error: Exception) -> str:
    """OpenSSL's errors are lists of (library, function, reason); those of a wrong name lists of the names."""
    said = error.args[0] if error.args else ""
    if not isinstance(error, SSL.Error):
        return f"{type(error).__name__}: the certificate speaks for another host"
    reasons = [str(entry[-1]) for entry in said] if isinstance(said, list) else []
    return "; ".join(reason for reason in reasons if BROKEN_LINE not in reason)
