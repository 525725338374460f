import gzip
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import Response
from twisted.internet.error import TimeoutError as TimedOut
from twisted.python.failure import Failure

from crawler.receiving import RECEIVED, KeepReceived
from crawler.spiders.reports import LISTING, PENDING, Reports
from crawler.visit import Link, Visit
from storage.frontier import Pending

HOST = "www.wuyou.gov.cn"
URL = f"http://{HOST}/a/"
HTML = {"Content-Type": "text/html"}
ANCHOR = '<a href="/nb/">信息公开年报</a>'.encode("gb18030")


def request(kind: str = "home", score: int = 100, **meta: Any) -> Request:
    return Request(URL, meta={PENDING: Pending(URL, HOST, kind, score, 1, 0), LISTING: "", **meta})


def visit(
    body: bytes = b"", status: int = 200, kind: str = "home", flags: tuple[str, ...] = (), **headers: Any
) -> Visit:
    """What the spider makes of an answer that came over the wire so."""
    asked = request(kind)
    received = Response(URL, status, {"Content-Type": "text/html", **headers}, body, list(flags), asked)
    return Reports().parse(KeepReceived().process_response(asked, received))


def test_a_page_becomes_its_capture_and_its_links():
    found = visit(ANCHOR)
    assert (found.capture.url, found.capture.status, found.capture.kind) == (URL, 200, "home")
    assert (found.capture.payload, found.capture.outcome, found.capture.error) == (ANCHOR, "", "")
    assert found.links == (Link(f"http://{HOST}/nb/", "listing", 90, 2, "信息公开年报"),)


@pytest.mark.parametrize(
    ("body", "problem", "outcome"),
    [
        (gzip.compress(ANCHOR), "", ""),
        (ANCHOR, "gzip", ""),
        (gzip.compress(ANCHOR)[:-9], "gzip", "error"),  # to be fetched again: the rest may hold more
    ],
)
def test_links_are_found_under_a_content_coding_well_done_or_not(body, problem, outcome):
    found = visit(body, **{"Content-Encoding": "gzip"})
    assert found.capture.payload == body
    assert problem in found.capture.error
    assert bool(found.capture.error) == bool(problem)
    assert found.capture.outcome == outcome
    assert found.links


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_redirect_is_a_link_with_the_same_promise(encoding):
    location = " /b/年报;jsessionid=1 ".encode(encoding)
    [link] = visit(status=302, kind="report", Location=location).links
    assert link == Link(f"http://{HOST}/b/%E5%B9%B4%E6%8A%A5", "report", 100, 2, hops=1)


@pytest.mark.parametrize("headers", [{}, {"Location": "javascript:x"}, {"Location": "http://["}])
def test_a_redirect_to_nowhere_is_no_link(headers):
    assert visit(status=302, **headers).links == ()


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (404, b"", "missing"),
        (412, b"", "blocked"),
        (502, b"", "error"),
        (200, b"<title>404</title>", "soft_404"),
    ],
)
def test_what_is_no_page_has_an_outcome_a_reason_and_no_links(status, body, outcome):
    found = visit(body + (b"" if status == 200 else ANCHOR), status)
    assert (found.capture.outcome, found.links) == (outcome, ())
    assert found.capture.error


def test_a_body_that_ended_early_is_kept_as_an_error():
    found = visit(ANCHOR, flags=("dataloss",))
    assert (found.capture.payload, found.capture.outcome, found.links) == (ANCHOR, "error", ())


def test_only_pages_are_read_for_links():
    assert visit(ANCHOR, **{"Content-Type": "application/pdf"}).links == ()
    assert visit(ANCHOR, kind="robots").links == ()
    assert visit(b"%PDF-1.4", **{"Content-Type": ""}).links == ()
    assert visit(ANCHOR, **{"Content-Type": ""}).links


def test_no_answer_is_a_visit_too_and_says_why():
    failure = Failure(TimedOut("took longer than 60 seconds"))
    failure.request = request("report")
    capture = Reports().failed(failure).capture
    assert (capture.status, capture.payload, capture.outcome, capture.kind) == (None, None, "error", "report")
    assert capture.error.startswith("TimeoutError: ")


def test_every_header_value_is_kept_but_the_operators_secrets():
    asked = request()
    asked.headers["Proxy-Authorization"] = "Basic c2VjcmV0"
    asked.headers["User-Agent"] = "nianbao"
    received = Response(
        URL, 200, {"Set-Cookie": ["a=1", "b=2"], "X-Name": "\u5e74".encode()}, b"", request=asked
    )
    capture = Reports().parse(KeepReceived().process_response(asked, received)).capture
    assert capture.headers == (("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("X-Name", "\xe5\xb9\xb4"))
    assert capture.request_headers == (("User-Agent", "nianbao"),)


def test_behind_a_proxy_the_address_on_the_wire_is_not_the_sites():
    asked = request(proxy="http://127.0.0.1:8080")
    KeepReceived().process_response(asked, Response(URL, request=asked, ip_address="127.0.0.1"))
    assert asked.meta[RECEIVED].ip_address == ""
