"""The crawl as a whole, in its own process, against a tiny web that answers as a proxy."""

import gzip
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest

from storage.database import Database, open_database
from tests.pipeline.tiny_web import (
    DEPARTMENT,
    HTML,
    HUAXU,
    NANKE,
    WUYOU,
    ZIXU,
    Answer,
    TinyWeb,
    captured,
    crawl,
    links,
    page,
    redirect,
    register,
    rows,
    site,
)

# One crawl over hosts that answer in every way; the tests below each look at one.

ZIPPED = gzip.compress(
    "<a href='/xxgknb/1.html'>乌有县2023年政府信息公开年度报告</a>".encode("gb18030"), mtime=0
)
ROBOTS = Answer(body=b"User-agent: *\nDisallow: /secret/\n", headers=(("Content-Type", "text/plain"),))
ANSWERS = {
    f"http://{WUYOU}/robots.txt": redirect("/rules/robots.txt"),
    f"http://{WUYOU}/rules/robots.txt": ROBOTS,
    f"http://{WUYOU}/": links(
        ("/zip/xxgknb/", "政府信息公开年报"),
        ("/out", "信息公开年报"),
        ("/inside", "信息公开年报"),
        ("/moved;jsessionid=1A?b=2&a=1#top", "信息公开年报"),
        ("/secret/", "政府信息公开年度报告"),
        ("/cut", "2021年政府信息公开年度报告"),
        ("/gone", "2020年政府信息公开年度报告"),
        ("/soft", "2019年政府信息公开年度报告"),
        ("/broken", "2018年政府信息公开年度报告"),
        ("/report.pdf", "2017年政府信息公开年度报告"),
        ("http://zrzy.wuyou.gov.cn/xxgknb/", "部门信息公开年报"),
        ("http://www.gov.cn.example.com/xxgknb/", "信息公开年报"),
        ("/news/1.html", "县长调研"),
    ),
    f"http://{WUYOU}/zip/xxgknb/": Answer(
        body=ZIPPED,
        headers=(
            ("Content-Type", HTML),
            ("Content-Encoding", "gzip"),
            ("Set-Cookie", "a=1; path=/"),
            ("Set-Cookie", "b=2; path=/"),
        ),
    ),
    f"http://{WUYOU}/xxgknb/1.html": page("<p>正文</p>"),
    f"http://{WUYOU}/out": redirect("http://www.example.com/xxgknb/"),
    f"http://{WUYOU}/inside": redirect("http://127.0.0.1/xxgknb/"),
    f"http://{WUYOU}/moved?b=2&a=1": redirect("/there"),
    f"http://{WUYOU}/there": page("<script>location.href='/hop/index.html'</script>"),
    f"http://{WUYOU}/hop/index.html": page("<p>到了</p>"),
    f"http://{WUYOU}/cut": Answer(body=b"<p>half", headers=(("Content-Type", HTML),), promised=100),
    f"http://{WUYOU}/soft": page("<p>对不起，您访问的页面不存在！</p>"),
    f"http://{WUYOU}/broken": Answer(
        body=b"<p>not gzip at all", headers=(("Content-Type", HTML), ("Content-Encoding", "gzip"))
    ),
    f"http://{WUYOU}/report.pdf": Answer(body=b"%PDF-1.4", headers=(("Content-Type", "application/pdf"),)),
    f"http://{NANKE}/robots.txt": Answer(503, b"down"),
    f"http://{NANKE}/": links(("/xxgknb/", "信息公开年报")),
    f"http://{ZIXU}/robots.txt": Answer(200, b"<html>home</html>", (("Content-Type", HTML),)),
    f"http://{ZIXU}/": links(*((f"/xxgknb/{n}/", "信息公开年报") for n in range(9))),
    **{f"http://{ZIXU}/xxgknb/{n}/": Answer(412, b"<script>challenge") for n in range(9)},
    f"http://{HUAXU}/": Answer(502, b"bad gateway"),
}


@dataclass
class Crawled:
    web: TinyWeb
    database: Database
    summary: dict[str, Any]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    url = f"sqlite:///{tmp_path_factory.mktemp('crawl')}/nianbao.db"
    register(url, *(site(host) for host in (WUYOU, NANKE, ZIXU, HUAXU)))
    with TinyWeb(ANSWERS) as web:
        summary = crawl(web, url)
        database = open_database(url)
        yield Crawled(web, database, summary)
        database.close()


def test_the_run_is_sealed_and_its_summary_counts_every_fetch(crawled):
    [(state, captures, seal)] = rows(crawled.database, "SELECT state, captures, seal FROM runs")
    assert (state, captures) == ("done", len(crawled.web.asked))
    assert seal
    assert crawled.summary["fetched"] == captures
    assert crawled.summary["blocked"] == 5
    # no /robots.txt there, 404 and soft 404; a page cut short and a home page that is down, four times each,
    # and twice a robots.txt;
    # nothing on the department's host; and the page that cannot be there, asked for when one was in doubt
    assert crawled.summary["missing"] == 3 + 3 + 1
    assert crawled.summary["errors"] == 4 + 4 + 2


def test_nothing_is_fetched_twice_but_what_failed(crawled):
    failed = rows(crawled.database, "SELECT url, count(*) FROM captures WHERE outcome = 'error' GROUP BY url")
    again = {url: times for url, times in Counter(crawled.web.asked).items() if times > 1}
    assert again == dict(failed)


def test_we_say_who_we_are(crawled):
    headers = crawled.web.headers[f"http://{WUYOU}/"]
    assert headers["User-Agent"] == "nianbao/0.1 (+https://example.org/we)"


def test_the_body_is_kept_as_received_and_every_header_value_with_it(crawled):
    capture = captured(crawled.database, f"http://{WUYOU}/zip/xxgknb/")
    assert capture.payload == ZIPPED
    assert [value for name, value in capture.headers if name == "Set-Cookie"] == [
        "a=1; path=/",
        "b=2; path=/",
    ]
    assert ("Content-Encoding", "gzip") in capture.headers
    assert dict(capture.request_headers)["User-Agent"].startswith("nianbao/")


def test_links_of_a_compressed_page_without_charset_are_found(crawled):
    assert captured(crawled.database, f"http://{WUYOU}/xxgknb/1.html").kind == "report"


def test_redirects_off_the_gate_are_kept_and_not_followed(crawled):
    assert captured(crawled.database, f"http://{WUYOU}/out").status == 302
    assert captured(crawled.database, f"http://{WUYOU}/inside").status == 302
    hosts = {urlsplit(url).hostname for url in crawled.web.asked}
    assert hosts == {WUYOU, NANKE, ZIXU, HUAXU, DEPARTMENT}
    known = rows(crawled.database, "SELECT DISTINCT host FROM frontier WHERE host NOT LIKE 'www.%.gov.cn'")
    assert known == [(DEPARTMENT,)]


def test_a_departments_own_host_is_found_and_crawled_as_of_the_same_place(crawled):
    query = "SELECT registered, note FROM sites WHERE host = :host"
    assert rows(crawled.database, query, host=DEPARTMENT) == [(1, f"found on {WUYOU}")]
    assert f"http://{DEPARTMENT}/xxgknb/" in crawled.web.asked
    found = "SELECT code FROM run_findings WHERE host = :host"
    assert rows(crawled.database, found, host=DEPARTMENT) == [("host_found",)]


def test_redirects_and_script_hops_inside_are_followed_by_way_of_the_frontier(crawled):
    assert captured(crawled.database, f"http://{WUYOU}/moved?b=2&a=1").status == 302
    assert captured(crawled.database, f"http://{WUYOU}/hop/index.html").outcome == "new"


def test_robots_is_archived_obeyed_and_comes_first_also_by_redirect(crawled):
    asked = [url for url in crawled.web.asked if WUYOU in url]
    assert asked[:2] == [f"http://{WUYOU}/robots.txt", f"http://{WUYOU}/rules/robots.txt"]
    assert captured(crawled.database, f"http://{WUYOU}/rules/robots.txt").kind == "robots"
    assert f"http://{WUYOU}/secret/" not in asked
    query = "SELECT due_at, decision FROM frontier WHERE url = :url"
    assert rows(crawled.database, query, url=f"http://{WUYOU}/secret/") == [(None, "robots")]


def test_what_is_known_of_an_exchange_is_kept(crawled):
    """All but who answered: between us and the hosts stands a proxy (tests/crawler/test_wire.py has none)."""
    query = "SELECT {} FROM captures WHERE host = :host AND elapsed IS NOT NULL AND {}"
    met = query.format("DISTINCT protocol, ip_address", "true")
    ruled = query.format("DISTINCT kind = 'robots', robots", "true")
    read = query.format("DISTINCT charset", "charset <> ''")
    assert rows(crawled.database, met, host=WUYOU) == [("HTTP/1.1", "")]
    assert set(rows(crawled.database, ruled, host=WUYOU)) == {(1, ""), (0, "allowed")}
    assert set(rows(crawled.database, read, host=WUYOU)) == {("utf-8",), ("gb18030",)}
    home = captured(crawled.database, f"http://{WUYOU}/")
    assert ("User-Agent", crawled.web.headers[f"http://{WUYOU}/"]["User-Agent"]) in home.request_headers
    assert [name for name, _ in home.headers][:2] == ["Server", "Date"]  # in their order and case


def test_a_host_whose_robots_fails_twice_and_never_answered_rests_beyond_the_run(crawled):
    assert [url for url in crawled.web.asked if NANKE in url] == [f"http://{NANKE}/robots.txt"] * 2
    assert rows(crawled.database, "SELECT rests FROM sites WHERE host = :host", host=NANKE) == [(1,)]
    assert rows(crawled.database, "SELECT url FROM frontier WHERE host = :host AND kind = 'home'", host=NANKE)


def test_a_host_of_walls_rests_after_five(crawled):
    assert len([url for url in crawled.web.asked if f"{ZIXU}/xxgknb" in url]) == 5
    outcome = "SELECT DISTINCT outcome, status FROM captures WHERE url LIKE :url"
    assert rows(crawled.database, outcome, url=f"http://{ZIXU}/xxgknb/%") == [("blocked", 412)]


@pytest.mark.parametrize(
    ("path", "outcome", "payload"),
    [
        ("/cut", "error", b"<p>half"),
        ("/broken", "new", b"<p>not gzip at all"),
        ("/gone", "missing", b"nothing here"),
        ("/soft", "soft_404", None),
        ("/report.pdf", "new", b"%PDF-1.4"),
    ],
)
def test_every_answer_is_kept_and_labelled(crawled, path, outcome, payload):
    capture = captured(crawled.database, f"http://{WUYOU}{path}")
    assert capture.outcome == outcome
    assert payload is None or capture.payload == payload
    assert bool(capture.error) == (path != "/report.pdf")


def test_a_file_with_a_reports_title_is_an_attachment(crawled):
    assert captured(crawled.database, f"http://{WUYOU}/report.pdf").kind == "attachment"


def test_the_sites_know_how_their_last_visit_went(crawled):
    outcomes = dict(rows(crawled.database, "SELECT host, last_outcome FROM sites"))
    assert (outcomes[ZIXU], outcomes[HUAXU]) == ("blocked", "error")
