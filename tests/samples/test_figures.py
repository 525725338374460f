"""The figures add up as the official forms say they must, but for the one total that is wrong on purpose."""

from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest

from samples.figures import Figures, figures, misprint
from samples.forms import APPLICANTS, OUTCOMES, PROCEEDINGS, load_form

Value = Callable[[str, str, str], Decimal]
REQUEST_COLUMNS = (*APPLICANTS, "total")


def value_of(report: Figures) -> Value:
    return lambda *code: report.cells[code].value or Decimal(0)


def broken(report: Figures) -> Iterator[str]:
    """Name every equation of the form that does not hold."""
    value, results = value_of(report), load_form(report.form).result_rows()
    for row in ("received", "carried_in", *results, "handled_total", "carried_out"):
        if value("requests", row, "total") != sum(value("requests", row, column) for column in APPLICANTS):
            yield f"row {row}"
    for column in REQUEST_COLUMNS:
        handled = value("requests", "handled_total", column)
        if handled != sum(value("requests", row, column) for row in results):
            yield f"column {column}"
        received = value("requests", "received", column) + value("requests", "carried_in", column)
        if received != handled + value("requests", "carried_out", column):
            yield f"balance {column}"
    for row, _ in PROCEEDINGS:
        if value("proceedings", row, "total") != sum(
            value("proceedings", row, column) for column, _ in OUTCOMES
        ):
            yield f"proceedings {row}"


@pytest.mark.parametrize("year", range(2019, 2026))
@pytest.mark.parametrize("zeros", ["0", "", "/"])
def test_a_body_s_figures_hold_every_equation(year, zeros):
    assert list(broken(figures("乌有县人民政府", year, 80, zeros))) == []


def test_only_one_report_of_all_is_wrong_and_in_one_equation(expected):
    wrong = {
        item.url: list(broken(item.figures))
        for item in expected
        if item.figures and list(broken(item.figures))
    }
    assert list(wrong.values()) == [["proceedings reconsideration"]]
    (url,) = wrong
    report = next(item for item in expected if item.url == url)
    assert (report.publisher, report.year) == ("乌有县人民政府", 2022)
    assert report.figures.wrong == (("proceedings", "reconsideration", "total"),)


def test_a_year_carries_in_what_the_year_before_carried_out():
    for year in range(2020, 2026):
        before, now = (value_of(figures("南柯县人民政府", passing, 40)) for passing in (year - 1, year))
        for column in REQUEST_COLUMNS:
            assert now("requests", "carried_in", column) == before("requests", "carried_out", column)


def test_documents_in_force_grow_by_issues_and_shrink_by_repeals():
    for year in range(2022, 2026):
        before, now = (value_of(figures("子虚市人民政府", passing, 260)) for passing in (year - 1, year))
        for row in ("regulation", "normative_document"):
            grown = now("disclosure", row, "issued") - now("disclosure", row, "repealed")
            assert now("disclosure", row, "in_force") == before("disclosure", row, "in_force") + grown


def test_the_same_body_has_the_same_figures_always():
    first = figures("国家蜃景管理局", 2024, 400)
    assert first == figures("国家蜃景管理局", 2024, 400)
    assert first != figures("国家蜃景管理局", 2023, 400)


@pytest.mark.parametrize(
    ("year", "form", "cells"), [(2019, "2019", 198), (2020, "2019", 198), (2021, "2021", 200)]
)
def test_the_form_follows_the_year(year, form, cells):
    report = figures("乌有县教育局", year, 8)
    assert (report.form, len(report.cells)) == (form, cells)


@pytest.mark.parametrize(("zeros", "state"), [("0", "number"), ("", "blank"), ("/", "dash")])
def test_a_zero_is_printed_as_the_office_is_used_to(zeros, state):
    cell = figures("乌有县浮云镇人民政府", 2025, 1, zeros).cells["requests", "denied.state_secret", "natural"]
    assert (cell.text, cell.state) == (zeros, state)
    assert cell.value == (0 if state == "number" else None)


def test_money_is_printed_with_its_unit_and_known_in_wan_yuan():
    texts = set()
    for body in ("甲县", "乙县", "丙县", "丁县", "戊县", "己县"):
        cell = figures(body, 2020, 80).cells["disclosure", "procurement", "amount"]
        number, unit = cell.text.replace(",", "").rstrip("万元"), cell.text.lstrip("0123456789.,")
        assert Decimal(number) / {"元": 10000, "万元": 1}[unit] == cell.value
        texts.add(unit)
    assert texts == {"元", "万元"}


def test_a_misprint_changes_one_cell():
    true = figures("乌有县教育局", 2024, 8)
    code = ("requests", "received", "total")
    wrong = misprint(true, code)
    changed = [key for key in true.cells if true.cells[key] != wrong.cells[key]]
    assert changed == [code]
    assert wrong.cells[code].value == true.cells[code].value + 1
