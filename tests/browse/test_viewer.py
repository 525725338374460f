"""An archived page under its banner, and the way there from its address and time."""

import pytest

URL = "http://www.a.gov.cn/a.html"


@pytest.fixture(scope="module")
def page_id(keep):
    return keep.put(URL, "<p>年报".encode())


def test_the_page_is_in_a_frame_of_the_other_origin(pages, page_id):
    answer = pages.get(f"/captures/{page_id}/page", params={"at": "xpath:/html/body/p"})
    assert f'src="http://snapshots.test/capture/{page_id}?at=xpath%3A' in answer.text
    assert "#nianbao-here" in answer.text
    assert 'sandbox="allow-top-navigation-by-user-activation"' in answer.text
    assert "frame-src http://snapshots.test;" in answer.headers["content-security-policy"]


def test_the_banner_says_where_when_and_under_which_seal(pages, page_id):
    page = pages.get(f"/captures/{page_id}/page").text
    for said in (URL, "2026-02-01 12:30:00", "已封印", "SHA-256", "HTTP 200"):
        assert said in page


def test_an_address_and_a_time_lead_to_the_nearest_capture(pages, page_id):
    answer = pages.get(f"/web/2026/{URL}")
    assert answer.headers["location"] == f"/captures/{page_id}/page"


def test_an_address_that_was_never_archived_is_said_not_to_be(pages):
    answer = pages.get("/web/2026/http://www.a.gov.cn/never?x=<script>")
    assert answer.status_code == 404
    assert "存档中没有这个网址" in answer.text
    assert "<script>" not in answer.text


@pytest.mark.parametrize("path", ["/web/x/http://a.gov.cn/", "/web/2026", "/captures/999/page"])
def test_what_is_no_place_is_not_found(pages, path):
    assert pages.get(path).status_code == 404
