from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from crawler.page import Page
from crawler.probes import HONEST, Stranger, find_stranger, is_doubtful, probe_link, probe_url
from crawler.robots import Missing
from crawler.visit import Visit
from storage import frontier
from storage.archive import record_captures
from storage.captures import Capture
from storage.frontier import Settlement
from storage.runs import start_run

NOW = datetime(2024, 2, 1, tzinfo=UTC)
URL = "http://www.wuyou.gov.cn/nb/1.html"
HOME = "<title>乌有县</title>" + "".join(f"<li><a href='/{n}'>要闻{n}</a></li>" for n in range(30))
REPORT = Capture(URL, NOW, 200, b"", kind="report")


def found(database, status: int, body: str) -> Stranger | Missing:
    address = probe_url(URL)
    with database.write() as connection:
        frontier.add_links(connection, {"": [probe_link(address)]}, {"www.wuyou.gov.cn"}, NOW)
        assert find_stranger(connection, URL, NOW) == Missing(address)
        run = start_run(connection, "crawl", NOW)
        capture = Capture(address, NOW, status, body.encode(), kind="other", outcome="soft_404")
        record_captures(connection, run, [capture])
        frontier.settle(connection, [Settlement(address, NOW + timedelta(days=30))])
        return find_stranger(connection, URL, NOW)


def test_the_address_is_the_hosts_own_and_stays_the_same():
    assert probe_url(URL) == probe_url("http://www.wuyou.gov.cn/")
    assert probe_url(URL) != probe_url("https://www.nanke.gov.cn/")


def test_an_honest_host_resembles_nothing(database):
    assert found(database, 404, HOME) == HONEST
    assert not HONEST.resembles(Page(URL, HOME))


def test_a_host_that_answers_everything_with_its_home_page_is_found_out(database):
    stranger = found(database, 200, HOME)
    assert isinstance(stranger, Stranger)
    assert stranger.resembles(Page(URL, HOME))
    assert stranger.resembles(Page(URL, HOME.replace("要闻7<", "今日要闻<")))
    assert not stranger.resembles(Page(URL, HOME + "".join(f"<p>第{n}条 报告</p>" for n in range(9))))


@pytest.mark.parametrize(
    ("visit", "doubtful"),
    [
        (Visit(REPORT), True),
        (Visit(REPORT, is_promising=True), False),
        (Visit(replace(REPORT, status=404, outcome="missing")), False),
        (Visit(replace(REPORT, kind="listing")), False),
    ],
)
def test_only_what_should_be_a_report_and_is_not_makes_us_doubt(visit, doubtful):
    assert is_doubtful(visit) == doubtful
