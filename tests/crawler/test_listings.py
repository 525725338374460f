import pytest

from crawler.listings import LISTINGS, listing_of
from crawler.listings.base import MOST_PAGES, Entry
from crawler.page import Page

URL = "http://www.wuyou.gov.cn/zwgk/nb/index.html"
FOLDER = "http://www.wuyou.gov.cn/zwgk/nb/"


def further(markup: str, url: str = URL) -> list[str]:
    page = Page(url, markup)
    return [request.url for request in listing_of(page).next_pages(page)]


def entries(markup: str) -> list[Entry]:
    page = Page(URL, markup)
    return listing_of(page).entries(page)


def test_every_family_has_its_own_name_and_the_last_takes_all():
    assert len({listing.name for listing in LISTINGS}) == len(LISTINGS)
    assert LISTINGS[-1].recognises(Page(URL, ""))


def test_the_operator_may_name_the_family():
    assert listing_of(Page(URL, ""), "trs").name == "trs"
    assert listing_of(Page(URL, ""), "unheard-of").name == "generic"


@pytest.mark.parametrize(
    "script",
    [
        'createPageHTML(3, 0, "index", "html");',
        "createPageHTML('pages',3,1,'index','html',42)",
        "var countPage = 3 // 总页数",
    ],
)
def test_trs_counts_its_pages_from_nought(script):
    markup = f"<script>{script}</script>"
    assert listing_of(Page(URL, markup)).name == "trs"
    assert further(markup) == [f"{FOLDER}index_1.html", f"{FOLDER}index_2.html"]


def test_trs_keeps_its_own_file_names():
    assert further('<script>createPageHTML(2,0,"list_sy","shtml")</script>') == [f"{FOLDER}list_sy_1.shtml"]


def test_a_listing_of_one_page_has_no_other():
    assert further('<script>createPageHTML(1,0,"index","html")</script>') == []


def test_no_listing_runs_for_ever():
    assert len(further('<script>createPageHTML(99999,0,"index","html")</script>')) == MOST_PAGES - 1
    assert len(further('<a href="index_99999.html">尾页</a><a href="index_9999.html">9999</a>')) <= MOST_PAGES


def test_a_pager_of_links_is_filled_up_to_its_last_page():
    markup = (
        '<b>1</b><a href="index_2.html">2</a><a href="index_2.html">下一页</a><a href="index_5.html">尾页</a>'
    )
    assert further(markup) == [f"{FOLDER}index_{number}.html" for number in (2, 5, 3, 4)]


def test_pages_numbered_downwards_in_a_folder_of_their_own_are_siblings():
    first = "http://www.wuyou.gov.cn/xxgk/gknb.htm"
    assert further('<a href="gknb/1.htm">下页</a>', first) == ["http://www.wuyou.gov.cn/xxgk/gknb/1.htm"]
    assert further('<a href="../gknb.htm">上页</a><a href="../gknb.htm">1</a>', f"{first[:-4]}/1.htm") == [
        first
    ]


def test_numbers_and_arrows_elsewhere_are_no_pager():
    assert (
        further('<a href="/other/index_2.html">2</a><a href="http://www.example.com/2.html">下一页</a>') == []
    )


def test_a_pager_by_query_is_followed_as_far_as_it_shows():
    assert further('<a href="?page=2">2</a><a href="?page=3">3</a>') == [f"{URL}?page=2", f"{URL}?page=3"]


def test_lines_with_a_date_or_a_dated_address_are_entries():
    markup = """<div class=nav><a href="/">首页</a> <a href="/zwgk/">政务公开</a> 今天是2024年2月1日</div>
    <ul><li><a href="1.html">甲局年报</a><span>2024-01-15</span></li>
    <li><a href="./202401/t20240115_7.html" title="乙局2023年年报">乙局2023…</a></li>
    <li><a href="2.html">丙局</a>[01-15]</li><li><a href="x/">没有日期</a></li></ul>
    <a href="index_2.html">下一页</a> 2024-01-15"""
    assert entries(markup) == [
        Entry(f"{FOLDER}1.html", "甲局年报", "2024-01-15"),
        Entry(f"{FOLDER}202401/t20240115_7.html", "乙局2023年年报"),
        Entry(f"{FOLDER}2.html", "丙局", "[01-15]"),
    ]


def test_a_date_in_the_title_is_not_the_lines_date():
    assert entries('<li><a href="a/">2023年1月至2023年12月公报</a></li>') == []


def test_a_pager_that_always_offers_a_next_page_comes_to_an_end():
    assert further('<a href="?pageNo=301">下一页</a>') == []
    assert further('<a href="?pageNo=300">下一页</a>') == [f"{URL}?pageNo=300"]


@pytest.mark.parametrize(
    "script",
    [
        """document.write('<a href="/info/1/1.htm">甲</a>');document.write('<a href=/info/1/2.htm>乙')""",
        r"""h += "<li><a href=\"/info/1/1.htm\">甲</a>"; h += '<a href="/info/1/2.htm">乙</a>'""",
        "<ul><li><a href='/info/1/1.htm'>甲</a></li><li><a href='/info/1/2.htm'>乙</a></li></ul>",
        r"""var rows = [{"title":"甲","url":"\/info\/1\/1.htm"},{"title":"乙","url":"/info/1/2.htm"}]""",
        r"""a.push({title: '\u7532', href: '/info/1/1.htm'}); a.push({title:'乙', href:'/info/1/2.htm'})""",
    ],
)
def test_lines_that_only_a_script_writes_are_entries(script):
    found = entries(f"<html><body><a href='/'>首页</a><script>{script}</script></body></html>")
    assert [(entry.url, entry.words) for entry in found] == [
        ("http://www.wuyou.gov.cn/info/1/1.htm", "甲"),
        ("http://www.wuyou.gov.cn/info/1/2.htm", "乙"),
    ]


def test_templates_comments_and_what_a_page_is_shared_by_are_no_entries():
    assert entries("<script>h += '<li><a href=\"{{url}}\">{{title}}</a>' + 2024-01-15</script>") == []
    assert entries("<script>h += '<a href=\"' + row.url + '\">' + row.title + '</a>'</script>") == []
    assert entries("<script>share({title: '乌有县', link: 'http://www.wuyou.gov.cn/'})</script>") == []
    assert entries("<!-- <li><a href='1/t20240115_1.html'>甲</a>2024-01-15</li> -->") == []


@pytest.mark.parametrize(
    ("script", "asked"),
    [
        ("$.getJSON('data_1.json?t=' + Math.random(), show)", [f"{FOLDER}data_1.json?t="]),
        ('load("./list.xml")', [f"{FOLDER}list.xml"]),
        ("fetch('/api/list?column=7&pageNo=1')", ["http://www.wuyou.gov.cn/api/list?column=7&pageNo=1"]),
        ("$.get('/api/list?page=' + n)", ["http://www.wuyou.gov.cn/api/list?page=1"]),
        ("var n = 1", []),
    ],
)
def test_a_column_without_lines_asks_for_what_its_script_does(script, asked):
    assert further(f"<a href='/'>首页</a><script>{script}</script>") == asked
    lines = "<li><a href=1.html>甲</a>2024-01-15</li>"
    assert further(f"{lines}<script>{script}</script>") == []
