"""Hosts of which only http, or only https, answers: who is asked what, and what is kept of it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from crawler.schemes import Schemes, twin_of
from crawler.visit import Link, Visit
from settings.registry import Site
from storage import frontier
from storage.archive import record_captures
from storage.captures import Capture
from storage.frontier import Settlement
from storage.sites import load_standings
from tests.crawler.played import A, B, Crawl, site

HTTP, HTTPS = f"http://{A}", f"https://{A}"
REFUSED = "DownloadConnectionRefusedError: Connect call failed ('192.0.2.1', 80)"
TLS = "DownloadFailedError: [SSL: TLSV1_ALERT_INTERNAL_ERROR] tlsv1 alert internal error"


@pytest.fixture
def secure(url) -> Iterator[Crawl]:
    """A crawl of a site that is registered with https."""
    crawl = Crawl(url, Site(A, start=(f"{HTTPS}/",)))
    yield crawl
    crawl.scheduler.database.close()


def all_asked(crawl: Crawl, *, dead: str, said: str = REFUSED) -> list[str]:
    """Everything that is asked for where one scheme is dead and the other has no robots.txt."""
    asked = []
    while url := crawl.next():
        asked.append(url)
        if url.startswith(f"{dead}:"):
            crawl.fail(said)
        else:
            crawl.answer(404 if url.endswith("robots.txt") else 200)
    return asked


def test_a_port_80_that_is_closed_has_the_site_asked_by_https(crawl):
    assert all_asked(crawl, dead="http") == [f"{HTTP}/robots.txt", f"{HTTPS}/robots.txt", f"{HTTPS}/"]
    [finding] = crawl.scheduler.findings
    assert finding == (A, "one_scheme", f"http gives no answer ({REFUSED}); https does, and is asked instead")
    assert crawl.decision(f"{HTTP}/") == frontier.OTHER_SCHEME
    with crawl.scheduler.database.read() as connection:
        assert load_standings(connection)[A].scheme == "https"


def test_what_one_night_found_out_the_next_need_not(crawl, url):
    all_asked(crawl, dead="http")
    again = Crawl(url, site(A), site(B))
    again.scheduler.waiting.idle.clear()
    again.find(f"{HTTP}/xxgknb/", f"{HTTP}/gk/")
    asked = [each for each in all_asked(again, dead="http") if A in each]
    assert sorted(asked) == [f"{HTTPS}/gk/", f"{HTTPS}/xxgknb/"]
    again.scheduler.database.close()


def test_robots_txt_of_the_scheme_that_answers_is_obeyed(crawl):
    assert crawl.next() == f"{HTTP}/robots.txt"
    crawl.fail(REFUSED)
    assert crawl.next() == f"{HTTPS}/robots.txt"
    crawl.answer(200, b"User-agent: *\nDisallow: /")
    assert crawl.next() is None
    assert crawl.decision(f"{HTTPS}/") == "robots"


def test_the_host_is_still_one_and_keeps_its_pace(crawl):
    assert crawl.next() == f"{HTTP}/robots.txt"
    assert crawl.scheduler.next_request() is None
    crawl.fail(REFUSED)
    assert crawl.next() == f"{HTTPS}/robots.txt"
    assert crawl.scheduler.next_request() is None
    crawl.answer(200, b"User-agent: *\nCrawl-delay: 7")
    assert crawl.next() == f"{HTTPS}/"
    assert crawl.paces[A] == 7


def test_where_both_are_dead_each_is_tried_once_and_the_host_rests(crawl):
    asked = []
    while url := crawl.next():
        asked.append(url)
        crawl.fail(REFUSED)
    assert asked == [f"{HTTP}/robots.txt", f"{HTTPS}/robots.txt"]
    assert [finding.code for finding in crawl.scheduler.findings] == ["robots"]


@pytest.mark.parametrize(
    "said",
    ["CannotResolveHostError: no such name", "ProxyRefusedError: 407", "DownloadCancelledError: larger"],
)
def test_what_is_not_the_schemes_fault_has_no_other_scheme_tried(crawl, said):
    assert all_asked(crawl, dead="http", said=said) == [f"{HTTP}/robots.txt"]


def test_an_answer_that_forbids_everything_is_an_answer(crawl):
    assert crawl.next() == f"{HTTP}/robots.txt"
    crawl.answer(503, outcome="error")
    assert crawl.next() is None


SQUID = {"X-Squid-Error": "ERR_CONNECT_FAIL 111"}


@pytest.mark.parametrize(
    ("status", "headers", "is_tried"),
    [(502, {}, True), (504, {}, True), (503, SQUID, True), (503, {}, False)],
)
def test_a_proxy_says_in_its_own_words_that_a_host_is_dead(url, status, headers, is_tried):
    crawl = Crawl(url, site(A), NIANBAO_HAS_PROXY=True)
    assert crawl.next() == f"{HTTP}/robots.txt"
    crawl.answer(status, outcome="error", **headers)
    assert crawl.next() == (f"{HTTPS}/robots.txt" if is_tried else None)
    crawl.scheduler.database.close()


def fail_and_await_the_retry(crawl: Crawl, url: str, said: str) -> None:
    """Nothing is asked for in between, and then the retry is over."""
    crawl.scheduler.retries.add(A, datetime.now(UTC) + timedelta(seconds=10))
    assert crawl.next() == url
    crawl.fail(said)
    assert crawl.next() is None
    crawl.scheduler.retries.forget(A)
    crawl.scheduler.waiting.wake([A])


def test_https_is_given_up_only_after_its_retry(secure):
    fail_and_await_the_retry(secure, f"{HTTPS}/robots.txt", TLS)
    assert all_asked(secure, dead="https") == [f"{HTTP}/robots.txt", f"{HTTP}/"]
    [finding] = secure.scheduler.findings
    assert finding.text == f"https gives no answer ({TLS}); http does, and is asked instead"


def answered(crawl: Crawl, url: str, days_ago: int) -> None:
    at = datetime.now(UTC) - timedelta(days=days_ago)
    with crawl.scheduler.database.write() as connection:
        record_captures(connection, crawl.run_id, [Capture(url, at, 200, b"x", (), "home")])


@pytest.mark.parametrize(("days", "asked"), [(29, 1), (31, 3)])
def test_https_that_answered_lately_is_not_given_up(secure, days, asked):
    answered(secure, f"{HTTPS}/", days)
    assert len(all_asked(secure, dead="https")) == asked


def test_http_that_answered_lately_is_given_its_retry(crawl):
    answered(crawl, f"{HTTP}/", 1)
    fail_and_await_the_retry(crawl, f"{HTTP}/robots.txt", REFUSED)
    assert crawl.next() == f"{HTTPS}/robots.txt"


def test_a_redirect_to_dead_https_goes_round_no_more_than_once(crawl):
    crawl.pass_robots()
    assert crawl.next() == f"{HTTP}/"
    crawl.answer(301, b"", f"{HTTPS}/")
    assert crawl.next() == f"{HTTPS}/robots.txt"
    crawl.fail(TLS)
    assert crawl.next() is None
    assert crawl.decision(f"{HTTPS}/") == frontier.OTHER_SCHEME
    assert not crawl.scheduler.resting


def test_one_dead_link_by_https_does_not_shut_the_host(crawl):
    crawl.pass_robots()
    assert crawl.next() == f"{HTTP}/"
    crawl.answer(200, b"", f"{HTTPS}/xxgknb/", f"{HTTP}/gk/")
    asked = all_asked(crawl, dead="https", said=TLS)
    assert sorted(asked) == [f"{HTTP}/gk/", f"{HTTP}/xxgknb/", f"{HTTPS}/robots.txt"]


def test_https_that_comes_back_is_asked_again(secure, url):
    all_asked(secure, dead="https")
    again = Crawl(url, Site(A, start=(f"{HTTPS}/",)))
    again.scheduler.waiting.idle.clear()
    with again.scheduler.database.write() as connection:
        frontier.settle(connection, [Settlement(f"{HTTPS}/robots.txt", datetime.now(UTC))])
    assert all_asked(again, dead="nothing") == [f"{HTTPS}/robots.txt", f"{HTTPS}/"]
    assert [finding.code for finding in again.scheduler.findings] == ["both_schemes"]
    with again.scheduler.database.read() as connection:
        assert load_standings(connection)[A].scheme == ""
    again.scheduler.database.close()


def test_where_what_was_adopted_dies_the_other_is_tried_again(crawl):
    answered(crawl, f"{HTTPS}/", 31)
    crawl.scheduler.schemes.only[A] = "https"
    with crawl.scheduler.database.write() as connection:
        frontier.settle(connection, [Settlement(f"{HTTP}/robots.txt", None, frontier.OTHER_SCHEME)])
    asked = all_asked(crawl, dead="https")
    assert asked == [f"{HTTPS}/robots.txt", f"{HTTP}/robots.txt", f"{HTTP}/"]
    assert crawl.scheduler.schemes.only == {A: "http"}


def test_only_the_start_pages_are_asked_for_by_the_scheme_that_answers(url):
    for _ in range(2):
        crawl = Crawl(url, site(A), NIANBAO_STARTS_ONLY=True)
        asked = all_asked(crawl, dead="http")
        assert asked[-1] == f"{HTTPS}/"
        crawl.scheduler.database.close()
    assert asked == [f"{HTTPS}/"]


def test_where_a_start_page_sends_to_on_its_host_is_looked_at_each_time(url):
    for robots in (True, False):  # which are known the second time
        crawl = Crawl(url, site(A), NIANBAO_STARTS_ONLY=True)
        asked = []
        while there := crawl.next():
            asked.append(there)
            if there == f"{HTTP}/":
                crawl.answer(301, b"", f"{HTTPS}/", Location=f"{HTTPS}/")
            else:
                crawl.answer()
        crawl.scheduler.database.close()
        pages = [each for each in asked if not each.endswith("robots.txt")]
        assert (pages, len(asked) > len(pages)) == ([f"{HTTP}/", f"{HTTPS}/"], robots)


def test_an_address_with_a_port_has_no_twin():
    assert twin_of("http://www.wuyou.gov.cn/a?b=c") == "https://www.wuyou.gov.cn/a?b=c"
    assert twin_of("http://www.wuyou.gov.cn:8080/") == ""


def test_links_are_mended_before_anything_sees_them():
    schemes = Schemes()
    schemes.only[A] = "http"
    visit = Visit(
        Capture(f"{HTTP}/", datetime.now(UTC), 301, b""),
        (
            Link(f"{HTTPS}/", "home", 100, 1),
            Link(f"{HTTPS}/a", "listing", 9, 1),
            Link(f"https://{B}/", "home", 1, 1),
        ),
    )
    assert [link.url for link in schemes.mend(visit).links] == [f"{HTTP}/a", f"https://{B}/"]
    assert schemes.mend(Visit(visit.capture)) == Visit(visit.capture)
