"""The gate once more, after DNS: a public name must not lead into a private network."""

import logging
import socket

from aiohttp import ThreadedResolver
from aiohttp.abc import AbstractResolver, ResolveResult

from crawler.gate import is_inside

logger = logging.getLogger(__name__)


class PublicResolver(AbstractResolver):
    """Behind an operator's proxy only the proxy's own name is resolved here, and that may well be inside."""

    def __init__(self, *, may_be_inside: bool = False) -> None:
        self.may_be_inside = may_be_inside
        self.system = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self.system.resolve(host, port, family)
        for each in () if self.may_be_inside else found:
            public_only(each["host"], host)
        return found

    async def close(self) -> None:
        await self.system.close()


def public_only(address: str, name: str) -> str:
    """Raises OSError, as a name that cannot be resolved does."""
    if is_inside(address):
        refusal = f"{name} leads to {address}, which is not of the public internet"
        logger.warning("%s: not connected", refusal)
        raise OSError(refusal)
    return address
