import pytest

from crawler.gate import Gate, is_inside
from crawler.resolver import public_only

HOST = "www.wuyou.gov.cn"
GATE = Gate(frozenset({HOST, "www.wuyou.example.com", "10.1.2.3"}))
BEHIND_PROXY = Gate(GATE.registered, has_proxy=True)


@pytest.mark.parametrize(
    "url",
    [
        f"http://{HOST}/",
        f"https://{HOST}/a?b",
        "http://zrzy.wuyou.gov.cn/",  # official; whether it is registered is another question
        "http://www.wuyou.example.com/",  # not official, and explicitly registered
    ],
)
def test_official_and_registered_hosts_are_not_refused(url):
    assert GATE.refusal(url) == ""


@pytest.mark.parametrize(
    "url",
    [
        "http://www.wuyou.gov.cn.example.com/",
        "http://www.wuyou-gov.cn/",
        "http://wuyougov.cn/",
        "http://gov.cn/",
        "http://.gov.cn/",
        "http://www.example.com/?www.wuyou.gov.cn",
        "http://www.wuyou.gov.cn@www.example.com/",
        "ftp://www.wuyou.gov.cn/",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://10.1.2.3/",  # registered, but inside
        f"http://{HOST}:8080/",
    ],
)
def test_everything_else_is_refused(url):
    assert GATE.refusal(url)


def test_a_proxy_decides_about_ports_and_networks():
    assert BEHIND_PROXY.refusal(f"http://{HOST}:8080/") == ""
    assert BEHIND_PROXY.refusal("http://10.1.2.3/") == ""
    assert BEHIND_PROXY.refusal("http://127.0.0.1/")


def test_only_registered_hosts_are_open():
    assert GATE.is_open(f"http://{HOST}/")
    assert not GATE.is_open("http://zrzy.wuyou.gov.cn/")


INSIDE = (
    *("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1"),
    *("198.18.0.1", "192.0.2.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "fe80::1", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "2001:db8::1"),
    *(
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::10.0.0.1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "::10.0.0.1",
    ),
)


@pytest.mark.parametrize("address", INSIDE)
def test_a_name_that_leads_inside_is_refused_after_dns(address):
    assert is_inside(address)
    with pytest.raises(OSError, match="not of the public internet"):
        public_only(address, HOST)


@pytest.mark.parametrize("address", ["202.96.128.86", "240e:97c::1", "2408:8000::1", "::ffff:202.96.128.86"])
def test_a_public_address_passes(address):
    assert public_only(address, HOST) == address
