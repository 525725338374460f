import pytest
from OpenSSL import SSL
from scrapy.exceptions import DownloadFailedError
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed

from crawler.tls import TlsByHost
from crawler.wire import tls_fault

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
        (("VerificationError: the certificate speaks for another host",), "unverified"),
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


def test_each_mode_makes_connections():
    tls = TlsByHost()
    for host, fault in ((HOST, ""), ("a.gov.cn", EXPIRED), ("b.gov.cn", OLD)):
        assert not fault or tls.relent(host, fault)
        tls.creatorForNetloc(host.encode(), 443)
    assert set(tls.options) == {"strict", "unverified", "legacy"}


def failed(*reasons: Exception) -> DownloadFailedError:
    error = DownloadFailedError("no answer")
    error.__cause__ = ResponseFailed([Failure(reason) for reason in reasons])
    return error


def test_only_what_tls_found_fault_with_is_a_fault_of_tls():
    assert tls_fault(failed(SSL.Error([("SSL routines", "", EXPIRED)]))) == EXPIRED
    assert tls_fault(failed(SSL.Error([("SSL routines", "", "unexpected eof while reading")]))) == ""
    assert tls_fault(failed(SSL.Error([]))) == ""
    assert tls_fault(failed(ConnectionResetError("gone"))) == ""
    assert tls_fault(DownloadFailedError("no answer")) == ""
