"""Lines that only their neighbours can settle: shifted by a broken header, or with a value too few."""

from dataclasses import replace

import pytest
from msgspec import structs

from extract.align import align
from extract.document import Document
from extract.forms.model import official_forms

CLEAN = "（本列数据的勾稽关系）|<|自然人|商业企业|科研机构|社会公益组织|法律服务机构|其他|总计"
SHIFTED = "（本列数据的勾稽关系）|<|自然人|商业企业|科研机构|社会公益组织|法律服务机构|总计|其他|"
RECEIVED = "一、本年新收政府信息公开申请数量"
CARRIED_IN = "二、上年结转政府信息公开申请数量"


@pytest.fixture
def read(draw_table):
    return lambda *drawings: align(Document(tuple(map(draw_table, drawings))), official_forms())


@pytest.fixture
def read_form(form_2021, print_form, dump):
    """The whole form with a true request of 5 = 3 + 2 in 新收, 予以公开 and 总计, less one cell."""

    def read(row, column, *, flat=False):
        values = {
            ("requests", each, kind): number
            for each in ("received", "granted", "handled_total")
            for kind, number in (("natural", "3"), ("legal_service", "2"), ("total", "5"))
        }
        document = print_form(form_2021, values)
        grids = [without(grid, row, column, values) for grid in document.grids()]
        printed = Document(tuple(grids))
        return align(dump(printed) if flat else printed, official_forms())

    return read


def without(grid, row, column, values):
    """The grid with one line closed up over a gap: its label's line has a blank at the end."""
    at = {"natural": 0, "enterprise": 1, "legal_service": 4, "total": 6}[column]

    def closed_up(line):
        if not any(cell and cell.text == row for cell in line):
            return line
        texts = [cell.text for cell in line[2:]]
        texts = [*texts[:at], *texts[at + 1 :], ""]
        return (
            *line[:2],
            *(structs.replace(cell, text=text) for cell, text in zip(line[2:], texts, strict=True)),
        )

    return replace(grid, rows=tuple(map(closed_up, grid.rows)))


def row(alignment, code):
    return {cell.column: cell.raw_text for cell in alignment.cells if cell.row == code and cell.raw_text}


def codes(alignment):
    return [finding.code for finding in alignment.findings]


def test_the_sums_decide_between_a_shifted_header_and_the_order_of_the_form(read):
    alignment = read(f"{SHIFTED}\n{RECEIVED}|<|3|0|0|0|2|1|6|\n{CARRIED_IN}|<|1|0|0|0|0|0|1|")
    assert row(alignment, "received")["total"] == "6"
    assert row(alignment, "received")["other_organization"] == "1"
    assert codes(alignment).count("inferred") == 1


def test_labels_in_another_order_win_where_the_sums_hold_under_them(read):
    alignment = read(f"{SHIFTED}\n{RECEIVED}|<|3|0|0|0|2|6|1|")
    assert row(alignment, "received")["total"] == "6"
    assert "inferred" not in codes(alignment)


def test_labels_of_a_whole_header_win_over_the_sums(read):
    swapped = SHIFTED.removesuffix("|")
    alignment = read(f"{swapped}\n{RECEIVED}|<|3|0|0|0|2|1|6")
    assert row(alignment, "received")["total"] == "1"


@pytest.mark.parametrize("flat", [False, True])
@pytest.mark.parametrize("column", ["natural", "legal_service", "total"])
def test_the_sums_of_the_columns_say_where_a_gap_is(read_form, column, flat):
    alignment = read_form("（一）予以公开", column, flat=flat)
    expected = {"natural": "3", "legal_service": "2", "total": "5"}
    expected.pop(column)
    assert {name: text for name, text in row(alignment, "granted").items() if text != "0"} == expected


@pytest.mark.parametrize("flat", [False, True])
def test_a_gap_among_equal_numbers_is_marked(read_form, flat):
    """Whichever cell is missing, all others are 0; so they are read, and each is marked."""
    alignment = read_form("2.重复申请", "enterprise", flat=flat)
    assert set(row(alignment, "not_processed.repeated").values()) == {"0"}
    if flat:
        assert codes(alignment).count("ambiguous") == 6


def test_values_off_their_cells_are_all_marked(read):
    """A cell without value and a value without cell: any of those between may be the next one's."""
    alignment = read(
        "（本列数据的勾稽关系）|<|自然人|科研机构|本级|社会公益组织|总计\n" + f"{RECEIVED}|<|3|0|0|0|3"
    )
    assert codes(alignment).count("ambiguous") == 5


def marked(alignment):
    texts = {cell.place: cell.raw_text for cell in alignment.cells}
    return [texts[finding.place] for finding in alignment.findings if finding.code == "ambiguous"]


@pytest.mark.parametrize(
    ("printed", "doubtful"),
    [("9|9|1|83", ["9", "1"]), ("3|3|3|26", ["3"]), ("0|0|0|0", [])],
    ids=["what may have moved", "only the last one", "whichever is the one too many"],
)
def test_one_value_too_many_makes_those_doubtful_that_may_have_moved(read, printed, doubtful):
    """Nothing adds up here, so any of the four may be the one too many."""
    alignment = read(f"信息内容|本年制发件数|本年废止件数|现行有效件数|x\n规章|{printed}")
    assert len(alignment.cells) == 3
    assert marked(alignment) == doubtful


def test_only_what_the_sum_of_the_line_leaves_open_is_doubtful(read):
    """6 = 3 + 2 + 1: it is the 4 that is too many, and what stands before it does not move."""
    assert marked(read(f"{CLEAN}|x\n{RECEIVED}|<|3|0|0|0|4|2|1|6")) == ["4", "2", "1"]


def test_a_line_that_stands_twice_makes_the_first_doubtful_where_they_differ(read):
    again = "信息内容|本年制发件数|本年废止件数|现行有效件数\n规章|3|0|26\n规章|3|1|26"
    alignment = read(again)
    assert "repeated" in codes(alignment)
    assert marked(alignment) == ["0"]


def test_a_blank_beside_a_figure_without_a_head_is_told(read):
    """The header is wider than the lines below it: its only column stands over a blank."""
    (table,) = next(form for form in official_forms() if form.code == "2014").tables
    lines = (f"{row.group}{row.label}|件|2||<" for row in table.rows)
    alignment = read("\n".join(("统计指标|<|<|单位|统计数", *lines)))
    told = {finding.place for finding in alignment.findings if finding.code == "ambiguous"}
    blank = {cell.place for cell in alignment.cells if not cell.raw_text}
    assert blank
    assert blank <= told


@pytest.mark.parametrize("turn", [1, -1], ids=["before", "after"])
def test_a_line_that_also_stands_where_it_is_not_read_is_told(draw_run, turn):
    """This year's figures beside last year's in one table, and last year's alone in the other."""
    both, last = draw_run("信息内容\n规章\n1\n9\n2\n8\n3\n7"), draw_run("信息内容\n规章\n9\n8\n7")
    alignment = align(Document((both, last)[::turn]), official_forms())
    told = {finding.place for finding in alignment.findings if finding.code == "ambiguous"}
    assert [cell.raw_text for cell in alignment.cells] == ["9", "8", "7"]
    assert {cell.place for cell in alignment.cells} <= told


def test_sums_do_not_tell_apart_the_columns_of_a_header_in_another_order(read):
    header = "（本列数据的勾稽关系）|<|其他|科研机构|社会公益组织|法律服务机构|商业企业|总计|"
    lines = (f"{label}|<|1|2|3|4|5|6|21" for label in (RECEIVED, CARRIED_IN))
    alignment = read("\n".join((header, *lines)))
    told = {finding.place for finding in alignment.findings if finding.code == "ambiguous"}
    assert alignment.cells
    assert {cell.place for cell in alignment.cells} <= told


def test_values_beside_their_heads_are_marked_where_one_is_missing(read):
    header = "自然人|商业企业|科研机构|社会公益组织|法律服务机构|其他|总计|x|x"
    alignment = read(f"{header}\n{RECEIVED}|<|<|26|7|0|3|0|36")
    told = {finding.place for finding in alignment.findings if finding.code == "ambiguous"}
    assert {cell.place for cell in alignment.cells} <= told


def test_a_figure_beside_a_cell_with_two_is_told(read):
    """Two lines typed into one: 162 over 17 filled its column and was taken for a figure broken in two."""
    alignment = read("信息内容|本年制发件数|本年废止件数|现行有效件数\n规章|3 4|16217|5 6")
    told = {finding.place for finding in alignment.findings if finding.code == "ambiguous"}
    assert {cell.place for cell in alignment.cells if cell.state == "number"} == told
