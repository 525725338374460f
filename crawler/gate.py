"""The gate: the only addresses that are ever fetched.

Judged by the labels of the host, never by a string somewhere in the URL. Every link, redirect and hop
passes it before it enters the frontier, and every row again before it is fetched.
"""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.addresses import SCHEMES

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
COMPATIBLE = ipaddress.IPv6Network("::/96")
TRANSLATED = (NAT64, COMPATIBLE, ipaddress.IPv6Network("::ffff:0:0/96"))  # judged by what they carry
UNICAST = ipaddress.IPv6Network("2000::/3")  # all that was ever given out of IPv6
DOCUMENTATION = ipaddress.IPv6Network("3fff::/20")  # RFC 9637, later than Python 3.11
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
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
    """A literal address that is not of the public internet: private, loopback, link-local, shared, reserved,
    for many; or one of IPv6 that carries such a one of IPv4.
    """
    try:
        given = ipaddress.ip_address(address)
    except ValueError:  # a name, to be judged once it is resolved
        return False
    return not all(is_public(each) for each in (given, *carried(given)))


def is_public(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not address.is_multicast
    if any(address in network for network in TRANSLATED):
        return True
    return address in UNICAST and address not in DOCUMENTATION and address.is_global


def carried(address: Address) -> list[ipaddress.IPv4Address]:
    """The addresses of IPv4 inside one of IPv6: mapped, 6to4, Teredo, NAT64, or compatible."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    inside = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in NAT64 or address in COMPATIBLE:
        inside.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [each for each in inside if each is not None]
