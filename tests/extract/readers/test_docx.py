"""DOCX as Word shows it: spans, boxes, tracked changes, automatic numbers, and nothing that explodes."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from extract.document import Grid
from extract.readers import NotReadable, read
from extract.readers.numbering import chinese
from extract.readers.places import resolve

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(body, numbering="", styles=""):
    payload = BytesIO()
    with ZipFile(payload, "w", ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        if numbering:
            package.writestr("word/numbering.xml", f"<w:numbering {W}>{numbering}</w:numbering>")
        if styles:
            package.writestr("word/styles.xml", f"<w:styles {W}>{styles}</w:styles>")
    return payload.getvalue()


def p(text, properties=""):
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def tc(text="", properties=""):
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"


def table(*rows):
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"


def texts(grid):
    return [[cell and cell.text for cell in row] for row in grid.rows]


def words(body, **parts):
    return [block.text for block in read(docx(body, **parts)).prose()]


DOWN, MORE, WIDE = '<w:vMerge w:val="restart"/>', "<w:vMerge/>", '<w:gridSpan w:val="2"/>'


def test_spans_are_resolved_and_each_cell_knows_its_place():
    payload = docx(
        p("标题")
        + table(
            tc("甲", DOWN) + tc("乙", WIDE) + tc("丙"),
            tc("", MORE) + tc("1") + tc("2") + tc("3"),
            tc("", MORE) + tc("4") + tc("", WIDE),
            tc("丁") + tc("5") + tc("6") + tc("7"),
        )
    )
    (grid,) = read(payload).grids()
    assert texts(grid) == [
        ["甲", "乙", "乙", "丙"],
        ["甲", "1", "2", "3"],
        ["甲", "4", "", ""],
        ["丁", "5", "6", "7"],
    ]
    assert (grid.rows[0][0].row_span, grid.rows[0][1].column_span) == (3, 2)
    assert grid.rows[1][3].place == "table:1/row:2/column:4"
    assert all(resolve(payload, cell.place) == cell.text for cell in grid.cells())
    assert resolve(payload, "paragraph:1") == "标题"
    with pytest.raises(LookupError):
        resolve(payload, "table:2/row:1/column:1")


def test_a_row_may_begin_later_and_a_merge_may_begin_anew():
    later = '<w:trPr><w:gridBefore w:val="1"/></w:trPr>'
    (grid,) = read(
        docx(
            table(tc("甲", DOWN) + tc("1"), later + tc("2"), tc("乙", DOWN) + tc("3"), tc("", MORE) + tc("4"))
        )
    ).grids()
    assert texts(grid) == [["甲", "1"], [None, "2"], ["乙", "3"], ["乙", "4"]]


def test_an_old_horizontal_merge_widens_the_cell_before():
    first, rest = '<w:hMerge w:val="restart"/>', '<w:hMerge w:val="continue"/>'
    (grid,) = read(docx(table(tc("甲", first) + tc("", rest) + tc("1"), tc("a") + tc("b") + tc("2")))).grids()
    assert texts(grid) == [["甲", "甲", "1"], ["a", "b", "2"]]


def test_what_word_does_not_show_is_not_read():
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r>"
    shown = '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>显</w:t></w:r>'
    deleted = "<w:del><w:r><w:delText>删</w:delText></w:r></w:del>"
    inserted = "<w:ins><w:r><w:t>增</w:t></w:r></w:ins>"
    field = "<w:r><w:instrText>PAGE</w:instrText></w:r><w:hyperlink><w:r><w:t>链</w:t></w:r></w:hyperlink>"
    assert words(f"<w:p>{hidden}{shown}{deleted}{inserted}{field}</w:p>") == ["显增链"]
    gone = "<w:trPr><w:del/></w:trPr>"
    (grid,) = read(docx(table(tc("1") + tc("2"), gone + tc("3") + tc("4")))).grids()
    assert texts(grid) == [["1", "2"]]


def test_a_text_box_is_read_once_though_it_is_written_twice():
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    box = f"<w:txbxContent>{p('框内')}</w:txbxContent>"
    versions = f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
    both = f"<mc:AlternateContent {mc}>{versions}</mc:AlternateContent>"
    assert words(f"<w:p><w:r><w:t>框外</w:t></w:r><w:r>{both}</w:r></w:p>") == ["框外", "框内"]


def test_tables_for_layout_are_seen_through():
    inner = table(tc("规章") + tc("1"), tc("文件") + tc("2"))
    outer = f"<w:tbl><w:tr><w:tc>{p('一、总体情况')}{inner}{p('二、其他事项')}</w:tc></w:tr></w:tbl>"
    document = read(docx(f"<w:sdt><w:sdtContent>{outer}</w:sdtContent></w:sdt>"))
    assert [getattr(block, "text", "grid") for block in document.blocks] == [
        "一、总体情况",
        "grid",
        "二、其他事项",
    ]
    assert document.grids()[0].place == "table:2"


def test_line_breaks_and_tabs():
    payload = docx("<w:p><w:r><w:t>一行</w:t><w:br/><w:t>二</w:t><w:tab/><w:t>行</w:t></w:r></w:p>")
    assert [(block.text, block.place) for block in read(payload).prose()] == [
        ("一行", "paragraph:1"),
        ("二 行", "paragraph:1/line:2"),
    ]
    assert resolve(payload, "paragraph:1/line:2") == "二 行"


def test_a_table_that_lost_its_lines_is_a_grid():
    cells = ["信息内容", "本年制发件数", "规章", "1", "2", "3", "文件", "4", "5", "6"]
    (grid,) = read(docx("".join(map(p, cells)))).grids()
    assert isinstance(grid, Grid)
    assert not grid.geometry
    assert [cell.text for cell in grid.cells()] == cells


NUMBERING = """<w:abstractNum w:abstractNumId="7">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2."/></w:lvl>
</w:abstractNum><w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num>
<w:abstractNum w:abstractNumId="8"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/></w:lvl>
</w:abstractNum><w:num w:numId="4"><w:abstractNumId w:val="8"/></w:num>"""
STYLES = """<w:style w:styleId="a"><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>
<w:style w:styleId="b"><w:basedOn w:val="a"/></w:style>"""


def numbered(level, number=3):
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'


def test_automatic_numbers_are_written_out():
    body = (
        p("总体情况", numbered(0))
        + p("主动公开", numbered(1))
        + p("依申请公开", numbered(1))
        + p("其他事项", '<w:pStyle w:val="b"/>')
        + p("甲", numbered(1))
        + p("乙", numbered(0, 4))
        + p("丙", '<w:pStyle w:val="b"/>' + numbered(0, 0))
    )
    assert words(body, numbering=NUMBERING, styles=STYLES) == [
        "一、总体情况",
        "一.1.主动公开",
        "一.2.依申请公开",
        "二、其他事项",
        "二.1.甲",
        "乙",
        "丙",
    ]


@pytest.mark.parametrize(
    ("number", "said"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九"), (100, "一〇〇")]
)
def test_chinese_numbers(number, said):
    assert chinese(number) == said


def raw(part):
    payload = BytesIO()
    with ZipFile(payload, "w", ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", part)
    return payload.getvalue()


LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        (
            raw(f'<!DOCTYPE x [<!ENTITY a0 "ha">{LAUGHS}]><w:document {W}>&a11;</w:document>'),
            "entity|document type",
        ),
        (
            raw(f'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><w:document {W}>&a;</w:document>'),
            "type",
        ),
        (raw(f"<w:document {W}><w:body>"), "word/document.xml"),
        (raw(f"<w:document {W}>" + "<w:p/>" * 600_000 + "</w:document>"), "more than 500000 tags"),
        (raw(" " * 17_000_000), "17000000 bytes of XML"),
        (raw("<other/>"), "without a document part"),
        (docx(p("年报"))[:-30], "a damaged ZIP container"),
        (docx(table(*([tc()] * 400 + [tc() * 300]))), "a table of 401 rows and 300 columns"),
    ],
)
def test_bombs_and_ruins_are_refused_in_one_line(payload, said):
    with pytest.raises(NotReadable, match=said) as caught:
        read(payload)
    assert "\n" not in str(caught.value)


def test_an_embedded_file_that_is_not_read_is_told():
    assert [finding.code for finding in read(docx("<w:altChunk/>")).findings] == ["part_not_read"]
