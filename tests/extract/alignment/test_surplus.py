"""A subtotal in lines of which only the order is known: left out where arithmetic leaves one reading."""

import pytest

from extract.align import align
from extract.alignment.surplus import surplus_column
from extract.document import Cell, Document
from extract.forms.model import official_forms

EQUATION = official_forms()[0].equations_of("row_total")[0]
COLUMNS = (*EQUATION.parts, *EQUATION.total)
HEADER = "自然人\n法人或其他组织\n总计\n商业企业\n科研机构\n社会公益组织\n法律服务机构\n其他\n小计\n"


def lines(*texts):
    return [[Cell(number, "") for number in text.split()] for text in texts]


@pytest.mark.parametrize(
    ("printed", "place"),
    [
        (("1 2 3 4 5 6 20 21", "7 1 0 2 0 0 3 10"), 6),
        (("1 20 2 3 4 5 6 21", "7 3 1 0 2 0 0 10"), 1),
        (("0 0 0 0 0 0 0 0",), 0),
        (("1 2 3 4 5 6 7 8",), None),
    ],
    ids=["behind", "before", "all readings are the same", "nothing adds up"],
)
def test_which_value_is_the_one_too_many(printed, place):
    assert surplus_column(lines(*printed), COLUMNS, EQUATION, ()) == place


def test_what_reads_in_two_ways_is_not_decided_without_a_hint():
    only_enterprises = lines("0 1 0 0 0 0 1 1")
    assert surplus_column(only_enterprises, COLUMNS, EQUATION, ()) is None
    assert surplus_column(only_enterprises, COLUMNS, EQUATION, {6}) == 6


def test_one_wrong_total_in_many_lines_is_a_misprint():
    right = ["1 2 3 4 5 6 20 21"] * 10
    assert surplus_column(lines(*right, "1 2 3 4 5 6 20 99"), COLUMNS, EQUATION, ()) == 6


def test_a_dump_with_a_subtotal(draw_run):
    received = "一、本年新收政府信息公开申请数量\n0\n1\n0\n0\n0\n0\n1\n1\n"
    carried = "二、上年结转政府信息公开申请数量\n0\n0\n0\n0\n0\n0\n0\n0\n"
    alignment = align(Document((draw_run(HEADER + received + carried),)), official_forms())
    assert [cell.raw_text for cell in alignment.cells] == [*"0100001", *"0000000"]
    assert "column_left_out" in {finding.code for finding in alignment.findings}
    assert {item.kind for item in alignment.leftovers} == {"unknown_label", "unplaced_value"}


def test_a_line_that_is_shorter_than_the_others_is_marked(draw_run):
    received = "一、本年新收政府信息公开申请数量\n4\n1\n2\n0\n0\n0\n3\n7\n"
    short = "二、上年结转政府信息公开申请数量\n0\n0\n0\n0\n0\n0\n0\n"
    alignment = align(Document((draw_run(HEADER + received + short),)), official_forms())
    marked = {finding.place for finding in alignment.findings if finding.code == "ambiguous"}
    assert {cell.place for cell in alignment.cells if cell.row == "carried_in"} <= marked
