import pytest

from crawler.outcomes import GOOD, judge_answer, judge_page
from crawler.page import Page


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, b"<p>", ""),
        (302, b"", ""),
        (304, b"", ""),
        (404, b"", "missing"),
        (410, b"", "missing"),
        (403, b"", "blocked"),
        (405, b"", "blocked"),
        (412, b"", "blocked"),
        (521, b"", "blocked"),
        (200, b"<script>wzwschallenge()</script>", "blocked"),
        (202, b"<script>FSSBBIl1UgzbN7N80</script>", "blocked"),
        (503, b"__jsl_clearance", "blocked"),
        (500, b"", "error"),
        (429, b"", "error"),
    ],
)
def test_the_status_and_the_head_of_the_body_tell(status, body, outcome):
    judgement = judge_answer(status, body)
    assert judgement.outcome == outcome
    assert bool(judgement.reason) == bool(outcome)


def test_a_long_page_about_a_wall_is_no_wall():
    assert judge_answer(200, b"wzwschallenge" + b" " * 10_000) is GOOD


@pytest.mark.parametrize(
    "markup",
    [
        "<title>404</title>",
        "<title>页面不存在</title>",
        "<title>乌有县</title><p>对不起，您访问的页面不存在或已被删除！</p>",
    ],
)
def test_a_page_that_says_not_found_is_not_there(markup):
    assert judge_page(Page("http://www.wuyou.gov.cn/a", markup)).outcome == "soft_404"


@pytest.mark.parametrize(
    "markup",
    ["<title>2404号文</title>", "<title>年报</title>" + "正文" * 3000 + "所需信息不存在的，不予公开"],
)
def test_a_page_that_mentions_it_is_there(markup):
    assert judge_page(Page("http://www.wuyou.gov.cn/a", markup)) is GOOD
