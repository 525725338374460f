from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from scrapy import Request
from scrapy.http import Response
from sqlalchemy.exc import OperationalError

from crawler.starts import NoSitesError, choose_hosts
from storage import frontier
from storage.frontier import Settlement
from tests.crawler.played import A, B, Crawl, site


@pytest.fixture
def two(url) -> Iterator[Crawl]:
    crawl = Crawl(url, site(A), site(B))
    yield crawl
    crawl.scheduler.database.close()


def test_a_host_is_asked_again_only_when_its_visit_is_committed(crawl):
    assert crawl.next() == f"http://{A}/robots.txt"
    assert crawl.scheduler.next_request() is None
    assert not crawl.scheduler.has_pending_requests()
    crawl.answer()
    assert crawl.scheduler.has_pending_requests()
    assert crawl.next() == f"http://{A}/"
    crawl.answer()
    assert crawl.next() is None


def test_hosts_take_turns(two):
    assert [two.next(), two.next(), two.next()] == [f"http://{B}/robots.txt", f"http://{A}/robots.txt", None]


def test_a_link_from_another_host_wakes_an_idle_one(two):
    two.pass_robots(host=B)
    two.pass_robots(host=A)
    assert two.next() == f"http://{B}/"
    two.answer()
    assert two.next() == f"http://{A}/"
    assert two.scheduler.next_request() is None
    two.answer(200, b"", f"http://{B}/xxgknb/")
    assert two.next() == f"http://{B}/xxgknb/"


def test_banned_rows_are_settled_however_many(crawl):
    crawl.pass_robots(b"User-agent: *\nDisallow: /secret/\n")
    assert crawl.next() == f"http://{A}/"
    crawl.answer(200, b"", *(f"http://{A}/secret/{number}" for number in range(12)), f"http://{A}/z")
    assert crawl.next() == f"http://{A}/z"
    assert crawl.decision(f"http://{A}/secret/11") == "robots"


def test_a_start_page_that_is_banned_is_looked_at_once_where_only_those_are(url):
    crawl = Crawl(url, site(A), NIANBAO_STARTS_ONLY=True)
    crawl.pass_robots(b"User-agent: *\nDisallow: /")
    assert crawl.next() is None
    assert crawl.decision(f"http://{A}/") == "robots"
    crawl.scheduler.database.close()


def test_every_origin_has_rules_of_its_own(crawl):
    crawl.pass_robots(b"User-agent: *\nDisallow:\n")
    assert crawl.next() == f"http://{A}/"
    crawl.answer(301, b"", f"https://{A}/")
    assert crawl.next() == f"https://{A}/robots.txt"
    crawl.answer(200, b"User-agent: *\nDisallow: /\n")
    assert crawl.next() is None
    assert crawl.decision(f"https://{A}/") == "robots"


def test_two_hosts_with_one_robots_txt_fetch_it_once(two):
    shared = f"http://{A}/rules.txt"
    assert two.next() == f"http://{B}/robots.txt"
    two.answer(302, b"", Location=shared)
    assert two.next() == f"http://{A}/robots.txt"
    two.answer(302, b"", Location=shared)
    assert two.next() == shared
    assert two.scheduler.next_request() is None
    two.answer(200, b"User-agent: *\nDisallow: /x")
    assert {two.next(), two.next()} == {f"http://{A}/", f"http://{B}/"}


def test_what_the_gate_would_refuse_today_is_settled(crawl):
    crawl.pass_robots()
    assert crawl.next() == f"http://{A}/"
    crawl.answer(200, b"", f"http://{A}:8080/")
    assert crawl.next() is None
    assert crawl.decision(f"http://{A}:8080/") == "gate"


@pytest.mark.parametrize(
    ("own", "asked", "pace"), [(None, 0, 1.5), (0.1, 0, 0.1), (0.1, 5, 5), (9, 5, 9), (None, 60, 30)]
)
def test_the_slowest_wish_sets_the_pace(url, own, asked, pace):
    crawl = Crawl(url, site(A, delay=own))
    crawl.pass_robots(f"User-agent: *\nCrawl-delay: {asked}\n".encode())
    assert crawl.next() == f"http://{A}/"
    assert crawl.paces[A] == pace
    crawl.scheduler.database.close()


@pytest.mark.parametrize("options", [{"NIANBAO_MAX_PAGES": 1}, {"NIANBAO_MAX_SECONDS": 1e-9}])
def test_a_run_ends_at_its_limits(url, options):
    crawl = Crawl(url, site(A), **options)
    fetched = crawl.next()
    if fetched:
        crawl.answer()
    assert bool(fetched) == ("NIANBAO_MAX_PAGES" in options)
    assert crawl.next() is None
    assert not crawl.scheduler.has_pending_requests()
    crawl.scheduler.database.close()


def test_when_our_own_code_fails_the_host_rests_and_the_page_stays_pending(crawl):
    crawl.pass_robots()
    assert crawl.next() == f"http://{A}/"
    crawl.scheduler.give_up(Response(f"http://{A}/", request=crawl.request))
    assert crawl.scheduler.under_way == {}
    assert crawl.next() is None
    with crawl.scheduler.database.read() as connection:
        assert frontier.is_due(connection, f"http://{A}/", datetime.now(UTC))


def test_a_database_that_refuses_ends_the_run(crawl, monkeypatch):
    def refuse(*_: object) -> None:
        raise OperationalError("select", {}, Exception("disk I/O error"))

    monkeypatch.setattr(frontier, "due_on", refuse)
    assert crawl.next() is None
    assert isinstance(crawl.scheduler.failure, OperationalError)
    assert not crawl.scheduler.has_pending_requests()


def test_nothing_enters_but_through_the_frontier(crawl):
    assert not crawl.scheduler.enqueue_request(Request(f"http://{A}/x"))


def test_only_registered_hosts_can_be_chosen():
    sites = {host: site(host) for host in (A, B)}
    assert choose_hosts(sites, []) == [A, B]
    assert choose_hosts(sites, [B]) == [B]
    with pytest.raises(NoSitesError, match="not registered"):
        choose_hosts(sites, ["zrzy.wuyou.gov.cn"])
    with pytest.raises(NoSitesError, match="no site"):
        choose_hosts({}, [])


def test_a_run_of_one_host_leaves_the_others_alone(url):
    crawl = Crawl(url, site(A), site(B), NIANBAO_HOSTS=[A])
    crawl.pass_robots()
    assert crawl.next() == f"http://{A}/"
    crawl.answer(200, b"", f"http://{B}/")
    assert crawl.next() is None
    crawl.scheduler.database.close()


RETRY = {"Retry-After": "30"}


def test_a_host_that_asks_for_a_pause_gets_it(crawl, monkeypatch):
    crawl.pass_robots()
    assert crawl.next() == f"http://{A}/"
    crawl.answer(503, b"", f"http://{A}/x", **RETRY)
    assert crawl.next() is None
    assert crawl.scheduler.has_pending_requests()
    assert crawl.paces[A] == 3
    end = crawl.scheduler.waiting.paused[A]
    monkeypatch.setattr("crawler.scheduler.time.monotonic", lambda: end + 1)
    assert crawl.next() == f"http://{A}/x"


def meet_walls(crawl: Crawl, number: int) -> None:
    crawl.pass_robots()
    crawl.next()
    crawl.answer(200, b"", *(f"http://{A}/{each}" for each in range(number)))
    while crawl.next():
        crawl.answer(412, outcome="blocked")


def test_a_host_of_walls_is_left_in_peace_beyond_the_run(crawl, url):
    meet_walls(crawl, 9)
    assert sum(crawl.scheduler.findings.values()) == 1
    [finding] = crawl.scheduler.findings
    assert finding.code == "walls"
    tonight = Crawl(url, site(A))
    assert tonight.next() is None
    named = Crawl(url, site(A), NIANBAO_HOSTS=[A])
    assert named.next() == f"http://{A}/5"  # who names the host means it; robots.txt is known
    named.answer()
    assert named.scheduler.manners[A].rests == 1
    assert named.next() == f"http://{A}/6"
    named.answer(200, b"x")  # its outcome is the archive's to say, and told to nobody here
    assert named.scheduler.manners[A].rests == 0
    for each in (tonight, named):
        each.scheduler.database.close()


def test_a_new_robots_txt_counts_in_the_run_that_fetched_it(crawl):
    crawl.pass_robots(b"User-agent: *")
    assert crawl.next() == f"http://{A}/"
    with crawl.scheduler.database.write() as connection:
        frontier.settle(connection, [Settlement(f"http://{A}/robots.txt", datetime.now(UTC))])
    crawl.answer(200, b"", f"http://{A}/x", f"http://{A}/y")
    crawl.scheduler.ahead.forget(A)
    assert crawl.next() == f"http://{A}/robots.txt"
    crawl.answer(200, b"User-agent: *\nDisallow: /x")
    assert crawl.next() == f"http://{A}/y"


def test_a_day_has_its_budget(url):
    crawl = Crawl(url, site(A), NIANBAO_DAILY_PAGES=2)
    crawl.pass_robots()
    assert crawl.next() == f"http://{A}/"
    crawl.answer(200, b"", f"http://{A}/x")
    assert crawl.next() is None
    again = Crawl(url, site(A), NIANBAO_DAILY_PAGES=2)
    assert again.next() is None
    assert [finding.code for finding in again.scheduler.findings] == ["budget"]
    for each in (crawl, again):
        each.scheduler.database.close()


def test_what_is_known_is_asked_for_conditionally(crawl):
    crawl.pass_robots(b"User-agent: *")
    assert crawl.next() == f"http://{A}/"
    crawl.answer(200, b"<p>", ETag='"1"', **{"Last-Modified": "Wed, 01 Apr 2026 18:01:30 GMT"})
    with crawl.scheduler.database.write() as connection:
        for path in ("", "robots.txt"):
            frontier.settle(connection, [Settlement(f"http://{A}/{path}", datetime.now(UTC))])
    crawl.scheduler.waiting.add([A])
    crawl.scheduler.waiting.idle.clear()
    assert crawl.next() == f"http://{A}/robots.txt"
    assert "If-None-Match" not in crawl.request.headers
    crawl.answer()
    assert crawl.next() == f"http://{A}/"
    assert crawl.request.headers["If-None-Match"] == b'"1"'
    assert crawl.request.headers["If-Modified-Since"] == b"Wed, 01 Apr 2026 18:01:30 GMT"
