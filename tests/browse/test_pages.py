"""The pages over a small archive: every address answers, every figure leads to its source."""

import re
from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

from browse.app import make_app
from browse.options import Options
from browse.pages import environment
from browse.words import all_words
from pipeline.importing import import_saved
from pipeline.reading import read_captures
from pipeline.saved import find_saved
from samples.site import build_sites
from samples.truth import truth
from samples.web import SampleWeb
from storage.database import open_database

NOW = datetime(2026, 11, 22, tzinfo=UTC)
LISTS = ("reports", "captures", "coverage", "sites", "runs")
EXPECTED = next(each for each in truth(build_sites()) if each.form == "2021")


@pytest.fixture(scope="module")
def visitor(tmp_path_factory):
    """A browser on an archive that holds one sample report."""
    folder = tmp_path_factory.mktemp("browse")
    page = folder / "page.html"
    with SampleWeb() as web:
        page.write_bytes(fetch(web, EXPECTED.url))
    database = open_database(f"sqlite:///{folder}/a.db")
    import_saved(database, find_saved([page], EXPECTED.url, "2026-02-01", NOW), NOW)
    read_captures(database)
    with TestClient(make_app(database, Options(names=("testserver",)))) as client:
        yield client
    database.close()


def fetch(web, url):
    from urllib.request import ProxyHandler, build_opener

    with build_opener(ProxyHandler({"http": web.proxy})).open(url, timeout=10) as answer:
        return answer.read()


def report_path(visitor):
    return re.search(r"/reports/[0-9a-f]{16}", visitor.get("/reports").text).group()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/reports",
        "/search",
        "/captures",
        "/captures/1",
        "/coverage",
        "/sites",
        "/runs",
        "/runs/1",
        "/data",
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_answers_in_both_languages(visitor, path, language):
    answer = visitor.get(path, params={"lang": language})
    visitor.cookies.clear()  # the language is remembered
    assert answer.status_code == 200
    assert f'<html lang="{"zh-Hans" if language == "zh" else "en"}">' in answer.text


def test_a_report_is_laid_out_with_all_its_figures(visitor):
    page = visitor.get(report_path(visitor)).text
    assert EXPECTED.publisher in page
    assert page.count('<td class="figure') == 200
    assert "第二十条第（五）项" in page
    assert "第二十条第（六）项" in page


def test_a_figure_leads_to_its_source_and_reads_the_same_again(visitor):
    page = visitor.get(f"{report_path(visitor)}/requests/received/total").text
    assert "（一致）" in page or "(一致)" in page
    assert EXPECTED.url in page
    assert "xpath:" in page
    assert "#nianbao-here" in page


def test_filters_and_the_download_agree(visitor):
    assert EXPECTED.publisher in visitor.get("/reports", params={"q": EXPECTED.publisher[:2]}).text
    none = visitor.get("/reports", params={"year": "1999"}).text
    assert EXPECTED.publisher not in none
    lines = visitor.get("/reports.csv", params={"year": str(EXPECTED.year)}).text.splitlines()
    assert len(lines) == 2
    assert EXPECTED.publisher in lines[1]


def test_quotes_and_wildcards_are_only_text(visitor):
    assert visitor.get("/reports", params={"q": "' OR 1=1 --", "host": '"><script>'}).status_code == 200
    page = visitor.get("/captures", params={"q": "<script>alert(1)</script>"}).text
    assert "<script>" not in page


@pytest.mark.parametrize(
    "path",
    [
        *("/nothing", "/reports/0000000000000000", "/captures/999", "/captures/999/raw", "/captures/x"),
        *(f"/{kind}/{'9' * 20}" for kind in ("captures", "runs", "review/pages")),
    ],
)
def test_what_is_not_there_is_said_so(visitor, path):
    answer = visitor.get(path)
    assert answer.status_code == 404
    assert "没有这个页面" in answer.text


def test_a_page_number_that_is_none_is_the_first(visitor):
    assert visitor.get("/reports", params={"page": "x"}).status_code == 200
    assert visitor.get("/reports", params={"page": "-3"}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/nothing", "/captures/1/raw", "/static/nianbao.css"])
def test_every_answer_says_what_a_browser_may_do(visitor, path):
    headers = visitor.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_archived_bytes_leave_only_as_a_sandboxed_download(visitor):
    answer = visitor.get("/captures/1/raw")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["content-security-policy"]


def test_other_host_names_are_refused(visitor):
    assert visitor.get("/", headers={"Host": "evil.example"}).status_code == 400


def test_every_word_of_every_template_exists_in_both_languages():
    words = all_words()
    loader = environment()
    for name in (
        "overview",
        "reports",
        "report",
        "viewer",
        "not_archived",
        "data",
        "heat",
        "run",
        "review",
        "review_fields",
        "review_page",
        "review_cell",
        "search",
        "calendar",
        "too_large",
        "years",
        "version",
        "captures",
        "capture",
        "sites",
        "runs",
        "coverage",
    ):
        source = loader.loader.get_source(loader, f"{name}.html")[0]
        for key in re.findall(r"\bt\('(\w+)'\)", source):
            assert set(words[key]) == {"zh", "en"}


def test_from_the_counts_of_a_run_to_its_captures(visitor):
    assert "/captures?run=1&amp;kind=" in visitor.get("/runs/1").text
    assert 'href="/captures/1/page"' in visitor.get("/captures", params={"run": "1"}).text
    assert "/page" not in visitor.get("/captures", params={"run": "x"}).text
