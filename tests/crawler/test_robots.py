import gzip
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from crawler.gate import Gate
from crawler.robots import Missing, Rules, Unreachable, find_rules, read_rules
from crawler.visit import Link
from storage import frontier
from storage.archive import record_captures
from storage.captures import Capture
from storage.database import Database, open_database
from storage.runs import start_run

NOW = datetime(2024, 2, 1, tzinfo=UTC)
HOST = "www.wuyou.gov.cn"
PAGE, ROBOTS = f"http://{HOST}/a/b.html", f"http://{HOST}/robots.txt"
GATE = Gate(frozenset({HOST}))


def capture(status: int | None, body: bytes = b"", url: str = ROBOTS, **headers: str) -> Capture:
    return Capture(url, NOW, status, body, tuple(headers.items()), "robots")


@pytest.fixture
def database(tmp_path) -> Database:
    database = open_database(f"sqlite:///{tmp_path}/nianbao.db")
    yield database
    database.close()


def keep(connection: Connection, *captures: Capture) -> None:
    run_id = start_run(connection, "crawl", NOW)
    for each in captures:
        link = Link(each.url, "robots", 1000, 0)
        frontier.add_links(connection, {"": [link]}, {HOST}, NOW)
        frontier.settle(connection, [frontier.Settlement(each.url, NOW + timedelta(days=1))])
    record_captures(connection, run_id, captures)


def rules(body: bytes, **headers: str) -> Rules:
    found = read_rules(capture(200, body, **headers))
    assert isinstance(found, Rules)
    return found


def test_a_ban_is_obeyed_for_all_and_for_us_by_name():
    assert not rules(b"User-agent: *\nDisallow: /a/").allow(PAGE)
    assert rules(b"User-agent: *\nDisallow: /a/\nAllow: /a/b").allow(PAGE)
    assert not rules(b"User-agent: *\nAllow: /\n\nUser-agent: nianbao\nDisallow: /").allow(PAGE)
    assert rules(b"User-agent: Baiduspider\nDisallow: /").allow(PAGE)
    assert rules(b"").allow(PAGE)


def test_gzip_that_nobody_asked_for_and_chinese_comments_are_read():
    body = "# 禁止\nUser-agent: *\nDisallow: /a/".encode("gb18030")
    assert not rules(gzip.compress(body), **{"Content-Encoding": "gzip"}).allow(PAGE)


def test_a_delay_is_respected_up_to_half_a_minute():
    assert rules(b"User-agent: *\nCrawl-delay: 5").delay() == 5
    assert rules(b"User-agent: *\nCrawl-delay: 86400").delay() == 30
    assert Rules().delay() == 0


@pytest.mark.parametrize(
    "answer", [capture(404), capture(403), capture(200, b"\n <!doctype html><title>404")]
)
def test_no_robots_txt_bans_nothing(answer):
    found = read_rules(answer)
    assert isinstance(found, Rules)
    assert found.allow(PAGE)


@pytest.mark.parametrize("status", [None, 500, 503])
def test_a_host_that_fails_forbids_everything(status):
    assert isinstance(read_rules(capture(status)), Unreachable)


def test_the_rules_must_be_fetched_before_anything_and_again_the_next_day(database):
    with database.write() as connection:
        assert find_rules(connection, PAGE, GATE, NOW) == Missing(ROBOTS)
        keep(connection, capture(200, b"User-agent: *\nDisallow: /a/"))
        found = find_rules(connection, PAGE, GATE, NOW)
        assert isinstance(found, Rules)
        assert not found.allow(PAGE)
        assert find_rules(connection, PAGE, GATE, NOW + timedelta(days=1)) == Missing(ROBOTS)


def test_rules_of_yesterday_are_asked_for_again_though_they_are_not_due(database):
    with database.write() as connection:
        keep(connection, capture(200, b"User-agent: *\nDisallow: /a/"))
        frontier.settle(connection, [frontier.Settlement(ROBOTS, NOW + timedelta(days=6))])
        found = find_rules(connection, PAGE, GATE, NOW + timedelta(hours=23))
        assert isinstance(found, Rules)
        assert found.until == NOW + timedelta(days=1)
        assert find_rules(connection, PAGE, GATE, NOW + timedelta(days=1)) == Missing(ROBOTS)


def test_redirects_are_followed_in_the_archive(database):
    moved = f"http://{HOST}/moved.txt"
    with database.write() as connection:
        keep(connection, capture(301, Location="/moved.txt"))
        assert find_rules(connection, PAGE, GATE, NOW) == Missing(moved)
        keep(connection, capture(200, b"User-agent: *\nDisallow: /", url=moved))
        found = find_rules(connection, PAGE, GATE, NOW)
        assert isinstance(found, Rules)
        assert not found.allow(PAGE)


@pytest.mark.parametrize("location", ["http://www.example.com/robots.txt", "/robots.txt", ""])
def test_redirects_off_the_gate_or_in_a_circle_mean_no_rules(database, location):
    with database.write() as connection:
        keep(connection, capture(302, Location=location))
        found = find_rules(connection, PAGE, GATE, NOW)
    assert isinstance(found, Rules)
    assert found.allow(PAGE)


@given(st.text())
def test_no_robots_txt_however_odd_stops_the_crawl(text):
    found = read_rules(capture(200, text.encode("utf-8", "replace")))
    assert isinstance(found, Rules)
    found.allow(PAGE)
    assert 0 <= found.delay() <= 30
