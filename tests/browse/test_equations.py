"""Checks unfolded: which printed figures they add up, whichever way the rule runs."""

from decimal import Decimal

import pytest

from browse.equations import cell_words, form_of, labels_of, unfold
from browse.layout import laid_out
from extract.forms.model import official_forms

OUTCOMES = ("upheld", "corrected", "other", "pending", "total")


def cell(table, row, column, value):
    return {
        "table_code": table, "row_code": row, "col_code": column, "value": Decimal(value),
        "state": "number", "raw_text": str(value), "unit": "件",
    }  # fmt: skip


def check(rule, scope, expected, actual, severity="error"):
    return {
        "rule": rule, "scope": scope, "expected": expected, "actual": actual,
        "passed": int(expected == actual), "severity": severity,
    }  # fmt: skip


def said(terms):
    return [(term.label, int(term.cell["value"])) for term in terms]


def test_along_a_row():
    cells = [cell("proceedings", "reconsideration", code, n) for n, code in enumerate(OUTCOMES)]
    [each] = unfold("2021", cells, [check("proceedings_total", "reconsideration", 6, 4)])
    assert said(each.parts) == [("结果维持", 0), ("结果纠正", 1), ("其他结果", 2), ("尚未审结", 3)]
    assert said(each.total) == [("总计", 4)]
    assert each.subject == "行政复议"


def test_down_a_column():
    rows = {"received": 5, "carried_in": 2, "handled_total": 6, "carried_out": 1}
    cells = [cell("requests", row, "natural", value) for row, value in rows.items()]
    [each] = unfold("2021", cells, [check("balance", "natural", 7, 7)])
    assert [value for _, value in said(each.parts)] == [5, 2]
    assert [value for _, value in said(each.total)] == [6, 1]


def test_down_the_only_column_from_the_row_of_the_total():
    codes = labels_of(form_of("2014"))
    cells = [cell("statistics", row, "value", 1) for row in codes if row.startswith("received")]
    [each] = unfold("2014", cells, [check("indicator_total", "received.total", 5, 1)])
    assert said(each.total) == [(codes["received.total"], 1)]
    assert each.parts


@pytest.mark.parametrize("rule", ["stated_received", "carried_over", "whole_number", "of_tomorrow"])
def test_what_is_no_sum_of_the_reports_own_cells_has_no_terms(rule):
    [each] = unfold("2021", [cell("requests", "received", "total", 1)], [check(rule, "received/total", 1, 2)])
    assert not each.parts
    assert each.subject == "一、本年新收政府信息公开申请数量 · 总计"


def test_a_report_of_no_form_has_no_equations():
    [each] = unfold("none", [], [check("row_total", "x", 1, 2)])
    assert (each.total, each.parts, each.subject) == ((), (), "x")


def test_totals_are_marked_in_their_own_table_only():
    cells = [cell("proceedings", "reconsideration", code, 1) for code in OUTCOMES]
    cells += [cell("requests", "received", "total", 1)]
    tables = laid_out("2021", cells, [check("proceedings_total", "reconsideration", 4, 1)])
    wrong = [each.table.code for each in tables if each.is_wrong("reconsideration", "total")]
    assert wrong == ["proceedings"]
    tables = laid_out("2021", cells, [check("proceedings_total", "reconsideration", 1, 1)])
    assert [each.table.code for each in tables if each.is_right("reconsideration", "total")] == [
        "proceedings"
    ]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", "一、本年新收政府信息公开申请数量 · 总计"),
        ("en", "Requests newly received this year · in all"),
    ],
)
def test_a_cell_is_named_in_the_readers_language(language, words):
    assert cell_words(form_of("2021"), ("requests", "received", "total"), language) == words


def test_codes_that_no_form_has_stay():
    assert cell_words(form_of("2021"), ("requests", "new", "x"), "en") == "new · x"
    assert cell_words(None, ("requests", "received", "total"), "en") == "received · total"


@pytest.mark.parametrize("form", official_forms(), ids=lambda form: form.code)
def test_every_cell_of_every_form_has_english(form):
    for table, row, column in form.cells():
        assert " · " in cell_words(form, (table.code, row.code, column.code), "en")
