import csv

import pytest

from extract.forms.model import Form, official_forms, parse_form

FORMS = {form.code: form for form in official_forms()}
# The list leaves this one unit to the page; cells of it are stored in 万元.
AS_PRINTED = "as printed, stored in 万元"


def test_the_latest_form_comes_first():
    assert [form.code for form in official_forms()] == ["2021", "2019", "2014"]


@pytest.mark.parametrize(("code", "expected"), [("2021", 200), ("2019", 198), ("2014", 58)])
def test_how_many_cells_a_form_has(code, expected):
    assert FORMS[code].expected == expected == len(set(addresses(FORMS[code])))


def addresses(form: Form):
    return [(table.code, row.code, column.code) for table, row, column in form.cells()]


@pytest.mark.real
@pytest.mark.parametrize("code", FORMS)
def test_the_cells_are_those_of_the_official_list(code, real_dir):
    with (real_dir.parent / "forms" / "codes.csv").open(encoding="utf-8", newline="") as sheet:
        official = [tuple(line.values())[1:] for line in csv.DictReader(sheet) if line["form"] == code]
    assert [official_line(*cell) for cell in FORMS[code].cells()] == official


def official_line(table, row, column):
    unit = AS_PRINTED if column.unit_as_printed else column.unit
    is_total = row.is_total or column.is_total
    return (
        *(table.code, row.code, row.label, row.group),
        *(column.code, column.label, unit, str(int(is_total))),
    )


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_equations_speak_of_codes_that_exist(form):
    for equation in form.equations:
        table = next(table for table in form.tables if table.code == equation.table)
        alternates = [row for other in form.alternates for row in other.rows]
        rows = {row.code for row in (*table.rows, *alternates)}
        columns = {column.code for row in table.rows for column in row.columns}
        assert {*equation.total, *equation.parts} <= rows | columns


@pytest.mark.parametrize("form", [FORMS["2021"], FORMS["2019"]], ids=["2021", "2019"])
def test_every_outcome_is_part_of_the_total_of_outcomes(form):
    (equation,) = form.equations_of("column_total")
    (requests,) = [table for table in form.tables if table.code == "requests"]
    others = {"received", "carried_in", "handled_total", "carried_out"}
    assert {row.code for row in requests.rows} - others <= set(equation.parts)


def test_alternate_rows_stand_where_the_others_stood():
    form = FORMS["2021"].with_alternate(FORMS["2021"].alternates[0])
    codes = [row.code for row in form.tables[1].rows]
    assert codes[-3:] == ["other", "handled_total", "carried_out"]
    assert len(codes) == 23


def test_an_unknown_key_is_an_error():
    block = {
        "columns": [{"code": "a", "label": "甲", "unit": "件", "colour": "red"}],
        "rows": [{"code": "r", "label": "乙"}],
    }
    table = {"code": "t", "heading": "", "layout": "rows", "blocks": [block]}
    with pytest.raises(TypeError, match="colour"):
        parse_form({"code": "x", "title": "", "notice": "", "since": 1, "headings": [], "tables": [table]})
