import pytest

from crawler.outcomes import GOOD, judge_answer, judge_page, judge_redirect
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


def test_what_gave_a_wall_away_is_said():
    assert (
        judge_answer(200, b"x=__jsl_clearance_s").reason
        == "HTTP 200, a challenge of 加速乐 (__jsl_clearance)"
    )
    cookie = (("Set-Cookie", "FSSBBIl1UgzbN7N80S=1; path=/"),)
    assert judge_answer(412, b"", cookie).reason == "HTTP 412, 瑞数 (cookie FSSBBIl1UgzbN7N80S)"
    assert judge_answer(200, b"<p>", cookie) is GOOD
    assert (
        judge_redirect((("Set-Cookie", "CT6T=2"),)).reason == "redirects to itself, openresty (cookie CT6T)"
    )


@pytest.mark.parametrize(
    "markup",
    [
        "<title>安全验证</title><p>您的访问过于频繁，请输入验证码后继续访问</p>",
        "<p>很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。</p>",
        "<title>网站防火墙</title><p>您的请求带有不合法参数</p>",
    ],
)
def test_a_wall_that_speaks_is_heard(markup):
    assert judge_page(Page("http://www.wuyou.gov.cn/a", markup)).outcome == "blocked"


@pytest.mark.parametrize(
    "markup", ["<p>县长信箱</p><p>请输入验证码</p>", "<p>" + "正文" * 400 + "访问过于频繁</p>"]
)
def test_a_form_or_an_article_is_no_wall(markup):
    assert judge_page(Page("http://www.wuyou.gov.cn/a", markup)) is GOOD


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
