"""Whatever comes in, a reader answers with a document or says why not; nothing else may happen."""

from hypothesis import given, settings
from hypothesis import strategies as st

from extract.identity import identify
from extract.judge import judge
from extract.readers import NotReadable, read
from extract.readers.places import resolve
from extract.restore import restore

MARKUP = (
    "<p> </p> <div> <div\tstyle='display:none'> </div> <table> </table> <tr> <td>"
    " <td\tcolspan=x\trowspan=9> </td>"
    " <a\thref=x> </a> <br> <o:p> <script> </script> <!-- --> <![CDATA[ <?x?> <html> <body> </body> <title>"
    " <meta\tname=PubDate\tcontent='2024年13月'> &nbsp; &#0; &#26; |"
    " 一、总体情况 二、主动公开政府信息情况"
    " 第二十条第（一）项"
    " 规章 0 12 無(wú) 國(guó)務(wù) 六?!奔訌?(qiáng) 索引号："
    " 当前位置：首页>年报 2023年某局政府信息公开工作年度报告 。 〔TABLE0〕"
)
PIECES = st.sampled_from([*MARKUP.split(" "), " ", "\n", "\0", "\x1a", "\u3000"])


def assert_read_or_refused(payload: bytes) -> None:
    try:
        document = read(payload, "text/plain", "http://www.example.gov.cn/a")
    except NotReadable:
        return
    for block in document.prose():
        assert resolve(payload, block.place) == block.text
    for grid in document.grids():
        for cell in grid.cells():
            assert resolve(payload, cell.place) == cell.text
    restored = restore(document)
    judge(restored, identify(restored, "")[0], 0, "")


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_any_markup(text):
    assert_read_or_refused(text.encode())


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=80), st.binary(max_size=20))
def test_any_bytes(start, end):
    assert_read_or_refused(start + b"<p>x" + end)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text(text):
    assert_read_or_refused(text.encode("utf-8", "replace"))
