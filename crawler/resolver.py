"""The gate once more, after DNS: a public name must not lead into a private network."""

import logging
from collections.abc import Sequence
from typing import Any

from scrapy.crawler import Crawler
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from crawler.gate import is_inside

logger = logging.getLogger(__name__)


class PublicResolver(CachingThreadedResolver):
    """Behind an operator's proxy only the proxy's own name is resolved here, and that may well be inside."""

    may_be_inside = False

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> "PublicResolver":
        resolver = super().from_crawler(crawler, reactor)
        resolver.may_be_inside = crawler.settings.getbool("NIANBAO_HAS_PROXY")
        return resolver

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> "Deferred[str]":  # noqa: N802 - Twisted's name
        answer: Deferred[Any] = super().getHostByName(name, timeout)
        return answer if self.may_be_inside else answer.addCallback(public_only, name)


def public_only(address: str, name: str) -> str:
    if is_inside(address):
        refusal = f"{name} leads to {address}, which is not of the public internet"
        logger.warning("%s: not connected", refusal)  # Twisted keeps only that the name was not resolved
        raise DNSLookupError(refusal)
    return address
