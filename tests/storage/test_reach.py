from datetime import UTC, datetime

from settings.registry import Site
from storage import frontier
from storage.archive import record_captures
from storage.captures import Capture
from storage.database import Database
from storage.findings import Finding, note_findings
from storage.reach import MOVED, ONE_SCHEME, reach_of
from storage.runs import start_run
from storage.sites import register_sites
from storage.tables import frontier as table

NOW = datetime(2026, 11, 22, tzinfo=UTC)
HOSTS = ("a.gov.cn", "b.gov.cn", "c.gov.cn", "d.gov.cn", "e.gov.cn")


def home(host: str, status: int, outcome: str = "", **headers: str) -> Capture:
    return Capture(
        f"http://{host}/", NOW, status, b"", tuple(headers.items()), kind="home", outcome=outcome, error=""
    )


def test_each_host_says_how_it_answered_and_where_it_leads(database: Database):
    captures = [
        home("a.gov.cn", 200),
        home("b.gov.cn", 301, Location="http://a.gov.cn/"),
        home("c.gov.cn", 301, Location="http://www.example.com/"),
        home("d.gov.cn", 412, "blocked"),
    ]
    with database.write() as connection:
        register_sites(connection, [Site(host, start=(f"http://{host}/",)) for host in HOSTS])
        run_id = start_run(connection, "crawl", NOW)
        record_captures(connection, run_id, captures)
        note_findings(connection, run_id, {Finding("b.gov.cn", MOVED, "its home page is on a.gov.cn"): 1})
        banned = {"kind": "home", "decision": frontier.BANNED, "url": "http://e.gov.cn/", "host": "e.gov.cn"}
        more = {"request_key": "http://e.gov.cn/", "score": 100, "depth": 0, "added_at": "", "text": ""}
        connection.execute(table.insert().values(**banned, **more))
        found = reach_of(connection, run_id, HOSTS)
    assert [(each.is_reached, each.words) for each in found] == [
        (True, "http://a.gov.cn/: 200 new"),
        (True, "http://b.gov.cn/: 301 new; its home page is on a.gov.cn"),
        (
            False,
            "http://c.gov.cn/: 301 new; leads to http://www.example.com/, which is not of the registry",
        ),
        (False, "http://d.gov.cn/: 412 blocked"),
        (False, "e.gov.cn: its robots.txt forbids the start page"),
    ]


def test_a_start_page_that_sends_on_within_its_host_is_reached_where_that_answers(database: Database):
    there = [f"https://{host}/" for host in HOSTS[:2]]
    captures = [home(host, 301, Location=url) for host, url in zip(HOSTS, there, strict=False)]
    captures.append(Capture(there[0], NOW, 200, b"", kind="home"))
    with database.write() as connection:
        register_sites(connection, [Site(host, start=(f"http://{host}/",)) for host in HOSTS])
        run_id = start_run(connection, "crawl", NOW)
        record_captures(connection, run_id, captures)
        note_findings(connection, run_id, {Finding(HOSTS[1], ONE_SCHEME, "https gives no answer"): 1})
        found = reach_of(connection, run_id, HOSTS[:2])
    assert [(each.is_reached, each.words) for each in found] == [
        (True, f"{there[0]}: 200 new"),
        (False, "http://b.gov.cn/: 301 new; leads to https://b.gov.cn/; https gives no answer"),
    ]


def test_a_host_that_failed_before_is_not_asked_and_it_says_why(database: Database):
    failed = Capture(
        "http://a.gov.cn/robots.txt", NOW, 500, b"", kind="robots", outcome="error", error="HTTP 500"
    )
    with database.write() as connection:
        register_sites(connection, [Site(host, start=(f"http://{host}/",)) for host in HOSTS])
        record_captures(connection, start_run(connection, "import", NOW), [failed])
        found = reach_of(connection, start_run(connection, "crawl", NOW), HOSTS[:2])
    assert [each.words for each in found] == [
        (
            "a.gov.cn: not asked again so soon after http://a.gov.cn/robots.txt failed at 2026-11-22T00:00 "
            "UTC (HTTP 500)"
        ),
        "b.gov.cn: not asked",
    ]
