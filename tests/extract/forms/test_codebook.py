"""The codebook and the measure dictionary, held against the forms."""

from decimal import Decimal

import pytest

from extract.checks import check
from extract.forms.codebook import codebook, english_measure, english_words, ratios
from extract.forms.crosswalk import crosswalk
from extract.forms.model import official_forms
from extract.result import ReadCell

CELLS = {(cell.form, cell.table_code, cell.row_code, cell.col_code): cell for cell in codebook()}


def test_every_cell_of_every_form_is_there_once():
    official = {
        (form.code, table.code, row.code, column.code)
        for form in official_forms()
        for sheet in (form, *map(form.with_alternate, form.alternates))
        for table, row, column in sheet.cells()
    }
    assert set(CELLS) == official
    assert len(codebook()) == len(CELLS)


def test_a_variable_is_one_cell_of_its_form():
    assert len({(cell.form, cell.variable) for cell in codebook()}) == len(CELLS)
    assert all(cell.variable.isidentifier() for cell in codebook())


def test_a_short_name_is_one_cell_of_its_form_and_fits_stata():
    assert len({(cell.form, cell.stata) for cell in codebook()}) == len(CELLS)
    assert max(len(cell.stata) for cell in codebook()) <= 32


def test_what_is_told_of_a_cell():
    cell = CELLS["2021", "requests", "denied.third_party", "natural"]
    assert cell.group == "（三）不予公开"
    assert cell.english == "Denied: lawful rights of third parties: natural persons"
    assert cell.basis == "条例第十五条；国办公开办函〔2021〕30号"
    assert cell.forms == ("2019", "2021")
    assert cell.measures == ("requests.denied.third_party.natural", "requests.denied.natural")
    assert cell.comparable is True
    assert cell.checks == (("row_total", "denied.third_party"), ("column_total", "natural"))
    assert CELLS["2021", "requests", "carried_out", "total"].checks == (
        ("row_total", "carried_out"),
        ("balance", "total"),
        ("carried_over", "carried_in/total"),
    )
    assert CELLS["2019", "disclosure", "licensing", "items_change"].checks == (
        ("items_carried_over", "licensing/items_last_year"),
    )
    assert CELLS["2014", "statistics", "replied.denied", "value"].comparable is False


def test_no_word_is_for_a_cell_that_is_not_there():
    for table, words in english_words().items():
        cells = [cell for cell in codebook() if cell.table_code == table]
        assert set(words["rows"]) == {cell.row_code for cell in cells}
        assert set(words["columns"]) == {cell.col_code for cell in cells}


def filled(form):
    return [
        ReadCell(t.code, r.code, c.code, Decimal(1), "number", "1", c.unit, "") for t, r, c in form.cells()
    ]


@pytest.mark.parametrize("form", official_forms(), ids=lambda form: form.code)
def test_checks_are_those_that_are_made(form):
    made = {
        (each.rule, each.scope)
        for sheet in (form, *map(form.with_alternate, form.alternates))
        for each in check(sheet, filled(sheet))
    }
    told = {pair for cell in codebook() if cell.form == form.code for pair in cell.checks}
    across_years = {equation.rule for equation in form.years}
    only_when_broken = {"at_most", "whole_number"}
    printed = {pair for pair in told if pair[0] not in across_years | only_when_broken}
    assert printed == {pair for pair in made if pair[0] not in only_when_broken}


def test_what_ties_years_names_cells_that_there_are():
    for form in official_forms():
        rows = {cell.row_code for cell in codebook() if cell.form == form.code}
        columns = {cell.col_code for cell in codebook() if cell.form == form.code}
        for equation in form.years:
            for cell in (equation.total, *equation.last, *equation.plus, *equation.minus):
                row, column = cell.split("/")
                assert {row} <= rows | {"*"}
                assert {column} <= columns | {"*"}


def test_ratios_are_made_of_measures_that_there_are():
    measures = {measure.code for measure in crosswalk()}
    states = {"found", "late", "unreadable", "missing", "blocked"}
    for ratio in ratios():
        known = measures if ratio.of == "series" else states
        assert {*ratio.over, *ratio.under} <= known, ratio.code
    assert len({ratio.code for ratio in ratios()}) == len(ratios())


def test_every_measure_has_a_name_in_english():
    assert english_measure("proceedings.litigation.total").startswith("Litigation, with or without")
    assert all(english_measure(measure.code) for measure in crosswalk())
