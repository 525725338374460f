"""Names are resolved for both kinds of address, and none that leads inside is connected to."""

import asyncio
import socket

import pytest

from crawler.resolver import PublicResolver

HOST = "www.wuyou.gov.cn"
PUBLIC, PUBLIC_6 = "202.96.128.86", "240e:97c::1"


def resolved(monkeypatch, *addresses: str, may_be_inside: bool = False) -> list[str]:
    """What is left of a name with these addresses."""

    def answer(_host: str, port: int, *_: object, **__: object) -> list[tuple[object, ...]]:
        stream = (socket.SOCK_STREAM, 6, "")
        six = [(socket.AF_INET6, *stream, (each, port, 0, 0)) for each in addresses if ":" in each]
        return six + [(socket.AF_INET, *stream, (each, port)) for each in addresses if ":" not in each]

    monkeypatch.setattr(socket, "getaddrinfo", answer)

    async def ask() -> list[str]:
        resolver = PublicResolver(may_be_inside=may_be_inside)
        return [found["host"] for found in await resolver.resolve(HOST, 80, socket.AF_UNSPEC)]

    return asyncio.run(ask())


def test_a_host_may_be_on_ipv6_alone(monkeypatch):
    assert resolved(monkeypatch, PUBLIC_6) == [PUBLIC_6]


def test_of_both_kinds_both_can_be_tried(monkeypatch):
    assert resolved(monkeypatch, PUBLIC, PUBLIC_6) == [PUBLIC_6, PUBLIC]


@pytest.mark.parametrize(
    "address",
    ["fd12:3456::1", "fe80::1", "::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1", "2002:7f00:1::1"],
)
def test_a_name_with_one_address_inside_is_not_connected_to(monkeypatch, address):
    with pytest.raises(OSError, match="not of the public internet"):
        resolved(monkeypatch, PUBLIC, address)


def test_what_the_operators_proxy_is_called_may_lead_inside(monkeypatch):
    assert resolved(monkeypatch, "10.0.0.1", may_be_inside=True) == ["10.0.0.1"]
