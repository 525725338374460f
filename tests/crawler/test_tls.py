import ssl

import pytest

from crawler.tls import TlsByHost, fault_of

HOST = "www.wuyou.gov.cn"
EXPIRED = "certificate verify failed"
OLD = "tlsv1 alert protocol version"


def test_every_host_begins_strictly():
    tls = TlsByHost()
    assert tls.mode(HOST) == "strict"
    assert tls.describe(HOST) == "strict"


@pytest.mark.parametrize(
    ("faults", "mode"),
    [
        ((EXPIRED,), "unverified"),
        (("certificate verify failed: Hostname mismatch",), "unverified"),
        ((OLD,), "legacy"),
        (("dh key too small",), "legacy"),
        ((EXPIRED, OLD), "legacy"),
    ],
)
def test_the_exception_is_the_least_that_mends_the_fault(faults, mode):
    tls = TlsByHost()
    assert all(tls.relent(HOST, fault) for fault in faults)
    assert tls.describe(HOST) == f"{mode}: {faults[-1]}"
    assert tls.mode("www.nanke.gov.cn") == "strict"


def test_there_is_none_where_strict_worked_nor_beyond_legacy():
    tls = TlsByHost()
    tls.prove(HOST)
    assert not tls.relent(HOST, EXPIRED)
    assert tls.mode(HOST) == "strict"
    assert tls.relent("a.gov.cn", OLD)
    tls.prove("a.gov.cn")  # proves nothing about strictness
    assert not tls.relent("a.gov.cn", OLD)


def test_each_mode_is_more_lenient_than_the_one_before():
    tls = TlsByHost()
    assert tls.relent("a.gov.cn", EXPIRED)
    assert tls.relent("b.gov.cn", OLD)
    strict, unverified, legacy = (tls.context_for(host) for host in (HOST, "a.gov.cn", "b.gov.cn"))
    assert (strict.verify_mode, strict.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert (unverified.verify_mode, unverified.check_hostname) == (ssl.CERT_NONE, False)
    assert unverified.minimum_version == strict.minimum_version > legacy.minimum_version
    assert legacy.security_level == 0 < strict.security_level
    assert tls.context_for(HOST) is strict


def said(reason: str) -> ssl.SSLError:
    error = ssl.SSLError(1, "a long line")
    error.reason = reason
    return error


def test_only_what_tls_found_fault_with_is_a_fault_of_tls():
    assert fault_of(said("DH_KEY_TOO_SMALL")) == "dh key too small"
    assert fault_of(said("UNEXPECTED_EOF_WHILE_READING")) == ""
    assert fault_of(ssl.SSLError()) == ""
    assert fault_of(ConnectionResetError("gone")) == ""
