"""The whole line on small pages written here."""

import pytest

from extract.extraction import Unreadable, extract
from extract.result import Extraction

URL = "http://www.example.gov.cn/xxgk/nb/2023.html"
PROSE = """
<h1>某某县财政局2023年政府信息公开工作年度报告</h1>
<p>根据《中华人民共和国政府信息公开条例》规定，现公布本机关2023年政府信息公开工作年度报告。</p>
<p>一、总体情况</p><p>2023年，我局认真贯彻落实《中华人民共和国政府信息公开条例》，主动公开信息29条。</p>
<p>二、主动公开政府信息情况</p>{table}
<p>六、其他需要报告的事项</p><p>无其他需要报告的事项。</p>
"""
PARTIAL = """<table>
<tr><td>信息内容</td><td>本年制发件数</td><td>本年废止件数</td><td>现行有效件数</td></tr>
<tr><td>规章</td><td>1</td><td></td><td>3</td></tr>
<tr><td>地方规定</td><td>7</td><td>8</td><td>9</td></tr></table>"""
LOCAL = """<table><tr><td>指标</td><td>累计数</td><td>发生数</td></tr>
<tr><td>公开信息总数</td><td>130</td><td>6</td></tr><tr><td>举办培训次数</td><td>3</td><td>1</td></tr></table>"""


def read(table: str) -> Extraction:
    return extract(f"<html><body><div>{PROSE.format(table=table)}</div></body></html>".encode(), url=URL)


def test_part_of_a_form():
    found = read(PARTIAL)
    assert (found.is_report, found.form, found.status, found.cells_expected) == (True, "2021", "partial", 200)
    assert [(cell.row, cell.column, cell.raw_text, cell.state) for cell in found.cells] == [
        ("regulation", "issued", "1", "number"),
        ("regulation", "repealed", "", "blank"),
        ("regulation", "in_force", "3", "number"),
    ]
    assert [item.text for item in found.leftovers] == ["地方规定", "7", "8", "9"]
    assert {"unknown_row", "row_missing", "table_missing"} <= {finding.code for finding in found.findings}


def test_a_report_of_prose():
    found = read("<p>我局主动公开信息29条，没有收到申请。</p>")
    assert (found.form, found.status, found.cells, found.cells_expected) == ("none", "text_only", (), 0)
    assert [section.ordinal for section in found.sections if section.heading] == [1, 2, 6]


def test_tables_of_no_official_form_are_kept():
    found = read(LOCAL)
    assert (found.is_report, found.form, found.status, found.cells) == (True, "local", "text_only", ())
    assert "公开信息总数 | 130 | 6" in [item.text for item in found.leftovers]


def test_a_page_that_is_no_report_has_no_figures():
    words = "<h1>某某县2023年政府工作报告</h1><p>各位代表：现在，我代表县人民政府向大会作工作报告。</p>"
    found = extract(f"<html><body>{words}</body></html>".encode(), url="http://www.example.gov.cn/a.html")
    assert (found.is_report, found.form, found.cells, found.leftovers) == (False, "none", (), ())


@pytest.mark.parametrize("payload", [b"", b"   \n", b"\x89PNG\r\n\x1a\n" + b"\0" * 64, b"%PDF-1.7\n"])
def test_what_cannot_be_read_is_said_in_one_line(payload):
    with pytest.raises(Unreadable) as caught:
        extract(payload, url=URL)
    assert str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_same_bytes_give_the_same_extraction():
    assert read(PARTIAL) == read(PARTIAL)
