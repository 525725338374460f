"""The table of 2014 to 2018 (政府信息公开情况统计表), as real pages draw it."""

from decimal import Decimal

import pytest

from extract.align import align
from extract.document import Document
from extract.forms.model import official_forms

FORM = next(form for form in official_forms() if form.code == "2014")
CAPTIONS = {
    "proactive.published": "一、主动公开情况",
    "channels.gazette": "　（二）通过不同渠道和方式公开政府信息的情况",
    "response.events": "二、回应解读情况",
    "response.press_conferences": "　（二）通过不同渠道和方式回应解读的情况",
    "received.total": "三、依申请公开情况",
    "capacity.offices": "八、机构建设和保障经费情况",
    "training.meetings": "九、政府信息公开会议和培训情况",
}
FOOTER = [
    ["单位负责人：张三", "<", "审核人：李四"],
    ["联系电话：0551-1234567", "<", "填报日期：2019年1月8日"],
]
NUMBERED = {row.code: str(number) for number, row in enumerate(FORM.tables[0].rows, 1)}


def printed_lines(values, units=None, values_head=("统 计 数",)):
    lines = [["统计指标", "单位", *values_head]]
    for row in FORM.tables[0].rows:
        if row.code in CAPTIONS:
            lines.append([CAPTIONS[row.code], "", *[""] * len(values_head)])
        unit = (units or {}).get(row.code, row.columns[0].unit)
        lines.append([f"　　{row.label}", unit, *values.get(row.code, "0").split("|")])
    return lines


@pytest.fixture
def read(draw_table):
    return lambda *tables: align(
        Document(tuple(draw_table("\n".join("|".join(line) for line in lines)) for lines in tables)),
        official_forms(),
    )


def figures(alignment):
    return {cell.row: cell.raw_text for cell in alignment.cells}


def test_every_indicator_with_captions_units_and_a_footer(read):
    alignment = read([*printed_lines(NUMBERED), *FOOTER])
    assert alignment.form is FORM
    assert figures(alignment) == NUMBERED
    assert {cell.unit for cell in alignment.cells} == {"条", "件", "次", "篇", "万元", "个", "人", "人次"}
    assert {item.kind for item in alignment.leftovers} == {"note"}
    assert alignment.findings == ()


def test_the_unit_printed_in_the_line_counts(read):
    lines = printed_lines({"capacity.budget": "52000"}, units={"capacity.budget": "元"})
    (budget,) = [cell for cell in read(lines).cells if cell.row == "capacity.budget"]
    assert (budget.value, budget.unit, budget.raw_text) == (Decimal("5.2"), "万元", "52000")


def test_a_table_that_a_page_break_cut(read):
    lines = printed_lines(NUMBERED)
    assert figures(read(lines[:30], lines[30:])) == NUMBERED


def test_columns_of_subordinate_bodies_are_left_over(read):
    values = {code: f"{number}|{number}00|7" for code, number in NUMBERED.items()}
    alignment = read(printed_lines(values, values_head=("合计", "区直单位统计数", "乡镇街道统计数")))
    assert figures(alignment) == NUMBERED
    values_left = [item for item in alignment.leftovers if item.kind == "unplaced_value"]
    assert len(values_left) == 2 * FORM.expected


def test_columns_of_which_none_is_the_body_s_own_are_not_guessed(read):
    values = {code: f"{number}|{number}00" for code, number in NUMBERED.items()}
    alignment = read(printed_lines(values, values_head=("甲数", "乙数")))
    assert alignment.cells == ()
    assert "ambiguous" in {finding.code for finding in alignment.findings}


def test_a_local_table_with_some_of_the_indicators_is_no_official_form(read):
    lines = [["指标", "累计数"], ["1.当面申请数", "3"], ["2.传真申请数", "4"], ["培训次数", "1"]]
    assert read(lines).form is None
