"""In a real browser: every page on a phone and on a desk, for those who see it, hear it or use only keys."""

from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from pipeline.reading import read_captures
from storage.rows import report_id

PAGE = (Path(__file__).parents[1] / "extract/readers/files/report.html").read_text(encoding="utf-8")
URL, NEXT = "http://www.a.gov.cn/2023.html", "http://www.a.gov.cn/2024.html"
KEY = report_id(URL)
PAGES = (
    *(
        "/",
        "/reports",
        "/search?q=公开",
        "/coverage",
        "/captures",
        "/captures/1",
        "/sites",
        "/runs",
        "/runs/1",
    ),
    *("/data", "/review", f"/review/cells/{KEY}/requests/received/total", "/nothing"),
    *(f"/reports/{KEY}", f"/reports/{KEY}/years", f"/reports/{KEY}/versions/1"),
    *(f"/reports/{KEY}/requests/received/total", f"/calendar?url={URL}", "/captures/1/page"),
)
SERIOUS = {"serious", "critical"}


@pytest.fixture(scope="module")
def archive(keep):
    keep.put(URL, PAGE.encode())
    keep.put(
        URL, PAGE.replace(">844<", ">845<").replace("29条", "30条").encode(), at=keep.now + timedelta(days=9)
    )
    keep.put(NEXT, PAGE.replace("2023", "2024").encode(), at=keep.now + timedelta(days=9))
    read_captures(keep.database)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_its_window_and_has_no_serious_fault(doors, archive, page, path):
    page.goto(doors.pages + path)
    for width in (1440, 360):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page, options={"iframes": False})
    faults = [each for each in found.response["violations"] if each["impact"] in SERIOUS]
    assert not faults, [(each["id"], [node["html"][:200] for node in each["nodes"]][:4]) for each in faults]


def test_dark_pages_can_be_read_too(doors, archive, page):
    page.emulate_media(color_scheme="dark")
    for path in ("/", f"/reports/{KEY}", f"/reports/{KEY}/versions/1", f"/calendar?url={URL}"):
        page.goto(doors.pages + path)
        found = Axe().run(page, options={"runOnly": ["color-contrast"]})
        assert not found.response["violations"], path


def test_words_are_searched_and_found_in_the_report(doors, archive, page):
    page.goto(doors.pages)
    page.get_by_role("searchbox").fill("财政")
    page.get_by_role("searchbox").press("Enter")
    assert page.locator(".hits mark").first.inner_text() == "财政"
    page.locator(".hits a").first.click()
    assert "财政" in page.locator("h1").inner_text()


def test_a_version_is_told_by_its_figures_then_its_words(doors, archive, page):
    page.goto(f"{doors.pages}/reports/{KEY}")
    page.locator("#versions + ul a").first.click()
    line = page.get_by_role("row", name="行政处罚")
    assert line.locator("del").inner_text() == "844"
    assert line.locator("ins").inner_text() == "845"
    line.locator("del a").click()
    assert page.frame_locator("iframe").locator("#nianbao-here").inner_text() == "844"


def test_a_day_of_the_calendar_leads_to_the_page_of_that_day(doors, archive, page):
    page.goto(f"{doors.pages}/calendar?url={URL}")
    page.locator(".month td.outcome a").first.click()
    assert "2026-02-01" in page.locator(".banner time").inner_text()
    assert "年度报告" in page.frame_locator("iframe").locator("h1").inner_text()


def test_keys_alone_reach_a_figure_and_its_source(doors, archive, page):
    page.goto(f"{doors.pages}/reports/{KEY}")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('td.figure') !== null"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/disclosure/**")
    assert page.frame_locator("iframe").locator("#nianbao-here").count() == 1


def test_a_print_has_the_report_and_not_the_navigation(doors, archive, page):
    page.emulate_media(media="print")
    page.goto(f"{doors.pages}/reports/{KEY}")
    assert not page.locator("header nav").is_visible()
    assert page.locator("table").first.is_visible()


def test_the_sql_page_answers_a_question(doors, archive, page):
    pytest.importorskip("datasette", reason="the sql extra is not installed")
    page.goto(f"{doors.pages}/sql/nianbao?sql=select+count(*)+as+n+from+reports")
    assert page.locator("table.rows-and-columns td").inner_text().strip() == "2"
