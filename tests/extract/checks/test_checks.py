"""Each rule over forms filled by hand: what holds, what fails, what cannot be said."""

from decimal import Decimal

import pytest

from extract.checks import CHECKS, check
from extract.forms.model import official_forms
from extract.result import Check, ReadCell

FORMS = {form.code: form for form in official_forms()}


def filled(form, printed, default="0"):
    """A whole form, 0 but for what is given; "" is blank, None was not read."""
    cells = []
    for table, row, column in form.cells():
        text = printed.get((row.code, column.code), default)
        if text is not None:
            number = Decimal(text) if text.lstrip("-").replace(".", "").isdigit() else None
            state = "number" if number is not None else "text" if text else "blank"
            cells.append(ReadCell(table.code, row.code, column.code, number, state, text, column.unit, ""))
    return cells


def failed(form, printed, default="0"):
    return [result for result in check(form, filled(form, printed, default)) if not result.passed]


@pytest.mark.parametrize(("code", "held"), [("2021", 25 + 7 + 7 + 3), ("2019", 23 + 7 + 7 + 3), ("2014", 7)])
def test_zeros_everywhere_hold(code, held):
    results = check(FORMS[code], filled(FORMS[code], {}))
    assert all(result.passed for result in results)
    assert len(results) == held


def test_the_indicators_of_2014_add_up_and_a_part_is_at_most_its_whole():
    printed = {
        ("received.total", "value"): "3",
        ("received.online", "value"): "2",
        ("response.online_interviews_by_chief", "value"): "1",
    }
    results = failed(FORMS["2014"], printed)
    assert [(each.rule, each.scope, each.expected, each.actual) for each in results] == [
        ("indicator_total", "received.total", 2, 3),
        ("at_most", "response.online_interviews_by_chief", 0, 1),
    ]


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_blanks_everywhere_say_nothing(form):
    assert check(form, filled(form, {}, default="")) == ()


def test_a_wrong_total_of_a_row_and_of_a_column():
    printed = {
        ("granted", "natural"): "102",
        ("granted", "social_organization"): "1",
        ("granted", "total"): "102",
        ("handled_total", "natural"): "102",
        ("handled_total", "total"): "102",
        ("received", "natural"): "102",
        ("received", "total"): "102",
    }
    assert failed(FORMS["2021"], printed) == [
        Check("row_total", "granted", Decimal(103), Decimal(102), passed=False, severity="error"),
        Check("column_total", "social_organization", Decimal(1), Decimal(0), passed=False, severity="error"),
    ]


def test_what_came_in_goes_out():
    printed = {
        ("received", "legal_service"): "3",
        ("received", "total"): "3",
        ("carried_out", "legal_service"): "2",
    }
    assert [
        (item.rule, item.scope, item.expected, item.actual) for item in failed(FORMS["2019"], printed)
    ] == [
        ("row_total", "carried_out", 2, 0),
        ("balance", "legal_service", 3, 2),
        ("balance", "total", 3, 0),
    ]


def test_proceedings():
    (result,) = failed(FORMS["2021"], {("litigation_direct", "pending"): "1"})
    assert (result.rule, result.scope, result.severity) == ("proceedings_total", "litigation_direct", "error")


def test_a_total_left_blank_over_figures_is_a_warning():
    (result,) = failed(FORMS["2021"], {("reconsideration", "upheld"): "5", ("reconsideration", "total"): ""})
    assert result == Check(
        "proceedings_total", "reconsideration", Decimal(5), None, passed=False, severity="warning"
    )


def test_a_total_over_parts_left_blank_is_a_warning():
    printed = {("reconsideration", code): "" for code in ("upheld", "corrected", "other", "pending")}
    (result,) = failed(FORMS["2021"], printed | {("reconsideration", "total"): "5"})
    assert (result.expected, result.actual, result.severity) == (0, 5, "warning")


def test_some_blank_parts_count_as_nothing():
    printed = {("reconsideration", "upheld"): "", ("reconsideration", "total"): "5"}
    (result,) = failed(FORMS["2021"], printed)
    assert result.severity == "error"


@pytest.mark.parametrize("unsaid", [None, "见附件"])
def test_nothing_is_said_where_a_part_is_unknown(unsaid):
    results = check(FORMS["2021"], filled(FORMS["2021"], {("reconsideration", "upheld"): unsaid}))
    assert "reconsideration" not in [result.scope for result in results]


def test_a_single_row_for_other_outcomes_is_part_of_the_sum():
    form = FORMS["2021"].with_alternate(FORMS["2021"].alternates[0])
    printed = {("other", "natural"): "2", ("other", "total"): "2"}
    assert ("column_total", "natural") in [(item.rule, item.scope) for item in failed(form, printed)]


def test_counts_are_whole_and_changes_may_be_below_zero():
    printed = {
        ("licensing", "items_change"): "-3",
        ("penalty", "items_change"): "1.5",
        ("coercion", "decisions"): "-1",
        ("procurement", "amount"): "92.2343",
    }
    assert [(item.rule, item.scope, item.actual) for item in failed(FORMS["2019"], printed)] == [
        ("whole_number", "penalty", Decimal("1.5")),
        ("whole_number", "coercion", Decimal(-1)),
    ]


def test_every_equation_has_its_rule():
    names = {rule.__name__ for rule in CHECKS}
    assert {equation.rule for form in FORMS.values() for equation in form.equations} <= names
