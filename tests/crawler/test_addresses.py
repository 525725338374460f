from urllib.parse import urljoin

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.addresses import base_for, canonical, origin_of, resolve


@pytest.mark.parametrize(
    ("written", "one_form"),
    [
        ("http://www.wuyou.gov.cn", "http://www.wuyou.gov.cn/"),
        ("HTTP://WWW.Wuyou.GOV.cn:80/A#top", "http://www.wuyou.gov.cn/A"),
        ("https://www.wuyou.gov.cn:443/", "https://www.wuyou.gov.cn/"),
        ("http://www.wuyou.gov.cn:8080/", "http://www.wuyou.gov.cn:8080/"),
        ("http://www.wuyou.gov.cn./", "http://www.wuyou.gov.cn/"),
        ("http://user:word@www.wuyou.gov.cn/", "http://www.wuyou.gov.cn/"),
        ("http://www.wuyou.gov.cn/a;jsessionid=0A1?b=2&a=1", "http://www.wuyou.gov.cn/a?b=2&a=1"),
        ("http://www.wuyou.gov.cn/年报/", "http://www.wuyou.gov.cn/%E5%B9%B4%E6%8A%A5/"),
        ("http://www.wuyou.gov.cn/a b", "http://www.wuyou.gov.cn/a%20b"),
        ("http://www.wuyou.gov.cn/%e5%b9%b4", "http://www.wuyou.gov.cn/%e5%b9%b4"),
    ],
)
def test_one_page_is_one_address(written, one_form):
    assert canonical(written) == one_form


@pytest.mark.parametrize(
    "written",
    [
        "",
        "mailto:a@b.cn",
        "javascript:void(0)",
        "ftp://a.gov.cn/",
        "http:///x",
        "http://[::1/",
        "http://a.gov.cn:x/",
    ],
)
def test_what_is_no_web_address_is_none(written):
    assert canonical(written) is None


def test_a_reference_is_resolved_with_the_query_in_the_pages_encoding():
    base = "http://www.wuyou.gov.cn/xxgk/index.html"
    assert resolve(base, " ../a.html ") == "http://www.wuyou.gov.cn/a.html"
    assert resolve(base, "//zrzy.wuyou.gov.cn") == "http://zrzy.wuyou.gov.cn/"
    assert resolve(base, "年?年", "gb18030") == "http://www.wuyou.gov.cn/xxgk/%E5%B9%B4?%C4%EA"
    assert resolve(base, "http://[") is None


@given(st.text())
def test_the_canonical_form_is_its_own_canonical_form(text):
    once = canonical(f"http://www.wuyou.gov.cn/{text}")
    assert once is None or canonical(once) == once


def test_a_base_is_cut_to_what_the_reference_needs():
    base = "http://www.wuyou.gov.cn/xxgk/index.html?a=b"
    assert base_for(base, "/zwgk/") == base_for(base, "http://a.gov.cn/") == "http://www.wuyou.gov.cn"
    assert base_for(base, "../a.html") == "http://www.wuyou.gov.cn/xxgk/"
    assert base_for(base, "?c=d") == base_for(base, " ?c=d") == base


BASES = st.from_regex(r"https?://a\.gov\.cn(:81)?(/[a./]*)?(\?[a/]*)?", fullmatch=True)
REFERENCES = st.text("a./?#:;&", max_size=9) | st.from_regex(r"(https?:)?/{0,3}[a.?/:]{0,6}", fullmatch=True)


@example("http://a.gov.cn/?a", ";")  # holds no path, whatever it looks like
@given(BASES, REFERENCES)
def test_a_reference_means_the_same_from_the_folder_as_from_the_page(base, reference):
    try:
        plain = canonical(urljoin(base, reference.strip()))
    except ValueError:
        plain = None
    assert resolve(base, reference) == plain


def test_an_origin_is_what_a_robots_txt_speaks_for():
    assert origin_of("https://www.wuyou.gov.cn:8443/a?b") == "https://www.wuyou.gov.cn:8443"
