import time

import pytest
from lxml import etree, html

from extract.document import Grid, Prose
from extract.readers import read
from extract.readers.places import resolve
from extract.restore import restore
from extract.words import squeeze

TABLE = (
    "<table><tr><td colspan=4>第二十条第（一）项</td></tr>"
    "<tr><td>信息内容<td>本年制发件数<td>本年废止件数<td>现行有效件数</tr>"
    "<tr><td>规章<td>1<td>0<td>2</tr></table>"
)
REPORT = (
    "<p>根据《中华人民共和国政府信息公开条例》的规定，现公布某市某局2023年政府信息公开工作年度报告。</p>"
    "<p><b>一、</b><span>总体</span>情况</p><p>主动公开信息35条。</p><p>二、主动公开政府信息情况</p>"
    f"{TABLE}<p>六、其他需要报告的事项</p><p>无。</p><p align=right>某市某局</p><p>2024年1月8日</p>"
)
SAID = [
    "根据《中华人民共和国政府信息公开条例》的规定，现公布某市某局2023年政府信息公开工作年度报告。",
    "一、总体情况",
    "主动公开信息35条。",
    "二、主动公开政府信息情况",
    "GRID",
    "六、其他需要报告的事项",
    "无。",
    "某市某局",
    "2024年1月8日",
]
PAGE = """<html><head><meta name="SiteName" content="某市人民政府">
<meta name="PubDate" content="2024年01月31日">
<title>某市某局2023年政府信息公开工作年度报告_某市人民政府</title></head><body>
<div class="top"><a href="/">登录</a> <a href="/">注册</a></div>
<ul class="nav"><li><a href="/a">首页</a></li><li><a href="/b">政务公开</a></li>
<li><a href="/c">办事服务</a></li></ul>
<div class="crumb">当前位置：<a href="/">首页</a> &gt; <a href="/b">政务公开</a> &gt;
<a href="/n">年报</a></div>
<div class="main"><h1>某市某局2023年政府信息公开工作年度报告</h1>
<table class="box"><tr><td>索 引 号</td><td>113417000/202401-00001</td><td>发布机构</td><td>某市某局</td></tr>
<tr><td>名称</td><td>某市某局2023年政府信息公开工作年度报告</td><td>文号</td><td></td></tr></table>
<div class="info">发布日期：2024-01-31 09:12　来源：某市某局
　浏览次数：<span id=n></span> 字体：[大 中 小]</div>
{body}
<div class="share">分享到：<a href="#">微信</a><a href="#">微博</a></div>
<p>【打印本页】 【关闭窗口】</p>
<p>上一篇：<a href="1.html">某市某局2022年政府信息公开工作年度报告</a></p></div>
<div class="side"><h3>相关新闻</h3><a href="1">某局召开会议部署工作</a><br><a href="2">某局开展检查</a></div>
<div class="foot">主办：某市人民政府办公室　网站标识码：3417020005　皖ICP备2024029993号-1</div>
</body></html>"""


def said(document):
    return [block.text if isinstance(block, Prose) else "GRID" for block in document.blocks]


def reading(body: str):
    return read(PAGE.replace("{body}", body).encode())


@pytest.mark.parametrize(
    "frame",
    [
        '<div id="zoom">{}</div>',
        '<div class="a1"><div class="a2">{}</div></div>',
        "{}",
        "<table width=100%><tr><td>{}</td></tr></table>",
        "<o:wrapper>{}</o:wrapper>",
    ],
)
def test_the_report_and_nothing_else(frame):
    document = reading(frame.format(REPORT))
    assert said(document) == SAID
    furniture = document.furniture
    assert furniture.title == "某市某局2023年政府信息公开工作年度报告_某市人民政府"
    assert furniture.headings[0] == "某市某局2023年政府信息公开工作年度报告"
    assert furniture.metas["pubdate"] == "2024年01月31日"
    assert furniture.index_box["索引号"] == "113417000/202401-00001"
    assert furniture.index_box["发布日期"] == "2024-01-31 09:12"
    assert furniture.breadcrumb == ("首页", "政务公开", "年报")
    assert "3417020005" in furniture.text
    assert document.findings == ()


def test_headings_in_boxes_of_their_own():
    parts = REPORT.replace("<p>二、", "</div><div><p>二、").replace("<p>六、", "</div><div><p>六、")
    assert said(reading(f"<div class=x><div>{parts}</div></div>")) == SAID


def test_a_sidebar_with_fake_headings_does_not_widen_the_container():
    page = PAGE.replace("<h3>相关新闻</h3>", "<h3>政策</h3><p>一、总体要求情况</p><p>二、工作情况</p>")
    assert said(read(page.replace("{body}", f"<div>{REPORT}</div>").encode())) == SAID


def test_line_breaks_instead_of_paragraphs():
    lines = REPORT.replace("<p>", "").replace("</p>", "<br/>").replace("<p align=right>", "")
    document = reading(f"<div>{lines}</div>")
    assert said(document) == SAID
    payload = PAGE.replace("{body}", f"<div>{lines}</div>").encode()
    for block in document.prose():
        assert resolve(payload, block.place) == block.text


def test_every_place_leads_back_whatever_the_encoding():
    for encoding in ("utf-8", "gb18030"):
        payload = PAGE.replace("{body}", REPORT).encode(encoding)
        document = read(payload)
        assert document.encoding == encoding
        for cell in document.grids()[0].cells():
            assert resolve(payload, cell.place) == cell.text
        for block in document.prose():
            assert resolve(payload, block.place) == block.text


def test_a_flattened_table_is_a_grid_without_geometry():
    cells = "".join(f"<p>{text}</p>" for text in ("规章", "1", "0", "2", "行政规范性文件", "0", "3", "4"))
    (grid,) = reading(f"<div>{REPORT.replace(TABLE, cells)}</div>").grids()
    assert not grid.geometry
    assert [cell.text for cell in grid.cells()] == ["规章", "1", "0", "2", "行政规范性文件", "0", "3", "4"]


def test_an_empty_paragraph_in_a_flattened_table_is_an_empty_cell():
    texts = ("规章", "1", "", "2", "行政规范性文件", "0", "3", "4", "行政许可", "5", "行政处罚", "6")
    cells = "".join(f"<p>{text or '&nbsp;'}</p>" for text in texts)
    payload = PAGE.replace("{body}", f"<div>{REPORT.replace(TABLE, cells)}</div>").encode()
    (grid,) = read(payload).grids()
    assert tuple(cell.text for cell in grid.cells()) == texts
    assert [resolve(payload, cell.place) for cell in grid.cells()] == list(texts)


def test_empty_paragraphs_after_every_one_are_spacing():
    texts = ("规章", "1", "0", "2", "行政规范性文件", "0", "3", "4")
    cells = "".join(f"<p>{text}</p><p>&nbsp;</p>" for text in texts)
    (grid,) = reading(f"<div>{REPORT.replace(TABLE, cells)}</div>").grids()
    assert tuple(cell.text for cell in grid.cells()) == texts


def test_word_elements_do_not_break_a_sentence():
    dates = '截至<st1:chsdate year="2017"><span>12月</span>31日</st1:chsdate>，未收到申请。'
    assert dates_of(reading(f"<div>{REPORT.replace('主动公开信息35条。', dates)}</div>")) == [
        "截至12月31日，未收到申请。"
    ]


def dates_of(document):
    return [text for text in said(document) if text.startswith("截至")]


def test_without_official_headings_the_fallback_is_said():
    text = "<p>2017年，我局认真贯彻落实政府信息公开条例，主动公开政府信息三十五条，回应公众关注热点若干。</p>"
    known = reading(f'<div id="zoomcon">{text * 3}</div>')
    assert [finding.code for finding in known.findings] == ["located_by_container"]
    assert [finding.code for finding in reading(f"<article>{text * 3}</article>").findings] == [
        "located_by_article"
    ]
    dense = reading(f"<div>{text * 3}</div>")
    assert [finding.code for finding in dense.findings] == ["located_by_density"]
    assert len(said(known)) == len(said(dense)) == 3


def test_a_listing_is_mostly_links():
    listing = "".join(
        f"<li><a href={n}.html>某市某局20{n}年政府信息公开工作年度报告</a></li>" for n in range(10, 25)
    )
    assert "mostly_links" in {finding.code for finding in reading(f"<ul>{listing}</ul>").findings}


def test_a_mirrored_page():
    body = (
        "<div><p>根據(jù)《政府信息公開條例》有關(guān)規(guī)定，現(xiàn)將我局報(bào)告如下。</p><p>一、總體情況</p><p>主動(dòng)公開35條。</p>"
        "<p>六、其他需要報(bào)告的事項(xiàng)</p><p>無。</p></div><p>網(wǎng)站標(biāo)識(shí)碼：3417020005</p>"
    )
    document = restore(reading(body))
    assert document.is_mirror
    assert said(document)[1:] == ["一、总体情况", "主动公开35条。", "六、其他需要报告的事项", "无。"]


REREAD = {"markup_reread"}


@pytest.mark.parametrize(
    ("ruin", "codes"),
    [
        ("<div>" * 3000, REREAD),
        ("<font>" * 4000, REREAD),
        ("<p><font>" * 2000, REREAD),
        ("<table><tr><td>" * 300, set()),
        ("<a href=x>x</a>" * 10_000, set()),
        ("<br>" * 60_000, set()),
        ("<!--" * 1000 + "-->", set()),
    ],
    ids=["depth", "fonts", "paragraphs", "tables", "links", "breaks", "comments"],
)
def test_ruins_are_read_to_the_end_in_bounded_time(ruin, codes):
    started = time.process_time()
    document = read(f"<html><body>{ruin}{REPORT}".encode())
    assert said(document)[-8:] == SAID[-8:]
    assert {finding.code for finding in document.findings} >= codes
    assert time.process_time() - started < 5


def test_what_is_too_large_to_read_twice_is_said():
    document = read(("<html><body>" + "<font>" * 200_000 + REPORT).encode())
    assert "markup_cut" in {finding.code for finding in document.findings}


def test_cells_of_a_ruin_can_be_found_again():
    payload = ("<div>" * 3000 + REPORT).encode()
    for cell in read(payload).grids()[0].cells():
        assert resolve(payload, cell.place) == cell.text


def test_a_page_cut_anywhere_is_read():
    payload = PAGE.replace("{body}", f"<div>{REPORT}</div>").encode()
    for at in range(50, len(payload), 173):
        for block in read(payload[:at]).prose():
            assert resolve(payload[:at], block.place) == block.text


@pytest.mark.real
@pytest.mark.parametrize("name", ["shanghai_general_office_2019.html", "jilin_forestry_2018.html"])
def test_real_pages_lead_back_to_every_cell(real_dir, name):
    payload = (real_dir / "reports" / name).read_bytes()
    document = read(payload)
    cells = [cell for grid in document.grids() for cell in grid.cells()]
    assert len(cells) == {"shanghai_general_office_2019.html": 285, "jilin_forestry_2018.html": 188}[name]
    for cell in cells[::7]:
        assert resolve(payload, cell.place) == cell.text
    assert document.findings == ()


@pytest.mark.real
def test_the_real_page_of_shanghai(real_dir):
    document = read((real_dir / "reports" / "shanghai_general_office_2019.html").read_bytes())
    one, two, three = document.grids()
    rows = {row[0].text: [cell.text for cell in dict.fromkeys(row)] for row in one.rows if row[0]}
    assert rows["规章"] == ["规章", "13", "13", "524"]
    assert rows["政府集中采购"] == ["政府集中采购", "6", "251000元"]
    assert [cell.text for cell in two.rows[3][-7:]] == ["821", "35", "", "", "2", "1", "859"]
    assert [cell.text for cell in three.rows[-1]][:5] == ["5", "", "", "2", "7"]
    assert said(document)[-2:] == ["六、其他需要报告的事项", "无。"]


@pytest.mark.real
def test_the_words_of_real_pages_are_exactly_those_of_their_bodies(real_dir):
    """Nothing lost and nothing added, character by character, against the element a person pointed at."""
    pages = dict.fromkeys(
        (real_dir / "sites/www.zhecheng.gov.cn/xxgk/xxgknb/bmnb/2018-07-12").glob("*.html"), "zoomcon"
    )
    pages[real_dir / "reports" / "jilin_forestry_2018.html"] = "TRS_PreAppend"
    assert len(pages) == 16
    for page, name in pages.items():
        tree = html.fromstring(page.read_bytes().decode())
        (body,) = tree.xpath("//*[@id=$name or @class=$name]", name=name)
        etree.strip_elements(body, "style", "script", with_tail=False)
        document = read(page.read_bytes())
        words = [block.text for block in document.prose()]
        words += [cell.text for grid in document.grids() for cell in grid.cells()]
        assert sorted(squeeze("".join(words))) == sorted(squeeze(body.text_content())), page.name


@pytest.mark.real
def test_no_mark_of_furniture_in_the_reports_of_a_real_portal(real_dir):
    pages = sorted((real_dir / "sites/www.zhecheng.gov.cn/xxgk/xxgknb/bmnb/2018-07-12").glob("*.html"))
    assert len(pages) == 15
    for page in pages:
        document = read(page.read_bytes())
        prose = "".join(block.text for block in document.prose())
        assert len(prose) > 500
        for mark in (
            "浏览次数",
            "字体",
            "分享",
            "打印本页",
            "微信好友",
            "网站标识码",
            "ICP备",
            "当前位置",
            "旧版本",
        ):
            assert mark not in prose
        assert not [block for block in document.blocks if isinstance(block, Grid)]


def test_a_page_cut_off_on_its_way_is_told():
    page = f"<html><body><p>一、总体情况</p><p>{'我局认真贯彻条例。' * 9}</p>"
    assert [finding.code for finding in read((page + "</body></html>\n").encode()).findings] == [
        "located_by_density"
    ]
    assert "cut_short" in {finding.code for finding in read(page.encode()).findings}


def test_a_page_whose_words_a_script_brings_is_told():
    page = "<html><title>某局2023年政府信息公开工作年度报告</title><body><div id=app></div>{}</body></html>"
    script = "<script>window._CONFIG = {DETAIL: {content: '...'}}</script>"
    codes = [[each.code for each in read(page.format(more).encode()).findings] for more in (script, "")]
    assert "script_only" in codes[0]
    assert "script_only" not in codes[1]
