import gzip
from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace
from scrapy import Request
from scrapy.http import Response
from twisted.internet.error import TimeoutError as TimedOut
from twisted.python.failure import Failure

from crawler.receiving import RECEIVED, Received
from crawler.spiders.reports import KNOWN, LISTING, PENDING, Reports
from crawler.visit import Link, Visit
from storage.conditions import Known
from storage.frontier import Pending
from storage.payloads import digest_of

HOST = "www.wuyou.gov.cn"
URL = f"http://{HOST}/a/"
HTML = {"Content-Type": "text/html"}
ANCHOR = '<a href="/nb/">信息公开年报</a>'.encode("gb18030")


def request(kind: str = "home", score: int = 100, **meta: Any) -> Request:
    return Request(URL, meta={PENDING: Pending(URL, HOST, kind, score, 1, 0), LISTING: "", **meta})


def visit(
    body: bytes = b"", status: int = 200, kind: str = "home", *, cut_short: bool = False, **headers: str
) -> Visit:
    """What the spider makes of an answer that came over the wire so."""
    lines = tuple({"Content-Type": "text/html", **headers}.items())
    received = Received(datetime.now(UTC), status, lines, body, cut_short=cut_short)
    asked = request(kind, **{RECEIVED: received})
    return Reports().parse(Response(URL, status, request=asked))


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


def test_a_page_that_is_as_it_was_to_the_byte_is_not_read_again():
    known = Known((), "listing", "gb18030", digest_of(ANCHOR))
    received = Received(datetime.now(UTC), 200, (("Content-Type", "text/html"),), ANCHOR)
    asked = request("report", **{RECEIVED: received, KNOWN: known})
    same = Reports().parse(Response(URL, 200, request=asked))
    assert same.links == ()
    assert (same.capture.kind, same.capture.charset, same.capture.outcome) == ("listing", "gb18030", "")
    assert same.capture.payload == ANCHOR
    changed = request("report", **{RECEIVED: replace(received, body=ANCHOR + b"<p>"), KNOWN: known})
    assert Reports().parse(Response(URL, 200, request=changed)).links


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_redirect_is_a_link_with_the_same_promise(encoding):
    location = " /b/年报;jsessionid=1 ".encode(encoding).decode("latin-1")
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
    found = visit(ANCHOR, cut_short=True)
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
