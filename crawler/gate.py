"""The gate: the only addresses that are ever fetched.

Judged by the labels of the host, never by a string somewhere in the URL. Every link, redirect and hop
passes it before it enters the frontier, and every row again before it is fetched.
"""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.addresses import SCHEMES

OFFICIAL = ("gov", "cn")


@dataclass(frozen=True, slots=True)
class Gate:
    """`registered` are the registry's hosts; naming one that is not under gov.cn there allows it explicitly.
    Behind the operator's own proxy the proxy decides which ports and networks can be reached.
    """

    registered: frozenset[str]
    has_proxy: bool = False

    def refusal(self, url: str) -> str:
        """Why the address is never fetched, in a few words; empty where it may be."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme not in SCHEMES:
            return "neither http nor https"
        if not (is_official(host) or host in self.registered):
            return "not a gov.cn host"
        if parts.port is not None and not self.has_proxy:
            return "not a default port"
        if not self.has_proxy and is_inside(host):
            return "not a public network"
        return ""

    def is_open(self, url: str) -> bool:
        """May be fetched now: not refused, and on a registered host."""
        return not self.refusal(url) and urlsplit(url).hostname in self.registered


def is_official(host: str) -> bool:
    labels = host.split(".")
    return tuple(labels[-2:]) == OFFICIAL and len(labels) > 2 and all(labels)


def is_inside(address: str) -> bool:
    """A literal address that is not of the public internet: private, loopback, link-local, reserved."""
    try:
        return not ipaddress.ip_address(address).is_global
    except ValueError:  # a name, to be judged once it is resolved
        return False
