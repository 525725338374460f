"""Forms printed from known figures come back cell by cell; what a page gets wrong is told, not guessed."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.align import align
from extract.document import Document
from extract.forms.model import official_forms

FORMS = {form.code: form for form in official_forms()}
PRINTED = st.sampled_from(["0", "7", "12", "1,234", "３８", "", "/", "38665"])


def figures(alignment):
    return {(cell.table, cell.row, cell.column): cell.raw_text for cell in alignment.cells}


def addresses(form):
    return [(table.code, row.code, column.code) for table, row, column in form.cells()]


@pytest.mark.parametrize("code", FORMS)
@settings(max_examples=12, deadline=None, derandomize=True)
@given(data=st.data())
def test_every_printed_figure_comes_back(code, data, print_form):
    form = FORMS[code]
    values = {address: data.draw(PRINTED) for address in data.draw(st.sets(st.sampled_from(addresses(form))))}
    alignment = align(print_form(form, values), official_forms())
    assert alignment.form is form
    assert alignment.leftovers == ()
    assert {finding.code for finding in alignment.findings} <= {"unit_missing"}
    assert figures(alignment) == {address: values.get(address, "0") for address in addresses(form)}


@pytest.mark.parametrize("code", FORMS)
def test_a_dump_with_a_cell_a_line_reads_the_same(code, print_form, dump):
    form = FORMS[code]
    values = {address: str(number) for number, address in enumerate(addresses(form))}
    alignment = align(dump(print_form(form, values)), official_forms())
    assert figures(alignment) == values
    assert alignment.leftovers == ()


def test_cells_are_exact_in_the_unit_of_the_form_and_keep_what_was_printed(form_2019, print_form):
    values = {("disclosure", "procurement", "amount"): "251000元"}
    (cell,) = [
        cell
        for cell in align(print_form(form_2019, values), official_forms()).cells
        if (cell.row, cell.column) == ("procurement", "amount")
    ]
    assert (cell.value, cell.unit, cell.raw_text, cell.state) == (
        Decimal("25.1"),
        "万元",
        "251000元",
        "number",
    )
    assert cell.place.startswith("at:")


def test_an_amount_without_any_unit_is_told(form_2019, print_form):
    values = {("disclosure", "procurement", "amount"): "251000"}
    codes = [finding.code for finding in align(print_form(form_2019, values), official_forms()).findings]
    assert codes == ["unit_missing"]


def test_a_header_may_declare_another_unit(draw_table):
    grid = draw_table("信息内容|本年收费金额（单位：元）\n行政事业性收费|3142\n")
    (cell,) = align(Document((grid,)), official_forms()).cells
    assert cell.value == Decimal("0.3142")


def test_what_stands_after_a_number_is_left_over_as_a_note(draw_table):
    grid = draw_table("信息内容|本年制发件数|本年废止件数|现行有效件数\n规章|22（其中修订 16 件）|0|22\n")
    alignment = align(Document((grid,)), official_forms())
    assert [cell.value for cell in alignment.cells] == [22, 0, 22]
    assert [(leftover.kind, leftover.text) for leftover in alignment.leftovers] == [
        ("note", "(其中修订16件)")
    ]


def test_a_single_row_for_other_outcomes_takes_the_place_of_three(form_2021, print_form):
    form = form_2021.with_alternate(form_2021.alternates[0])
    assert form.expected == 186
    alignment = align(print_form(form, {("requests", "other", "natural"): "3"}), official_forms())
    assert alignment.form is not None
    assert (alignment.form.code, alignment.expected, len(alignment.cells)) == ("2021", 186, 186)
    assert figures(alignment)["requests", "other", "natural"] == "3"


def test_rows_of_2021_in_a_form_of_2019(form_2019, print_form):
    form = form_2019.with_alternate(form_2019.alternates[0])
    alignment = align(print_form(form, {}), official_forms())
    assert alignment.form is not None
    assert (alignment.form.code, len(alignment.cells), alignment.expected) == ("2019", 212, 212)


def test_a_grid_of_something_else_is_kept_line_by_line(form_2021, print_form, draw_table):
    report = print_form(form_2021, {})
    other = draw_table("指标|累计数\n培训人次|60\n")
    alignment = align(Document((other, *report.blocks)), official_forms())
    assert [(item.kind, item.text) for item in alignment.leftovers] == [
        ("grid", "指标 | 累计数"),
        ("grid", "培训人次 | 60"),
    ]
    assert len(alignment.cells) == 200


def test_no_form_at_all(draw_table):
    alignment = align(Document((draw_table("指标|累计数\n培训人次|60\n"),)), official_forms())
    assert (alignment.form, alignment.cells, alignment.expected) == (None, (), 0)
    assert len(alignment.leftovers) == 2
    assert align(Document(()), official_forms()).form is None


def test_headers_of_another_form_are_other_quantities(form_2021, print_form, draw_table):
    """上一年项目数量 under a form of 2021 is no 本年制发件数, though it stands in its place."""
    foreign = draw_table("信息内容|本年新制作数量|本年新公开数量|对外公开总数量\n规章|1|2|3\n")
    rest = print_form(form_2021, {}).blocks[1:]
    native = draw_table("信息内容|本年制发件数|本年废止件数|现行有效件数\n行政规范性文件|1|2|3\n")
    decisions = draw_table("信息内容|本年收费金额（单位：万元）\n行政事业性收费|1\n")
    alignment = align(Document((foreign, native, decisions, *rest)), official_forms())
    assert alignment.form is not None
    assert alignment.form.code == "2021"
    assert not [cell for cell in alignment.cells if cell.row == "regulation"]
    assert {"1", "2", "3"} <= {item.text for item in alignment.leftovers}


def test_missing_cells_are_named(form_2021, print_form):
    report = print_form(form_2021, {})
    alignment = align(Document(report.blocks[1:]), official_forms())
    assert len(alignment.cells) == 190
    assert [(finding.code, finding.text) for finding in alignment.findings] == [
        ("table_missing", "disclosure")
    ]


def test_missing_rows_and_cells_are_named(draw_table):
    grid = draw_table("信息内容|本年制发件数|本年废止件数|现行有效件数\n规章|1|x|3\n")
    findings = [
        (finding.code, finding.text) for finding in align(Document((grid,)), official_forms()).findings
    ]
    assert findings[0][0] == "row_differs"
    assert findings[1:3] == [
        ("cell_missing", "disclosure/regulation/repealed"),
        ("row_missing", "disclosure/normative_document"),
    ]
    assert findings[-2:] == [("table_missing", "requests"), ("table_missing", "proceedings")]


def test_a_report_printed_twice_is_read_once(form_2021, print_form):
    once = print_form(form_2021, {})
    alignment = align(Document(once.blocks + print_form(form_2021, {}).blocks), official_forms())
    assert len(alignment.cells) == 200
    assert {item.kind for item in alignment.leftovers} == {"repeated"}
    assert len(alignment.leftovers) == 200
