"""The calendar: every capture on its day, coloured by what came of it."""

from datetime import timedelta

import pytest

URL = "http://www.a.gov.cn/a.html"


@pytest.fixture(scope="module", autouse=True)
def nights(keep):
    keep.put(URL, b"<p>1", at=keep.now)
    keep.put(URL, b"<p>1", at=keep.now + timedelta(days=1))
    keep.put(URL, b"wall", at=keep.now + timedelta(days=2), status=412, outcome="blocked")
    keep.put(URL, b"<p>2", at=keep.now + timedelta(days=365))
    keep.put("http://www.a.gov.cn/b.html", b"<p>b", at=keep.now)


def test_each_day_has_its_colour_and_leads_to_its_capture(pages):
    page = pages.get("/calendar", params={"url": URL, "year": "2026"}).text
    assert '<td class="outcome new"><a href="/captures/1/page" title="2026-02-01: 1, 新内容">1</a>' in page
    assert '<td class="outcome unchanged"><a href="/captures/2/page"' in page
    assert '<td class="outcome blocked">' in page
    assert page.count('class="month"') == 12


def test_the_newest_year_comes_first_and_the_others_are_linked(pages):
    page = pages.get("/calendar", params={"url": URL}).text
    assert "2027-02" in page
    assert "year=2026" in page


def test_a_site_counts_all_its_captures(pages):
    page = pages.get("/calendar", params={"host": "www.a.gov.cn", "year": "2026"}).text
    assert 'title="2026-02-01: 2, 新内容"' in page
    assert "host=www.a.gov.cn&amp;day=2026-02-01" in page
    listed = pages.get("/captures", params={"host": "www.a.gov.cn", "day": "2026-02-01"}).text
    assert listed.count("/page") == 2


def test_an_address_without_captures_has_no_calendar(pages):
    assert pages.get("/calendar", params={"url": "http://never/"}).status_code == 404
    assert pages.get("/calendar").status_code == 404


def test_the_list_of_captures_is_a_csv_too(pages):
    lines = pages.get("/captures.csv", params={"outcome": "blocked"}).text.splitlines()
    assert len(lines) == 2
    assert URL in lines[1]
