"""A report's page over time: versions, years side by side, checks that unfold, what was not placed."""

from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.reading import read_captures

PAGE = (Path(__file__).parents[1] / "extract/readers/files/report.html").read_text(encoding="utf-8")
URL = "http://www.a.gov.cn/2023.html"
OTHER = "http://www.a.gov.cn/2024.html"


@pytest.fixture(scope="module")
def keys(keep):
    """The same body's reports of two years, one of them corrected a month later."""
    keep.put(URL, PAGE.encode())
    wrong = PAGE.replace("<td>252</td>", "<td>252</td>").replace(">844<", ">845<").replace("29条", "30条")
    keep.put(URL, wrong.encode(), at=keep.now + timedelta(days=30))
    keep.put(OTHER, PAGE.replace("2023", "2024").encode(), at=keep.now + timedelta(days=31))
    read_captures(keep.database)
    from storage.rows import report_id

    return report_id(URL), report_id(OTHER)


def test_versions_are_told_by_their_figures_first(pages, keys):
    page = pages.get(f"/reports/{keys[0]}/versions/1").text
    figures, words = page.index("数据的差异"), page.index("文字的差异")
    assert figures < words
    assert "行政处罚" in page
    assert ">844</a></del>" in page
    assert ">845</a></ins>" in page
    assert "<del>29</del><ins>30</ins>" in page or "<del>29</del>" in page


def test_a_report_links_its_versions_years_and_package(pages, keys):
    page = pages.get(f"/reports/{keys[0]}").text
    for link in (f"/reports/{keys[0]}/versions/1", f"/reports/{keys[0]}/years", f"/wacz?report={keys[0]}"):
        assert link in page
    assert pages.get("/wacz", params={"report": keys[0]}).status_code == 200


def test_years_stand_side_by_side_with_their_checks(pages, keys):
    page = pages.get(f"/reports/{keys[0]}/years").text
    assert ">2023</a>" in page
    assert ">2024</a>" in page
    assert "一、本年新收政府信息公开申请数量：总计" in page
    assert "上年结转" in page
    lines = pages.get(f"/reports/{keys[0]}/years.csv").text.splitlines()
    assert lines[0].endswith("measure,year,value,comparable,report_id")
    assert len(lines) > 100


@pytest.mark.parametrize("phrase", ["财政", "条例", "政府信息公开条例", "主动 公开"])
def test_words_are_found_in_context(pages, keys, phrase):
    page = pages.get("/search", params={"q": phrase}).text
    assert "<mark>" in page
    assert f"/reports/{keys[0]}" in page


def test_a_search_stays_in_its_year(pages, keys):
    page = pages.get("/search", params={"q": "财政", "year": "2024"}).text
    assert f"/reports/{keys[1]}" in page
    assert f"/reports/{keys[0]}" not in page


@pytest.mark.parametrize("phrase", ["财", '"', "* OR *", "NEAR(", "'; DROP TABLE readings; --", "不存在之词"])
def test_a_phrase_that_finds_nothing_breaks_nothing(pages, keys, phrase):
    answer = pages.get("/search", params={"q": phrase, "region": "%", "year": "x"})
    assert answer.status_code == 200
    assert "<mark>" not in answer.text


def test_facets_narrow_the_list(pages, keys):
    page = pages.get("/reports").text
    assert 'href="?year=2024"' in page
    narrowed = pages.get("/reports", params={"year": "2024", "status": "complete"}).text
    assert keys[1] in narrowed
    assert keys[0] not in narrowed
    assert "/reports.csv?year=2024&amp;status=complete" in narrowed


def test_checks_unfold_into_their_figures(pages, keys):
    page = pages.get(f"/reports/{keys[0]}").text
    assert "勾稽相符" in page
    assert '<p class="equation">' in page
    assert f'href="/reports/{keys[0]}/requests/received/natural"' in page


def test_where_the_identity_comes_from_is_said(pages, keys):
    page = pages.get(f"/reports/{keys[0]}").text
    assert 'class="evidence"' in page
    assert "为何判为年度报告" in page


@pytest.mark.parametrize("path", ["/versions/99", "/versions/x", "/nothing"])
def test_what_is_not_there_is_said_so(pages, keys, path):
    assert pages.get(f"/reports/{keys[0]}{path}").status_code == 404
