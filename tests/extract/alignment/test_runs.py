"""Text dumps: words and values in order, with or without bars."""

import pytest

from extract.align import align
from extract.document import Document
from extract.forms.model import official_forms

KINDS = (
    "natural",
    "enterprise",
    "research_institute",
    "social_organization",
    "legal_service",
    "other_organization",
    "total",
)


@pytest.fixture
def read(draw_run):
    return lambda drawing: align(Document((draw_run(drawing),)), official_forms())


def row(alignment, code):
    return {cell.column: cell.raw_text for cell in alignment.cells if cell.row == code}


def test_bars_pad_a_line_and_blanks_between_are_values(read):
    alignment = read(
        """
一、本年新收政府信息公开申请数量 | 821 | 35 | | | 2 | 1 | 859 | |
（六）其他处理 | | | | | | | | |
"""
    )
    assert row(alignment, "received") == dict(zip(KINDS, ("821", "35", "", "", "2", "1", "859"), strict=True))
    assert set(row(alignment, "other").values()) == {""}


def test_a_cell_a_line_with_bars(read):
    alignment = read(
        "三、本年度办理结果 |\n（一）予以公开 |\n1 |\n0 |\n0 |\n0 |\n0 |\n0 |\n1 |\n|\n（七）总计 |\n"
        + "2 |\n" * 7
    )
    assert row(alignment, "granted")["total"] == "1"
    assert row(alignment, "handled_total")["natural"] == "2"
    assert alignment.leftovers == ()


def test_labels_broken_over_lines(read):
    alignment = read(
        "三、\n本年度办理结果\n（二）部分公开（区分处理的，\n只计这一情形，不计其他情形）\n"
        + "3\n" * 7
        + "（七）总计\n"
        + "3\n" * 7
    )
    assert row(alignment, "partial")["natural"] == "3"
    assert alignment.leftovers == ()


def test_a_count_that_does_not_fit_is_not_guessed(read):
    alignment = read("（一）予以公开\n258\n12\n1\n1\n272\n（七）总计\n" + "1\n" * 7)
    assert row(alignment, "granted") == {}
    assert row(alignment, "handled_total")["total"] == "1"
    assert [(item.kind, item.text) for item in alignment.leftovers] == [
        ("ambiguous", text) for text in ("258", "12", "1", "1", "272")
    ]
    assert "ambiguous" in [finding.code for finding in alignment.findings]


def test_an_unknown_row_keeps_its_values_to_itself(read):
    alignment = read("规章\n1\n2\n3\n地方性条例草案\n4\n5\n6\n行政许可\n7\n")
    assert row(alignment, "regulation") == {"issued": "1", "repealed": "2", "in_force": "3"}
    assert row(alignment, "licensing") == {"decisions": "7"}
    assert [(item.kind, item.text) for item in alignment.leftovers] == [
        ("unknown_label", "地方性条例草案"),
        *(("unplaced_value", text) for text in "456"),
    ]


def test_proceedings_after_a_padded_header(read):
    alignment = read(
        """
行政复议 | 行政诉讼 | |||||||||||||
结果维持 | 结果 | 其他 | 尚未 | 总计 | 未经复议直接起诉 | 复议后起诉 | |||||||
0 | 1 | 0 | 0 | 1 | 2 | 0 | 0 | 0 | 2 | 3 | 0 | 0 | 0 | 3
"""
    )
    assert row(alignment, "reconsideration")["corrected"] == "1"
    assert row(alignment, "litigation_direct")["upheld"] == "2"
    assert row(alignment, "litigation_after_reconsideration")["total"] == "3"
    assert alignment.leftovers == ()


def test_headers_of_another_form_make_a_line_ambiguous(read):
    alignment = read(
        """
信息内容 | 本年新制作数量 | 本年新公开数量 | 对外公开总数量
规章 | 1 | 2 | 3
第二十条第（五）项
信息内容 | 本年处理决定数量
行政许可 | 4
信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数
行政规范性文件 | 5 | 6 | 7
信息内容 | 本年收费金额（单位：万元）
行政事业性收费 | 8.5
"""
    )
    assert row(alignment, "regulation") == {}
    assert row(alignment, "licensing") == {"decisions": "4"}
    assert row(alignment, "normative_document")["in_force"] == "7"
    assert [item.text for item in alignment.leftovers if item.kind == "ambiguous"] == ["1", "2", "3"]


def test_a_line_in_one_cell(read):
    alignment = read(
        """
行政许可 132
（一） 予以公开 1 0 0 0 0 0 1
（七）总计
0 0 0 0 0 0 0
四、结转下年度继续办理
0000000
"""
    )
    assert row(alignment, "licensing") == {"decisions": "132"}
    assert row(alignment, "granted") == dict(zip(KINDS, "1000001", strict=True))
    assert set(row(alignment, "handled_total").values()) == {"0"}
    assert set(row(alignment, "carried_out").values()) == {"0"}
    assert alignment.leftovers == ()


def test_many_dumps_of_the_same_line(draw_run):
    """Cells are told apart by identity, also those that were divided and are gone from the page."""
    grids = [draw_run(f"行政许可 {number}\n行政处罚 {number}\n") for number in range(40)]
    alignment = align(Document(tuple(grids)), official_forms())
    assert [cell.raw_text for cell in alignment.cells] == ["0", "0"]
    assert [item.text for item in alignment.leftovers] == [
        str(number) for number in range(1, 40) for _ in range(2)
    ]


def test_zeros_run_together_in_a_dump(read):
    alignment = read("一、本年新收政府信息公开申请数量\n0000000\n二、上年结转政府信息公开申请数量\n00000\n")
    assert {cell.row for cell in alignment.cells} == {"received"}
    assert [cell.raw_text for cell in alignment.cells] == ["0"] * 7
    assert ("ambiguous", "00000") in {(item.kind, item.text) for item in alignment.leftovers}


def indicators(lines):
    """A text dump of the table of 2014 with as many lines of it as make the form."""
    (table,) = next(form for form in official_forms() if form.code == "2014").tables
    return "\n".join(lines(row) for row in table.rows) + "\n"


def test_a_unit_between_label_and_value_is_the_line_s(read):
    alignment = read("统计指标\n单位\n统计数\n" + indicators(lambda row: f"{row.label}\n{units(row)}\n20000"))
    assert len(alignment.cells) == alignment.expected == 58
    (budget,) = [cell for cell in alignment.cells if cell.row == "capacity.budget"]
    assert (f"{budget.value:f}", budget.unit) == ("2", "万元")


def units(row):
    return "元" if row.columns[0].unit == "万元" else row.columns[0].unit


def test_a_header_in_one_row_names_the_column_among_others(read):
    alignment = read(
        "统计指标\n单位\n乡镇统计数\n合计\n"
        + indicators(lambda row: f"{row.label}\n{row.columns[0].unit}\n7\n9")
    )
    assert {cell.raw_text for cell in alignment.cells} == {"9"}


def test_a_unit_in_the_label_is_the_line_s(read):
    alignment = read(indicators(lambda row: f"{row.label}（单位：{units(row)}）\n20000"))
    (budget,) = [cell for cell in alignment.cells if cell.row == "capacity.budget"]
    assert f"{budget.value:f}" == "2"


def test_misspelt_labels_in_a_dump_are_known_by_the_line_before(draw_run):
    run = draw_run("行政处罚\n23\n行政强剂\n3\n行政事业性收费\n1.5\n")
    cells = align(Document((run,)), official_forms()).cells
    assert [(cell.row, cell.raw_text) for cell in cells] == [
        ("penalty", "23"),
        ("coercion", "3"),
        ("fees", "1.5"),
    ]


OFFICES = "商业企业\n科研机构\n社会公益组织\n法律服务机构\n其他\n"
HEADER = "自然人\n法人或其他组织\n总计\n"


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [
        (HEADER + OFFICES, "natural", "total"),
        ("总计\n自然人\n法人或其他组织\n" + OFFICES, "total", "other_organization"),
        (HEADER + "其他\n科研机构\n社会公益组织\n法律服务机构\n商业企业\n", "natural", "total"),
        ("自然人\n总计\n" + OFFICES, "natural", "total"),
    ],
    ids=["official", "total first", "offices in another order", "wide word lost"],
)
def test_the_header_says_in_which_order_the_columns_stand(read, header, first, last):
    received = row(read(f"{header}一、本年新收政府信息公开申请数量\n1\n2\n3\n4\n5\n6\n21"), "received")
    assert (received[first], received[last]) == ("1", "21")
    assert received["enterprise"] == ("6" if "其他\n科研" in header else "3" if first == "total" else "2")


def test_columns_in_another_order_are_not_read_where_one_is_missing(read):
    alignment = read("信息内容\n本年废止件数\n本年制发件数\n规章\n1\n2\n3")
    assert alignment.cells == ()
    assert [finding.code for finding in alignment.findings][:1] == ["ambiguous"]


def test_proceedings_under_columns_in_another_order_are_not_read(read):
    heads = "总计\n结果维持\n结果纠正\n其他结果\n尚未审结\n"
    alignment = read(f"行政复议\n行政诉讼\n{heads}未经复议直接起诉\n复议后起诉\n{heads * 2}" + "1\n" * 15)
    assert alignment.cells == ()
    assert [finding.code for finding in alignment.findings][:1] == ["ambiguous"]


def test_a_label_without_figures_is_no_column(read):
    """Two rows typed into one: 535 and 1221 belong to one each, and nobody says which."""
    alignment = read("信息内容\n本年处理决定数量\n行政处罚\n行政强制\n535\n1221")
    assert alignment.cells == ()
    assert [finding.code for finding in alignment.findings][:1] == ["ambiguous"]


def test_what_a_line_break_tore_off_a_figure_is_told(read):
    alignment = read("行政事业性收费\n1\n.68\n行政许可\n5")
    assert row(alignment, "fees") == {"amount": "1"}
    assert [(finding.code, finding.place) for finding in alignment.findings][:1] == [
        ("ambiguous", "line:2/column:1")
    ]


def test_a_header_holds_where_its_first_line_is_not_read_and_over_a_page_break(draw_run):
    head = draw_run("信息内容\n本年废止件数\n本年制发件数\n现行有效件数\n规章\n共0件\n1\n2")
    alignment = align(Document((head, draw_run("信息内容\n行政规范性文件\n4\n7\n9"))), official_forms())
    assert row(alignment, "normative_document") == {"issued": "7", "repealed": "4", "in_force": "9"}
