from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs

from crawler.manners import NEXT_NIGHT, RETRIES, patience
from crawler.visit import Link, Visit
from pipeline.changes import known_before, note_changes
from pipeline.commit import home_moved_to, note_hosts, settlement
from storage import frontier
from storage.archive import Recorded, record_captures
from storage.captures import Capture
from storage.findings import Finding
from storage.frontier import Settlement
from storage.runs import start_run
from storage.sites import load_sites
from storage.tables import sites

NEXT_MONTH = timedelta(days=30, hours=-4)
NOW = datetime(2024, 2, 1, tzinfo=UTC)
URL = "http://www.wuyou.gov.cn/a/"


def visit(kind: str = "report", url: str = URL, family: str = "") -> Visit:
    return Visit(Capture(url, NOW, 200, b"", kind=kind), family=family)


@pytest.mark.parametrize(
    ("kind", "outcome", "again"),
    [
        ("home", "new", NEXT_NIGHT),
        ("listing", "unchanged", NEXT_NIGHT),
        ("robots", "missing", NEXT_NIGHT),
        ("report", "new", NEXT_MONTH),
        ("attachment", "missing", NEXT_MONTH),
        ("report", "soft_404", NEXT_MONTH),
    ],
)
def test_when_to_come_back_depends_on_the_kind(database, kind, outcome, again):
    with database.read() as connection:
        found = settlement(connection, visit(kind), Recorded(1, outcome, None), NOW)
    assert found == Settlement(URL, NOW + again)


def test_a_wall_is_left_alone_until_the_next_night(database):
    with database.read() as connection:
        found = settlement(connection, visit(), Recorded(1, "blocked", None), NOW)
    assert found == Settlement(URL, NOW + NEXT_NIGHT, failed=True)


def test_a_failure_is_tried_four_times_a_night(database):
    waits = []
    with database.write() as connection:
        frontier.add_links(connection, {"": [Link(URL, "report", 90, 1)]}, {"www.wuyou.gov.cn"}, NOW)
        for _ in range(5):
            found = settlement(connection, visit(), Recorded(1, "error", None), NOW)
            frontier.settle(connection, [found])
            waits.append(found.due_at - NOW)
    assert waits == [*RETRIES, NEXT_NIGHT, RETRIES[0]]
    assert patience(7, "report") == NEXT_NIGHT


def test_a_robots_txt_is_tried_twice_a_night():
    assert [patience(attempts, "robots") for attempts in (0, 1)] == [RETRIES[0], NEXT_NIGHT]


def test_each_host_is_noted_once_with_its_last_outcome_and_its_family(database):
    group = [visit(family="trs"), visit(), visit(url="http://www.nanke.gov.cn/")]
    recorded = [
        Recorded(number, outcome, None) for number, outcome in enumerate(("new", "missing", "blocked"))
    ]
    with database.write() as connection:
        note_hosts(connection, group, recorded)
        rows = connection.execute(sites.select().order_by(sites.c.host)).all()
        assert load_sites(connection) == []
    assert [(row.host, row.last_outcome, row.family) for row in rows] == [
        ("www.nanke.gov.cn", "blocked", ""),
        ("www.wuyou.gov.cn", "missing", "trs"),
    ]


def test_a_refusal_says_when_to_come_back(database):
    refused = Visit(Capture(URL, NOW, 503, b"", (("Retry-After", "7200"),), outcome="error"))
    with database.read() as connection:
        found = settlement(connection, refused, Recorded(1, "error", None), NOW)
    assert found.due_at == NOW + timedelta(hours=2)


HOST = "www.wuyou.gov.cn"
LISTING = f"http://{HOST}/xxgknb/"
LATER = NOW + timedelta(days=1)


@pytest.fixture
def listed(database):
    """A report that was found on a listing, and is not due before next month."""
    with database.write() as connection:
        run_id = start_run(connection, "import", NOW)
        record_captures(connection, run_id, [Capture(LISTING, NOW, 200, b"<a>", kind="listing")])
        frontier.add_links(connection, {LISTING: [Link(URL, "report", 90, 2)]}, {HOST}, NOW)
        frontier.settle(connection, [Settlement(URL, NOW + NEXT_MONTH)])
    return database


def changes(connection, visit: Visit, outcome: str) -> list[Finding]:
    run_id = start_run(connection, "import", LATER)
    [record] = record_captures(connection, run_id, [visit.capture])
    pairs = [(visit, replace(record, outcome=outcome))]
    return list(note_changes(connection, pairs, known_before(pairs), run_id, LATER))


def test_a_changed_listing_makes_its_pages_due(listed):
    listing = Visit(Capture(LISTING, LATER, 200, b"", kind="listing"), (Link(URL, "report", 90, 2),))
    with listed.write() as connection:
        assert changes(connection, listing, "unchanged") == []
        assert not frontier.is_due(connection, URL, LATER)
        first = Visit(Capture(f"{LISTING}2/", LATER, 200, b"", kind="listing"), listing.links)
        assert changes(connection, first, "new") == []
        assert not frontier.is_due(connection, URL, LATER)
        assert changes(connection, listing, "new") == []
        assert frontier.is_due(connection, URL, LATER)


def test_a_page_of_a_listing_that_was_never_posted_for_has_not_changed(listed):
    links = (Link(URL, "report", 90, 2),)
    posted = Capture(LISTING, LATER, 200, b"", kind="listing", method="POST", request_body=b"page=2")
    with listed.write() as connection:
        assert changes(connection, Visit(posted, links), "new") == []
        assert not frontier.is_due(connection, URL, LATER)
        run_id = start_run(connection, "crawl", NOW)
        record_captures(connection, run_id, [structs.replace(posted, fetched_at=NOW)])
        assert changes(connection, Visit(posted, links), "new") == []
        assert frontier.is_due(connection, URL, LATER)


def test_a_listing_that_was_full_and_is_empty_is_a_finding(listed):
    empty = Visit(Capture(LISTING, LATER, 200, b"", kind="listing"))
    other = Visit(Capture(f"{LISTING}other/", LATER, 200, b"", kind="listing"))
    with listed.write() as connection:
        assert changes(connection, empty, "new") == [Finding(HOST, "listing_empty", LISTING)]
        assert changes(connection, other, "new") == []
        assert not frontier.is_due(connection, URL, LATER)


def test_a_changed_robots_txt_has_its_bans_judged_again(listed):
    robots = Visit(Capture(f"http://{HOST}/robots.txt", LATER, 200, b"", kind="robots"))
    with listed.write() as connection:
        frontier.settle(connection, [Settlement(URL, None, "robots")])
        changes(connection, robots, "unchanged")
        assert not frontier.is_due(connection, URL, LATER)
        changes(connection, robots, "new")
        assert frontier.is_due(connection, URL, LATER)


def test_a_page_that_was_there_has_vanished(database):
    gone = Visit(Capture(URL, LATER, 404, b"", kind="report", outcome="missing"))
    with database.write() as connection:
        assert changes(connection, gone, "missing") == []
        run_id = start_run(connection, "import", NOW)
        record_captures(connection, run_id, [Capture(URL, NOW, 200, b"<p>")])
        assert changes(connection, gone, "missing") == [Finding(HOST, "vanished", URL)]


def test_a_home_page_may_have_moved():
    there = (Link("http://new.wuyou.gov.cn/", "home", 100, 1, hops=1),)
    for status in (301, 200):  # also by a script, or a meta refresh
        assert home_moved_to(Visit(Capture(URL, NOW, status, b"", kind="home"), there)) == there[0].url
    assert (
        home_moved_to(Visit(Capture(URL, NOW, 200, b"", kind="home"), (structs.replace(there[0], hops=0),)))
        == ""
    )
    phones = (Link("http://m.wuyou.gov.cn/", "home", 100, 1, hops=1),)
    assert home_moved_to(Visit(Capture(URL, NOW, 302, b"", kind="home"), phones)) == ""
    assert home_moved_to(Visit(Capture(URL, NOW, 301, b"", kind="report"), there)) == ""
    assert home_moved_to(Visit(Capture(URL, NOW, 304, None, kind="home"))) == ""
