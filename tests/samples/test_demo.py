"""The real command line against the invented web: what it brings home, and its manners by the web's log."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from crawler.addresses import domain_of
from samples.comparison import compare
from samples.demo import proxied
from samples.requisites import is_requisite
from samples.web import Asked, SampleWeb

ROOT = Path(__file__).parents[2]
FAILED = """
    SELECT publisher, year, expected, actual FROM checks JOIN reports USING (report_id) WHERE passed = 0
"""


def crawl(url: str, proxy: str) -> None:
    program = Path(sys.executable).with_name("nianbao")
    command = [program, "--db", url, "crawl", "--sites", ROOT / "samples" / "sites.toml", "--delay", "0"]
    subprocess.run(command, env=proxied(proxy), check=True, capture_output=True)


@pytest.fixture(scope="module")
def crawled(sites, tmp_path_factory) -> tuple[Engine, list[Asked], list[Asked]]:
    """The database after two runs, and what each run asked for."""
    url = f"sqlite:///{tmp_path_factory.mktemp('crawled') / 'crawled.db'}"
    with SampleWeb(sites) as web:
        crawl(url, web.proxy)
        first = list(web.log)
        crawl(url, web.proxy)
        second = web.log[len(first) :]
    engine = create_engine(url)
    yield engine, first, second
    engine.dispose()


def test_every_report_and_figure_is_there_and_nothing_else(crawled, expected):
    with crawled[0].connect() as connection:
        result = compare(connection, expected)
    assert result.differences == ()
    assert (result.reports_found, result.figures_found) == (41, 7592)


def test_only_the_planted_total_fails_a_check(crawled):
    with crawled[0].connect() as connection:
        failed = connection.execute(text(FAILED)).all()
    assert [(publisher, year, actual - right) for publisher, year, right, actual in failed] == [
        ("乌有县人民政府", 2022, 1)
    ]


def test_no_host_is_asked_but_the_registered_and_those_below_their_domains(crawled, sites):
    registered = {site.host for site in sites}
    found = {asked.host for asked in crawled[1]} - registered
    assert registered <= {asked.host for asked in crawled[1]}
    assert {domain_of(f"http://{host}/") for host in found} <= {
        domain_of(f"http://{host}/") for host in registered
    }


def test_robots_come_first_and_are_obeyed(crawled):
    paths = {}
    for asked in crawled[1]:
        paths.setdefault(asked.host, []).append(asked.path)
    assert all(asked[0] == "/robots.txt" for asked in paths.values())
    assert not [path for path in paths["www.wuyou.gov.cn"] if path.startswith("/zwgk/zfxxgk/zfxxgknb/lszl/")]


def test_the_wall_is_recorded_and_not_tried_again(crawled):
    walls = [asked for asked in crawled[1] if asked.status == 412]
    assert len(walls) == 1
    with crawled[0].connect() as connection:
        outcomes = connection.execute(text("SELECT outcome, status FROM captures WHERE status = 412")).all()
    assert outcomes == [("blocked", 412)]


def test_a_harvest_worth_the_asking(crawled, expected):
    pages = [asked for asked in crawled[1] if not is_requisite(asked.path)]
    assert len(expected) / len(pages) >= 0.25


def test_nothing_is_asked_twice_in_a_run(crawled):
    asked = [(line.host, line.path) for line in crawled[1]]
    assert len(asked) == len(set(asked))


def test_a_second_run_at_once_asks_nothing(crawled):
    assert crawled[2] == []


def test_a_page_that_is_not_there_is_no_page(crawled):
    with crawled[0].connect() as connection:
        gone = connection.execute(text("SELECT host, status FROM captures WHERE outcome = 'soft_404'")).all()
    assert gone == [("www.zixu.gov.cn", 200)]


def test_each_site_is_known_by_its_furniture(crawled, sites):
    columns = "host, name, site_id_code, icp_number, police_number"
    with crawled[0].connect() as connection:
        stored = {
            tuple(row) for row in connection.execute(text(f"SELECT {columns} FROM sites WHERE name <> ''"))
        }
    assert stored == {
        (site.host, site.name, site.site_id_code, site.icp_number, site.police_number) for site in sites
    }
