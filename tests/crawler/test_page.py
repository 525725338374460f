import pytest

from crawler.addresses import resolve
from crawler.anchors import LONGEST_HREF, MOST_WORDS
from crawler.page import Page, decode

URL = "http://www.wuyou.gov.cn/xxgk/index.html"


def anchors(markup: str) -> list[tuple[str, str]]:
    return [(anchor.href, anchor.words) for anchor in Page(URL, markup).anchors]


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        ("\ufeff年报".encode(), "utf-8-sig"),
        ("年报".encode("utf-16"), "utf-16"),
        ("年报".encode(), "utf-8"),
        ("<meta charset=utf-8>年报".encode("gb18030"), "gb18030"),
        ("年报".encode("gb18030") * 20 + b"\xff", "gb18030"),
        (("年报" * 20).encode() + b"\xff", "utf-8"),
    ],
)
def test_the_bytes_say_their_encoding_whatever_the_page_declares(body, encoding):
    text, used = decode(body)
    assert used == encoding
    assert "年报" in text


def test_an_anchor_speaks_by_its_text_its_whole_title_or_its_picture():
    assert anchors(
        """<a href=1> 信息 公开\u3000年报</a>
        <a href=2 title="乌有县2023年政府信息公开工作年度报告">乌有县2023年政府信…</a>
        <a href=3 title="在新窗口打开">公示</a>
        <a href=4><img alt="信息公开年报"></a><a href=5><img></a>"""
    ) == [
        ("1", "信息公开年报"),
        ("2", "乌有县2023年政府信息公开工作年度报告"),
        ("3", "公示"),
        ("4", "信息公开年报"),
        ("5", ""),
    ]


def test_what_leads_nowhere_is_no_anchor_but_a_script_that_opens_a_page_is():
    assert anchors(
        """<a href="#">a</a><a href="">b</a><a>c</a><a href="javascript:void(0)">d</a>
        <a href="javascript:window.open('/x.html')">e</a><a href="#" onclick="open('y.html')">f</a>"""
    ) == [("/x.html", "e"), ("y.html", "f")]


def test_references_are_resolved_against_the_pages_base():
    page = Page(URL, '<base href="/a/b/"><a href="c.html">x</a>')
    assert page.address("c.html") == "http://www.wuyou.gov.cn/a/b/c.html"


@pytest.mark.parametrize(
    "markup",
    [
        '<div>当前位置：<a href="/">首页</a> &gt; <a href="/xxgk/">信息公开</a></div>',
        '<div><span>您现在的位置：</span><a href="/">首页</a><a href="/xxgk/"> 信息公开 </a></div>',
    ],
)
def test_the_breadcrumb_is_the_steps_after_its_words(markup):
    assert Page(URL, markup).breadcrumb == ("首页", "信息公开")
    assert Page(URL, "<p>位置便利</p>").breadcrumb == ()


def test_metas_and_title_without_white_space():
    page = Page(URL, '<title> 年 报\n</title><meta name="ColumnType" content=" 信息公开年报 "><meta name=a>')
    assert (page.title, page.metas) == ("年报", {"columntype": "信息公开年报"})


@pytest.mark.parametrize(
    "markup",
    [
        '<meta http-equiv="Refresh" content="0; url=/new/">',
        "<script>window.location.href = '/new/';</script>",
        '<script>top.location.replace("/new/")</script>',
        "<script>window.location.href = 'http://' + window.location.host + '/new/'</script>",
        "<script>var at = '/new'; self.location = at + '/' + location.search</script>",
        "<script>setTimeout(\"location.href='/new/'\", 1000)</script>",
        "<script>window.navigate('/new/')</script>",
        "<script>window.open('/new/', '_self')</script>",
    ],
)
def test_a_hop_is_found_in_meta_and_script(markup):
    hops = Page(URL, f"<html><head>{markup}</head></html>").hops
    assert [resolve(URL, hop) for hop in hops] == ["http://www.wuyou.gov.cn/new/"]


def test_where_a_script_needs_what_nobody_knows_it_sends_nowhere():
    assert Page(URL, "<script>function s(word) { location.href = '/search?q=' + word }</script>").hops == ()


@pytest.mark.parametrize(
    "markup",
    [
        """<a href="javascript:void(0)" onclick="openUrl('/nb/')">年报</a>""",
        """<a href="javascript:openWin('/nb/', 800)">年报</a>""",
        """<a href="javascript:openWin(%27/nb/%27)">年报</a>""",
        """<a href="#" data-href="/nb/">年报</a>""",
        """<li onclick="location.href='/nb/'"><span>年报</span></li>""",
        """<div onClick="window.location = '/nb' + '/'">年报</div>""",
        """<select><option value="">请选择</option><option value="/nb/">年报</option></select>""",
        """<input type="button" value="年报" onclick="window.open('/nb/')">""",
    ],
)
def test_what_is_clicked_or_chosen_is_an_anchor(markup):
    assert anchors(markup) == [("/nb/", "年报")]


def test_what_a_click_does_otherwise_is_none():
    assert (
        anchors(
            """<span onclick="doZoom(16)">大</span><a href="javascript:window.print()">打印</a>
        <select><option value="11360000014">教育局</option></select><p data-url="{{url}}">年报</p>"""
        )
        == []
    )


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("<li>2019年：<a href=1>全文</a> <a href=2>下载</a></li>", "2019年"),
        (
            "<table><tr><td>1</td><td>某县2023年年报</td><td><a href=1>[查看]</a></td></tr></table>",
            "1某县2023年年报",
        ),
        ("<div><h2>信息公开年报</h2><div><a href=1>更多&gt;&gt;</a></div></div>", "信息公开年报"),
        ("<div><a href=2>新闻</a><a href=1>更多</a></div>", "更多"),
        (f"<div>{'长' * 100}<a href=1>详情</a></div>", "详情"),
    ],
)
def test_a_link_that_says_nothing_speaks_by_its_line(markup, words):
    assert dict(anchors(markup))["1"] == words


def test_scripts_of_a_page_with_links_are_no_hops():
    menu = "<a href=1>a</a><a href=2>b</a><a href=3>c</a>"
    assert Page(URL, f"{menu}<script>location.href='/search'</script>").hops == ()


def test_a_viewer_shows_a_file():
    page = Page(URL, '<iframe src="/pdf/viewer.html?file=%2Ffiles%2F2023.pdf"></iframe>')
    assert [frame.href for frame in page.frames] == ["/files/2023.pdf"]


@pytest.mark.parametrize("text", ["", "   ", "\x00", "<!-- -->", "<"])
def test_a_page_of_nothing_is_a_page(text):
    page = Page(URL, text)
    assert (page.anchors, page.title, page.hops, page.breadcrumb) == ((), "", (), ())


def test_a_stray_nul_does_not_end_the_page():
    assert anchors("<p>\x00</p><a href=1>年报</a>") == [("1", "年报")]


def test_a_picture_in_its_own_address_is_no_link_and_of_a_linked_page_only_the_beginning_is_words():
    found = anchors(f'<a href="data:image/png;base64,{"A" * LONGEST_HREF}">图</a><a href=1>{"年" * 9999}</a>')
    assert found == [("1", "年" * MOST_WORDS)]
