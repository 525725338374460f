"""Tables as real pages draw them."""

from dataclasses import replace

import pytest
from msgspec import structs

from extract.align import align
from extract.document import Document
from extract.forms.model import official_forms, parse_form

HEADER = """
（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）|<|<|申请人情况|<|<|<|<|<|<
^|^|^|自然人|法人或其他组织|<|<|<|<|总计
^|^|^|^|商业企业|科研机构|社会公益组织|法律服务机构|其他|^
"""
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
def read(draw_table):
    return lambda *drawings: align(Document(tuple(map(draw_table, drawings))), official_forms())


def row(alignment, code):
    return {cell.column: cell.raw_text for cell in alignment.cells if cell.row == code}


def test_groups_stand_left_of_labels(read):
    alignment = read(
        HEADER
        + """
三、本年度办理结果|（一）予以公开|<|1|2|3|4|5|6|21
^|（三）不予公开|1.属于国家秘密|1|0|0|0|0|0|1
^|^|2.其他法律行政法规禁止公开|0|2|0|0|0|0|2
^|（七）总计|<|2|4|3|4|5|6|24
四、结转下年度继续办理|<|<|0|0|0|0|0|0|0
""".strip()
    )
    assert row(alignment, "granted") == dict(zip(KINDS, ("1", "2", "3", "4", "5", "6", "21"), strict=True))
    assert row(alignment, "denied.law_prohibits")["enterprise"] == "2"
    assert row(alignment, "carried_out")["total"] == "0"
    assert alignment.leftovers == ()


def test_a_blank_cell_is_a_value_cell(read):
    alignment = read(HEADER + "一、本年新收政府信息公开申请数量|<|<|821|35|||2|1|859")
    assert [cell.state for cell in alignment.cells] == ["number", "number", "blank", "blank", *["number"] * 3]


def test_header_and_line_that_disagree_on_colspan(read):
    alignment = read("信息内容|本年新制作数量|本年新公开数量|<|对外公开总数量\n规章|13|<|14|524\n")
    assert row(alignment, "regulation") == {"new_made": "13", "new_published": "14", "published_total": "524"}


def test_a_group_that_spans_one_row_too_many(read):
    alignment = read(
        HEADER
        + """
三、本年度办理结果|（七）总计|<|1|0|0|0|0|0|1|x
^|四、结转下年度继续办理|<|<|2|0|0|0|0|0|2
""".strip()
    )
    assert row(alignment, "carried_out") == dict(zip(KINDS, ("2", "0", "0", "0", "0", "0", "2"), strict=True))


def test_a_subtotal_column_is_left_over_and_the_others_keep_their_labels(read):
    alignment = read(
        """
|申请人情况|<|<|<|<|<|<|<
^|自然人|法人或其他组织|<|<|<|<|<|总计
^|^|小计|商业企业|科研机构|社会公益组织|法律服务机构|其他|^
一、本年新收政府信息公开申请数量|1|20|2|3|4|5|6|21
"""
    )
    assert row(alignment, "received") == dict(zip(KINDS, ("1", "2", "3", "4", "5", "6", "21"), strict=True))
    assert {(item.kind, item.text) for item in alignment.leftovers} == {
        ("unknown_label", "小计"),
        ("unplaced_value", "20"),
    }


def test_a_header_that_lost_a_label(read):
    alignment = read(
        """
|法人或其他组织|<|<|<|<|总计
^|商业企业|科研机构|社会公益组织|法律服务机构|其他|^
一、本年新收政府信息公开申请数量|1|2|3|4|5|6|21
"""
    )
    assert row(alignment, "received") == dict(zip(KINDS, ("1", "2", "3", "4", "5", "6", "21"), strict=True))
    assert "header_differs" in [finding.code for finding in alignment.findings]


def test_a_header_with_an_emptied_label(read):
    alignment = read("信息内容|本年制发件数||现行有效件数\n规章|1|2|3\n行政规范性文件|4|5|6\n")
    assert row(alignment, "normative_document") == {"issued": "4", "repealed": "5", "in_force": "6"}


def test_columns_in_another_order_go_by_their_labels(read):
    alignment = read("信息内容|现行有效件数|本年制发件数|本年废止件数\n规章|3|1|2\n")
    assert row(alignment, "regulation") == {"issued": "1", "repealed": "2", "in_force": "3"}


def test_more_values_than_columns_and_no_header_is_not_guessed(read):
    alignment = read(
        "一、本年新收政府信息公开申请数量|1|2|3|4|5|6|7|28\n二、上年结转政府信息公开申请数量|0|0|0|0|0|0|0\n"
    )
    assert row(alignment, "received") == {}
    assert row(alignment, "carried_in")["total"] == "0"
    assert {item.kind for item in alignment.leftovers} == {"ambiguous"}
    assert "ambiguous" in [finding.code for finding in alignment.findings]


def test_a_short_line_yields_what_stands_under_a_header(read):
    alignment = read(HEADER + "一、本年新收政府信息公开申请数量|<|<|821|35|0|0|2|x|x")
    assert row(alignment, "received") == dict(zip(KINDS[:5], ("821", "35", "0", "0", "2"), strict=True))
    assert "row_differs" in [finding.code for finding in alignment.findings]


def test_padding_behind_a_single_value(read):
    alignment = read("信息内容|本年处理决定数量|<|<\n行政许可|132||\n行政处罚|23|/|\n")
    assert row(alignment, "licensing") == {"decisions": "132"}
    assert row(alignment, "penalty") == {}
    assert [item.text for item in alignment.leftovers] == ["23", "/"]


def test_a_misspelt_label_is_not_taken_for_its_group(read):
    lines = """
（六）其他处理|2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其信息公开申请|1|0|0|0|0|0|1
^|9.完全不同的另一件事情|5|0|0|0|0|0|5
（七）总计|<|6|0|0|0|0|0|6
"""
    alignment = read(lines)
    assert row(alignment, "other.fee_unpaid")["natural"] == "1"
    assert row(alignment, "other") == {}
    assert {"label_corrected", "unknown_row"} <= {finding.code for finding in alignment.findings}
    assert [item.text for item in alignment.leftovers][:3] == ["9.完全不同的另一件事情", "5", "0"]


def test_group_and_label_in_one_cell(read):
    alignment = read(
        "（三）不予公开 1.属于国家秘密|1|0|0|0|0|0|1\n2.其他法律行政法规禁止公开|0|0|0|0|0|0|0\n"
    )
    assert row(alignment, "denied.state_secret")["total"] == "1"


def test_proceedings_by_label_when_their_order_differs(read):
    alignment = read(
        """
行政诉讼|<|<|<|<|<|<|<|<|<|行政复议|<|<|<|<
未经复议直接起诉|<|<|<|<|复议后起诉|<|<|<|<|结果维持|结果纠正|其他结果|尚未审结|总计
结果维持|结果纠正|其他结果|尚未审结|总计|结果维持|结果纠正|其他结果|尚未审结|总计|^|^|^|^|^
1|0|0|0|1|2|0|0|0|2|3|0|0|0|3
"""
    )
    assert row(alignment, "reconsideration")["upheld"] == "3"
    assert row(alignment, "litigation_direct")["upheld"] == "1"
    assert row(alignment, "litigation_after_reconsideration")["total"] == "2"


def test_proceedings_under_a_cut_header_go_by_order(read):
    group = "结果|结果|其他|尚未|总计"
    alignment = read(
        f"""
行政复议|<|<|<|<|行政诉讼|<|<|<|<|<|<|<|<|<
{group}|未经复议直接起诉|<|<|<|<|复议后起诉|<|<|<|<
^|^|^|^|^|{group}|{group}
1|0|0|0|0|1|0|0|0|0||||||2
""".replace("||||||2", "|||||2")
    )
    assert row(alignment, "reconsideration") == {
        "upheld": "1",
        "corrected": "0",
        "other": "0",
        "pending": "0",
        "total": "0",
    }
    assert row(alignment, "litigation_after_reconsideration")["total"] == "2"


def test_a_table_split_by_a_page_break_with_its_header_again(read):
    first = HEADER + "一、本年新收政府信息公开申请数量|<|<|1|0|0|0|0|0|1"
    second = HEADER + "二、上年结转政府信息公开申请数量|<|<|2|0|0|0|0|0|2"
    alignment = read(first, second, "四、结转下年度继续办理|3|0|0|0|0|0|3\n")
    assert [row(alignment, code)["natural"] for code in ("received", "carried_in", "carried_out")] == [
        "1",
        "2",
        "3",
    ]
    assert alignment.leftovers == ()


def test_values_on_the_page_after_their_header(read):
    header = """
行政复议|<|<|<|<|行政诉讼|<|<|<|<|<|<|<|<|<
结果维持|结果纠正|其他结果|尚未审结|总计|未经复议直接起诉|<|<|<|<|复议后起诉|<|<|<|<
^|^|^|^|^|结果维持|结果纠正|其他结果|尚未审结|总计|结果维持|结果纠正|其他结果|尚未审结|总计
"""
    alignment = read(header, "1|0|0|0|1|2|0|0|0|2|0|0|0|0|0", "1|0|0|0|1|2|0|0|0|2|0|0|0|0|0")
    assert len(alignment.cells) == 15
    assert row(alignment, "litigation_direct")["upheld"] == "2"
    assert [item.kind for item in alignment.leftovers] == ["grid"]


def test_the_rest_of_a_table_goes_by_the_header_before_it(read):
    first = """
|申请人情况|<|<|<|<|<|<|<
^|自然人|法人或其他组织|<|<|<|<|<|总计
^|^|小计|商业企业|科研机构|社会公益组织|法律服务机构|其他|^
一、本年新收政府信息公开申请数量|1|20|2|3|4|5|6|21
"""
    alignment = read(first, "二、上年结转政府信息公开申请数量|2|20|2|3|4|5|6|22\n")
    assert row(alignment, "carried_in") == dict(zip(KINDS, ("2", "2", "3", "4", "5", "6", "22"), strict=True))


def test_words_of_the_form_in_another_table_do_not_make_it_the_forms(read):
    local = "指标|累计数|发生数\n行政复议|22.申请数|1\n行政诉讼|23.案件数|2\n"
    alignment = read(local, "（七）总计|6|0|0|0|0|0|6\n四、结转下年度继续办理|0|0|0|0|0|0|0\n")
    assert [(item.kind, item.text) for item in alignment.leftovers] == [
        ("grid", "指标 | 累计数 | 发生数"),
        ("grid", "行政复议 | 22.申请数 | 1"),
        ("grid", "行政诉讼 | 23.案件数 | 2"),
    ]


def test_a_group_with_figures_of_its_own_is_no_row_and_no_header(read):
    alignment = read(HEADER + "（三）不予公开|<|<|5|0|0|0|0|0|5\n（七）总计|<|<|1|2|3|4|5|6|21")
    assert row(alignment, "handled_total") == dict(
        zip(KINDS, ("1", "2", "3", "4", "5", "6", "21"), strict=True)
    )
    assert [(item.kind, item.text) for item in alignment.leftovers] == [
        ("unplaced_value", text) for text in "5000005"
    ]
    assert alignment.findings[0].code == "unknown_row"


def test_a_caption_leaves_the_header_as_it_is(read):
    alignment = read(
        """
信息内容|本年处理决定数量|备注
行政许可|1|见网站
第二十条第（六）项|<|<
行政处罚|2|
"""
    )
    assert row(alignment, "penalty") == {"decisions": "2"}
    assert [(item.kind, item.text) for item in alignment.leftovers] == [
        ("unknown_label", "备注"),
        ("unknown_label", "见网站"),
    ]


def test_a_column_of_units_between_label_and_value(draw_table):
    rows = [
        {"code": "meetings", "label": "（一）召开会议数"},
        {"code": "trainees", "label": "（二）接受培训人员数"},
    ]
    block = {"columns": [{"code": "value", "label": "统计数", "unit": "次"}], "rows": rows}
    captions = ["统计指标", "单位", "一、会议和培训情况"]
    table = {"code": "t", "heading": "统计表", "layout": "rows", "captions": captions, "blocks": [block]}
    form = parse_form({"code": "x", "title": "", "notice": "", "since": 1, "headings": [], "tables": [table]})
    grid = draw_table(
        "统计指标|单位|统计数\n一、会议和培训情况||\n（一）召开会议数|次|3\n（二）接受培训人员数|人次|60\n"
    )
    alignment = align(Document((grid,)), [form])
    assert [cell.raw_text for cell in alignment.cells] == ["3", "60"]
    assert alignment.leftovers == ()


def test_a_sum_over_rows_that_are_there_themselves_is_left_over(read):
    lines = """
（六）其他处理|1|0|0|0|0|0|1
1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请|1|0|0|0|0|0|1
3.其他|0|0|0|0|0|0|0
"""
    alignment = read(lines)
    assert row(alignment, "other") == {}
    assert row(alignment, "other.not_corrected")["natural"] == "1"
    assert [(item.kind, item.text) for item in alignment.leftovers] == [
        ("unplaced_value", text) for text in "1000001"
    ]


def test_a_label_without_values_is_only_a_label(read):
    alignment = read("（六）其他处理\n（七）总计|6|0|0|0|0|0|6\n四、结转下年度继续办理\n")
    assert {cell.row for cell in alignment.cells} == {"handled_total"}
    assert alignment.leftovers == ()


def test_a_header_that_closed_up_over_a_lost_label(read):
    """Word processors fill the row up with a blank cell behind the last label."""
    alignment = read(
        """
|法人或其他组织|<|<|<|<|总计|
^|商业企业|科研机构|社会公益组织|法律服务机构|其他|^|
一、本年新收政府信息公开申请数量|1|2|3|4|5|6|21
二、上年结转政府信息公开申请数量|0|0|0|0|0|0|0
"""
    )
    assert row(alignment, "received") == dict(zip(KINDS, ("1", "2", "3", "4", "5", "6", "21"), strict=True))
    assert [finding.code for finding in alignment.findings].count("header_differs") == 1


def test_a_header_whose_spans_disagree(read):
    alignment = read(
        """
|自然人|法人或其他组织|<|<|<|总计|x
^|^|商业企业|科研机构|社会公益组织|法律服务机构|^|其他
一、本年新收政府信息公开申请数量|1|2|3|4|5|6|21
"""
    )
    assert row(alignment, "received") == dict(zip(KINDS, ("1", "2", "3", "4", "5", "6", "21"), strict=True))


def test_a_line_that_ends_early_is_marked_at_each_value(read):
    alignment = read(HEADER + "一、本年新收政府信息公开申请数量|<|<|821|35|0|0|2|858|x")
    marked = {finding.place for finding in alignment.findings if finding.code == "ambiguous"}
    assert {cell.place for cell in alignment.cells} <= marked


def test_a_misspelt_short_label_is_known_where_it_is_expected(read):
    alignment = read("信息内容|本年处理决定数量\n行政许司|132\n行政处罚|23\n")
    assert row(alignment, "licensing") == {}  # nothing was read before it
    alignment = read("信息内容|本年处理决定数量\n行政处罚|23\n行政强剂|3\n")
    assert row(alignment, "coercion") == {"decisions": "3"}


def test_a_figure_that_a_machine_was_not_sure_of_is_marked_and_not_taken(draw_table):
    grid = draw_table("信息内容|本年处理决定数量\n行政许可|132\n行政处罚|23\n")
    doubtful = structs.replace(grid.rows[1][1], certain=False)
    rows = (grid.rows[0], (grid.rows[1][0], doubtful), grid.rows[2])
    alignment = align(Document((replace(grid, rows=rows),)), official_forms())
    assert row(alignment, "licensing") == {}
    assert row(alignment, "penalty") == {"decisions": "23"}
    assert ("ambiguous", doubtful.place) in {(found.code, found.place) for found in alignment.findings}
    assert [(item.kind, item.text) for item in alignment.leftovers] == [("ambiguous", "132")]


@pytest.mark.parametrize(
    ("printed", "figures"),
    [("0000000", "0000000"), ("0 0 0 0 0 0 0", "0000000"), ("1 2 0 0 0 0 3", "1200003")],
)
def test_a_line_of_figures_in_one_cell(read, printed, figures):
    alignment = read(HEADER + f"一、本年新收政府信息公开申请数量|<|<|{printed}|<|<|<|<|<|<")
    assert "".join(row(alignment, "received").values()) == figures
    assert alignment.leftovers == ()
    assert "run_together" in {finding.code for finding in alignment.findings}


@pytest.mark.parametrize("printed", ["00000", "1000003", "0 0", "0 0 0 0 0 0 0 0"])
def test_what_cannot_be_divided_in_one_way_is_left_over(read, printed):
    alignment = read(HEADER + f"一、本年新收政府信息公开申请数量|<|<|{printed}|<|<|<|<|<|<")
    assert alignment.cells == ()
    assert [(item.kind, item.text) for item in alignment.leftovers] == [("ambiguous", printed)]


def test_proceedings_in_one_cell(read):
    columns = "结果维持|结果纠正|其他结果|尚未审结|总计"
    groups = "行政复议|<|<|<|<|行政诉讼|<|<|<|<|<|<|<|<|<"
    kinds = "行政复议|<|<|<|<|未经复议直接起诉|<|<|<|<|复议后起诉|<|<|<|<"
    zeros = "0" * 15 + "|<" * 14
    alignment = read("\n".join((groups, kinds, "|".join([columns] * 3), zeros)))
    assert len(alignment.cells) == 15


def test_proceedings_whose_spans_disagree_and_are_filled_up_with_blanks(read):
    alignment = read(
        """
行政复议|<|<|<|<|<|行政诉讼|<|<|<|<|<|<|<|<|<|
结果维持|结果纠正|其他结果|尚未审结|总计|未经复议直接起诉|<|<|<|<|复议后起诉|<|<|<|<|<|
^|^|^|^|^|结果维持|结果纠正|其他结果|尚未审结|总计|结果维持|结果纠正|其他结果|尚未审结|总计||
1|0|0|0|1|2|0|0|0|2|3|0|0|0|3||
"""
    )
    assert [cell.raw_text for cell in alignment.cells] == [*"100012000230003"]


def test_a_line_that_ends_early_under_merged_heads_is_marked(read):
    """As many heads as values by chance: what stands under which is only a matter of shape."""
    alignment = read(
        """
|自然人|法人或其他组织|<|<|<|<|总计
^|^|商业企业|科研机构社会公益组织|<|法律服务机构|其他|^
一、本年新收政府信息公开申请数量|26|1|1|0|0|0|28
二、上年结转政府信息公开申请数量|16|0|0|0|0|16|x
"""
    )
    marked = {finding.place for finding in alignment.findings if finding.code == "ambiguous"}
    assert {cell.place for cell in alignment.cells if cell.row == "carried_in"} <= marked
