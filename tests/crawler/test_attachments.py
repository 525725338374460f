"""Every way in which a page offers a file leads to the file itself."""

import pytest

from crawler.attachments import files_of

URL = "http://www.example.gov.cn/zwgk/nb/t20240115_1.html"
HOST = "http://www.example.gov.cn"


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ('<a href="./P020240115.pdf">附件</a>', "/zwgk/nb/P020240115.pdf"),
        ('<a href="/a/b.DOCX?v=1">附件</a>', "/a/b.DOCX?v=1"),
        ('<a href="/web/viewer.html?file=%2Ff%2F2023.pdf">看</a>', "/f/2023.pdf"),
        ('<iframe src="/js/viewer.html?file=/f/2023.pdf#page=1"></iframe>', "/f/2023.pdf"),
        ('<iframe src="/f/2023.ofd"></iframe>', "/f/2023.ofd"),
        ('<embed src="2023.pdf" type="application/pdf">', "/zwgk/nb/2023.pdf"),
        ('<object data="/f/2023.pdf"></object>', "/f/2023.pdf"),
        (
            '<a href="/module/download/downfile.jsp?classid=0&filename=ab12.doc&x=1">附件</a>',
            "/module/download/downfile.jsp?classid=0&filename=ab12.doc&x=1",
        ),
        (
            '<a href="/system/_content/download.jsp?urltype=news&wbfileid=12">2023年报.pdf</a>',
            "/system/_content/download.jsp?urltype=news&wbfileid=12",
        ),
        ('<a href="#" onclick="window.open(\'/f/2023.wps\')">附件</a>', "/f/2023.wps"),
        ("<a href=\"javascript:window.open('/f/2023.et')\">附件</a>", "/f/2023.et"),
        ("<button onclick=\"window.open('/f/2023.zip')\">下载</button>", "/f/2023.zip"),
    ],
)
def test_ways_to_a_file(markup, found):
    assert files_of(URL, f"<html><body><p>见附件</p>{markup}</body></html>".encode()) == (HOST + found,)


@pytest.mark.parametrize(
    "markup",
    [
        '<a href="/zwgk/nb/">年报</a>',
        '<a href="/f/2023.pdf">图解年报</a>',
        '<a href="t20240115_1.html">本页.pdf</a>',
        "<p>文件名为 2023.pdf</p>",
        '<iframe src="/player.html?file="></iframe>.pdf',
    ],
)
def test_what_is_no_file(markup):
    assert files_of(URL, f"<html><body>{markup}</body></html>".encode()) == ()


def test_each_file_once_in_the_order_of_the_page():
    page = '<a href="b.doc">1</a><a href="a.pdf">2</a><a href="./b.doc">3</a>'.encode("gb18030")
    assert files_of(URL, page) == (f"{HOST}/zwgk/nb/b.doc", f"{HOST}/zwgk/nb/a.pdf")
