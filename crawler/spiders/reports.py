"""The spider: one answer in, one Visit out. It asks for nothing itself; the frontier does (scheduler.py)."""

from typing import Any, Self

from msgspec.structs import replace
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.addresses import resolve
from crawler.discovery import hop_to, survey
from crawler.downloader import BrokenOffError
from crawler.outcomes import GOOD, Judgement, judge_answer, judge_page, judge_redirect
from crawler.page import Page, decode
from crawler.probes import PROBE, Stranger, probe_url
from crawler.receiving import RECEIVED, Received, header_lines
from crawler.requisites import LARGEST, REQUISITE, look_at, requisites_of
from crawler.robots import ROBOTS
from crawler.visit import Visit
from crawler.wire import BOUND, ELAPSED, TLS
from settings import clock
from storage.archive import header_value
from storage.captures import Capture
from storage.conditions import Known
from storage.content import ContentError, decode_content
from storage.frontier import Pending
from storage.payloads import digest_of

PENDING = "pending"  # the keys in request.meta: the frontier's row, and the site's named listing
LISTING = "listing"
RULED = "ruled"  # what robots.txt says
KNOWN = "known"  # the newest good answer, where there was one
PAGES = ("html", "xml", "json", "javascript")  # in the content type of what may hold links
HEAD = 1024  # bytes looked at where no content type is given
OK, NOT_MODIFIED = 200, 304
PART = "only part of the page"  # so begins the reason where a stream broke off within a whole answer
LARGEST_BODY = 64 * 1024 * 1024  # bytes, decoded; a small stream that swells to more is a trap


class Reports(Spider):
    name = "reports"

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.strangers: dict[str, Stranger] = {}  # by host, once in doubt (probes.py)
        self.takes_requisites = True

    @classmethod
    def from_crawler(cls, crawler: Crawler, *arguments: Any, **named: Any) -> Self:
        spider = super().from_crawler(crawler, *arguments, **named)
        spider.takes_requisites = crawler.settings.getbool("NIANBAO_REQUISITES")
        return spider

    def request_for(self, pending: Pending, known: Known | None, listing: str, robots: str) -> Request:
        """Asks conditionally by what is `known`; `listing` is the family that the site's keeper named,
        `robots` what robots.txt says of the address.
        """
        meta: dict[str, object] = {PENDING: pending, LISTING: listing, RULED: robots}
        if known:
            meta[KNOWN] = known
        if pending.kind == REQUISITE:
            meta[BOUND] = LARGEST
        return Request(
            pending.url,
            callback=self.parse,
            errback=self.failed,
            method=pending.method,
            body=pending.body,
            headers=dict(pending.headers + (known.headers if known else ())),
            meta=meta,
        )

    def parse(self, response: Response, **_: Any) -> Visit:
        request = response.request
        assert request is not None
        received: Received = request.meta[RECEIVED]
        pending: Pending = request.meta[PENDING]
        body, judgement = judge(received)
        visit = Visit(capture_of(request, received, judgement))
        if judgement.outcome and not is_part(judgement):
            return visit
        if same := same_again(visit, received, request.meta.get(KNOWN)):
            return same
        if 300 <= received.status < 400:
            return redirected(visit, received, pending)
        if pending.kind == REQUISITE:
            return look_at(visit, body, pending)
        if pending.kind != ROBOTS and is_page(received, body):
            return self.look_at(visit, body, pending, request.meta[LISTING])
        return visit

    def look_at(self, visit: Visit, body: bytes, pending: Pending, listing: str) -> Visit:
        text, encoding = decode(body)
        page = Page(pending.url, text, encoding, pending.body, body)
        judgement = self.judge_stranger(page, pending) or judge_page(page)
        if judgement is not GOOD and not visit.capture.outcome:
            return judged(visit, judgement, charset=encoding)
        found = survey(page, pending, listing)
        is_report = found.kind == "report" and found.is_promising
        shown = requisites_of(page, pending.depth) if is_report and self.takes_requisites else ()
        return Visit(
            replace(visit.capture, kind=found.kind, charset=encoding),
            found.links + shown,
            found.family,
            found.is_promising,
            found.hosts,
        )

    def judge_stranger(self, page: Page, pending: Pending) -> Judgement | None:
        """A page like the one that cannot be there is not there either; a front page is at home."""
        if pending.kind == PROBE and pending.url == probe_url(pending.url):
            return Judgement("soft_404", "answers 200 for a page that cannot be there")
        stranger = self.strangers.get(pending.host)
        if stranger and pending.kind not in {"home", PROBE} and stranger.resembles(page):
            return Judgement("soft_404", "the answer for a page that cannot be there")
        return None

    def failed(self, failure: Failure) -> Visit | None:
        """No answer came; what was received before it broke off is kept. What we broke off was no visit."""
        if isinstance(failure.value, BrokenOffError):
            return None
        request: Request = failure.request  # type: ignore[attr-defined]
        reason = Judgement("error", describe(failure))
        return Visit(capture_of(request, request.meta.get(RECEIVED), reason))


def capture_of(request: Request, received: Received | None, judgement: Judgement) -> Capture:
    pending: Pending = request.meta[PENDING]
    basis = Capture(
        url=pending.url,
        fetched_at=clock.now(),
        status=None,
        payload=None,
        kind=pending.kind,
        outcome=judgement.outcome,
        method=request.method,
        request_headers=header_lines(request),
        error=judgement.reason,
        request_body=request.body,
        elapsed=request.meta.get(ELAPSED),
        tls=request.meta.get(TLS, ""),
        robots=request.meta.get(RULED, ""),
    )
    if received is None:
        return basis
    return replace(
        basis,
        fetched_at=received.at,
        status=received.status,
        payload=received.body,
        headers=received.headers,
        ip_address=received.ip_address,
        protocol=received.protocol,
    )


def judge(received: Received) -> tuple[bytes, Judgement]:
    """The body without its content coding, and what the answer amounts to."""
    if received.status == NOT_MODIFIED:
        return b"", GOOD  # it has no body to decode, whatever its headers say
    try:
        content = decode_content(received.headers, received.body, LARGEST_BODY)
    except ContentError as error:
        return b"", Judgement("error", str(error))
    judgement = judge_answer(received.status, content.body, received.headers)
    if judgement is GOOD and received.cut_short:
        judgement = Judgement("error", "the body ended too early")
    if judgement is GOOD and content.is_part:
        judgement = Judgement("error", "; ".join((PART, *content.problems)))
    if judgement is GOOD and content.problems:
        judgement = Judgement("", "; ".join(content.problems))
    return content.body, judgement


def same_again(visit: Visit, received: Received, known: Known | None) -> Visit | None:
    """A page that is as it was, by the server's word or to the byte. It leads where it led."""
    if received.status == NOT_MODIFIED:
        return Visit(replace(visit.capture, payload=None, kind=known.kind if known else visit.capture.kind))
    if known and received.status == OK and digest_of(received.body) == known.sha256:
        return Visit(replace(visit.capture, kind=known.kind, charset=known.charset))
    return None


def is_part(judgement: Judgement) -> bool:
    """It is fetched again, and leads on meanwhile."""
    return judgement.reason.startswith(PART)


def redirected(visit: Visit, received: Received, pending: Pending) -> Visit:
    """A redirect is a link like any other, to pass the gate like any other; it promises what it promised."""
    location = header_value(received.headers, "location") or ""
    url = resolve(pending.url, decode(location.encode("latin-1"))[0])
    if url is None:
        return visit
    if url == pending.url:
        return judged(visit, judge_redirect(received.headers))
    return replace(visit, links=tuple(hop_to(url, pending)))


def judged(visit: Visit, judgement: Judgement, charset: str = "") -> Visit:
    outcome, error = judgement.outcome, judgement.reason
    return replace(visit, capture=replace(visit.capture, outcome=outcome, error=error, charset=charset))


def is_page(received: Received, body: bytes) -> bool:
    said = (header_value(received.headers, "content-type") or "").lower()
    looks_so = (
        any(word in said for word in PAGES) if said else any(mark in body[:HEAD] for mark in (b"<", b"{"))
    )
    return received.status == 200 and looks_so


def describe(failure: Failure) -> str:
    message = failure.getErrorMessage().strip().splitlines()
    return f"{type(failure.value).__name__}: {message[0]}" if message else type(failure.value).__name__
