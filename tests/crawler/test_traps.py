from datetime import UTC, datetime
from itertools import pairwise

import pytest
from msgspec.structs import replace

from crawler.rules import RULES
from crawler.traps import BUDGETS, CIRCLE_REST, HIT, SPENT_REST, Traps, pattern_of
from crawler.visit import Link, Visit
from storage.captures import Capture

HOST = "http://www.wuyou.gov.cn"
ALLOWANCE = BUDGETS["pattern"]["allowance"]
BARREN = BUDGETS["pattern"]["barren"]
ENDLESS = 1000


def visit(path: str, *links: Link, kind: str = "listing", is_promising: bool = False) -> Visit:
    capture = Capture(f"{HOST}{path}", datetime(2024, 2, 1, tzinfo=UTC), 200, b"", kind=kind)
    return Visit(capture, links, is_promising=is_promising)


def listing(path: str, score: int = 90) -> Link:
    return Link(f"{HOST}{path}", "listing", score, 2)


def report(path: str) -> Link:
    return Link(f"{HOST}{path}", "report", 95, 3)


def walk(traps: Traps, pages) -> int:
    """How many of these visits are made before their pattern is closed."""
    for count, each in enumerate(pages):
        if traps.is_closed(each.capture.url, each.capture.kind):
            return count
        traps.admit(each)
    return ENDLESS


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/rili/?year=2026&month=4", "/rili/?month=12&year=1999"),
        ("/nb/202401/t20240115_123.html", "/nb/201901/t20190115_9.html"),
        ("/x/0123456789abcdef0123456789abcdef.shtml", "/x/fedcba9876543210fedcba9876543210.shtml"),
        ("/a/b/a/b/c/", "/a/b/c/"),
    ],
)
def test_what_differs_in_numbers_or_goes_in_circles_is_one_pattern(one, other):
    assert pattern_of(HOST + one) == pattern_of(HOST + other)


def test_other_folders_and_hosts_are_other_patterns():
    addresses = (
        HOST + "/nb/1.html",
        HOST + "/bmnb/1.html",
        "http://www.nanke.gov.cn/nb/1.html",
        HOST + "/nb/1.html?a=1",
    )
    assert len({pattern_of(each) for each in addresses}) == len(addresses)


def test_an_endless_calendar_costs_its_allowance():
    traps = Traps()
    pages = (visit(f"/rili/?month={n}", listing(f"/rili/?month={n + 1}")) for n in range(ENDLESS))
    assert walk(traps, pages) <= ALLOWANCE + BUDGETS["pattern"]["ratio"] + 1
    assert [finding.code for finding in traps.findings()] == [HIT]


def test_letters_that_name_the_report_and_are_none_cost_their_allowance():
    traps = Traps()
    pages = (visit(f"/letter?id={n}", report(f"/letter?id={n + 1}"), kind="report") for n in range(ENDLESS))
    assert walk(traps, pages) == BARREN


def test_files_that_gave_nothing_yet_are_given_longer_than_queries():
    traps = Traps()
    assert walk(traps, (visit(f"/col/{n}/", listing(f"/col/{n + 1}/")) for n in range(ENDLESS))) == ALLOWANCE


def test_a_trap_is_paid_for_once():
    first = Traps()
    walk(first, (visit(f"/rili/?month={n}", listing(f"/rili/?month={n + 1}", 20)) for n in range(ENDLESS)))
    second = Traps(first.barren)
    assert second.is_closed(f"{HOST}/rili/?month=1", "listing")
    assert not second.is_closed(f"{HOST}/rili/?month=1", "report")


def test_a_pattern_that_gave_anything_is_not_remembered():
    traps = Traps()
    traps.admit(visit("/nb/?page=1", report("/nb/a.html")))
    walk(traps, (visit(f"/nb/?page={n}", listing(f"/nb/?page={n + 1}")) for n in range(2, ENDLESS)))
    assert traps.is_closed(f"{HOST}/nb/?page=1", "listing")
    assert not traps.barren


def test_pages_known_from_other_nights_are_no_trap():
    traps = Traps()
    for number in range(100):
        traps.admit(visit(f"/col?id={number}", listing(f"/col?id={number + 1}", 20)), is_known=True)
    assert not traps.is_closed(f"{HOST}/col?id=1", "listing")


def test_a_pager_whose_pages_are_not_there_is_tried_once():
    traps, gone = Traps(), visit("/nb/index_2.html")
    traps.admit(replace(gone, capture=replace(gone.capture, status=404, outcome="missing")))
    assert traps.is_closed(f"{HOST}/nb/index_3.html", "listing")
    assert not traps.is_closed(f"{HOST}/nb/index.html", "listing")
    assert not traps.is_closed(f"{HOST}/xznb/index_3.html", "listing")


def test_one_page_of_a_pager_may_be_missing():
    traps, gone = Traps(), visit("/nb/index_3.html")
    traps.admit(visit("/nb/index_2.html", report("/nb/a.html")))
    traps.admit(replace(gone, capture=replace(gone.capture, status=404, outcome="missing")))
    assert not traps.is_closed(f"{HOST}/nb/index_4.html", "listing")


def test_a_long_listing_of_reports_is_no_trap():
    traps = Traps()
    pages = (
        visit(f"/nb/index_{n}.html", report(f"/nb/{n}.html"), listing(f"/nb/index_{n + 1}.html"))
        for n in range(300)
    )
    assert walk(traps, pages) == ENDLESS
    assert not traps.findings()


def test_many_units_with_a_column_each_are_no_trap():
    traps = Traps()
    assert walk(traps, (visit(f"/bm/{n}/", listing(f"/bm/{n}/zfxxgknb/")) for n in range(300))) == ENDLESS


def test_a_pager_that_echoes_is_followed_no_further():
    traps, lines = Traps(), (report("/nb/a.html"), report("/nb/b.html"))
    first = traps.admit(visit("/nb/?page=1", *lines, listing("/nb/?page=2")))
    assert listing("/nb/?page=2") in first
    assert traps.admit(visit("/nb/?page=2", *lines, listing("/nb/?page=3"))) == lines


def test_a_host_of_nothing_but_listings_comes_to_an_end():
    traps = Traps()
    pages = (visit(f"/{'ab'[n % 2]}{'x' * n}/", listing(f"/{'x' * n}/")) for n in range(ENDLESS))
    assert walk(traps, pages) == BUDGETS["host"]["listings"]
    assert any("listings for 0 reports" in finding.text for finding in traps.findings())


def test_what_is_neither_listing_nor_report_is_never_closed():
    traps = Traps()
    home = replace(visit("/", listing("/")), capture=replace(visit("/").capture, kind="home"))
    assert walk(traps, [home] * 100) == ENDLESS
    assert not traps.is_closed(f"{HOST}/robots.txt", "robots")


def test_pages_that_lead_only_deeper_are_not_walked_again_on_another_night():
    traps, names = Traps(), [f"{number:032x}" for number in range(12)]
    for name, following in pairwise(names):  # as deep as links are followed
        assert not traps.is_closed(f"{HOST}/nb/{name}/index.do", "listing")
        traps.admit(visit(f"/nb/{name}/index.do", listing(f"/nb/{following}/index.do")))
    assert not traps.barren
    tomorrow = Traps(traps.dead_ends())
    assert tomorrow.is_closed(f"{HOST}/nb/{12:032x}/index.do", "listing")
    assert not tomorrow.is_closed(f"{HOST}/nb/index.do", "listing")


def test_columns_that_name_each_other_are_no_dead_end():
    traps, menu = Traps(), [listing(f"/col/{number}/", 30) for number in range(40)]
    for number in range(40):
        traps.admit(visit(f"/col/{number}/", *menu), is_known=True)
    assert not traps.dead_ends()


def redirect(path: str, *links: Link) -> Visit:
    found = visit(path, *links)
    return replace(found, capture=replace(found.capture, status=302))


def test_redirects_in_a_circle_are_left_alone_for_some_nights():
    traps = Traps()
    traps.admit(redirect("/a", listing("/b")))
    assert not traps.circles
    traps.admit(redirect("/b", listing("/a")))
    assert traps.circles == {f"{HOST}/a", f"{HOST}/b"}
    tomorrow = Traps(traps.circles)
    assert tomorrow.is_closed(f"{HOST}/b", "listing")
    assert tomorrow.rest(f"{HOST}/b") == CIRCLE_REST
    assert tomorrow.rest(f"{HOST}/c") == SPENT_REST


def test_redirects_that_never_arrive_are_left_alone_for_some_nights():
    traps, most = Traps(), RULES.limits["most_hops"]
    for number in range(most):
        traps.admit(redirect(f"/n?n={number}", listing(f"/n?n={number + 1}")))
    assert not traps.circles
    traps.admit(redirect(f"/n?n={most}"))
    assert traps.circles == {f"{HOST}/n?n={number}" for number in range(most + 1)}


def test_a_redirect_to_a_page_is_no_circle():
    traps = Traps()
    traps.admit(redirect("/nb", listing("/nb/")))
    traps.admit(visit("/nb/", listing("/nb")))
    assert not traps.circles
