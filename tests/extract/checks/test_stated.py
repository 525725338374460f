"""Figures in the prose against the tables: told as warnings, and only where the prose states one."""

from decimal import Decimal

import pytest

from extract.checks import check
from extract.forms.model import official_forms
from extract.result import ReadCell, Section

FORMS = {form.code: form for form in official_forms()}
FIGURES = {
    ("requests", "received", "total"): 21,
    ("requests", "handled_total", "total"): 20,
    ("requests", "carried_out", "total"): 1,
    ("proceedings", "reconsideration", "total"): 0,
    ("proceedings", "litigation_direct", "total"): 2,
    ("proceedings", "litigation_after_reconsideration", "total"): 1,
    ("statistics", "received.total", "value"): 7,
}


def warnings_of(prose, form="2021"):
    cells = []
    for table, row, column in FORMS[form].cells():
        number = Decimal(FIGURES.get((table.code, row.code, column.code), 0))
        cells.append(ReadCell(table.code, row.code, column.code, number, "number", str(number), "件", ""))
    found = check(FORMS[form], cells, [Section(1, "一、总体情况", prose)])
    assert all(each.severity == "warning" for each in found if each.rule.startswith("stated"))
    return [(each.rule, each.expected, each.passed) for each in found if each.rule.startswith("stated")]


@pytest.mark.parametrize(
    ("prose", "expected"),
    [
        ("2023年，全区共收到政府信息公开申请21件。", [("stated_received", 21, True)]),
        ("全年受理依申请公开 2 3 件", [("stated_received", 23, False)]),
        ("本年度未收到政府信息公开申请。", [("stated_received", 0, False)]),
        ("共受理申请1,021件", [("stated_received", 1021, False)]),
        ("收到申请21件，其中收到自然人申请19件", [("stated_received", 21, True)]),
        (
            "已答复政府信息公开申请20件，结转下年度1件",
            [("stated_answered", 20, True), ("stated_carried_out", 1, True)],
        ),
        (
            "因信息公开引起的行政复议2件、行政诉讼3件",
            [("stated_reconsiderations", 2, False), ("stated_lawsuits", 3, True)],
        ),
        ("没有发生针对政府信息公开的行政复议", [("stated_reconsiderations", 0, True)]),
        ("收到申请5件。未收到政府信息公开申请。", [("stated_received", 5, False)]),
        ("行政复议2件；没有发生政府信息公开行政复议", [("stated_reconsiderations", 0, True)]),
        ("行政复议维持2件，收到群众投诉15件，印发文件21件", []),
        ("", []),
    ],
)
def test_what_the_prose_states(prose, expected):
    assert warnings_of(prose) == expected


def test_the_form_of_2014_too():
    assert warnings_of("收到政府信息公开申请8件", form="2014") == [("stated_received", 8, False)]
