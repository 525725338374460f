import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.decode import decode
from extract.readers.grids import Paths, data_tables, grid, may_hide
from extract.readers.markup import parse
from extract.readers.places import resolve


def grids(markup: str):
    root = parse(decode(markup.encode())).root
    found = data_tables(root)
    return [grid(table, Paths()) for table in root.iter("table") if table in found]


def texts(markup: str):
    (only,) = grids(markup)
    return [[None if cell is None else cell.text for cell in row] for row in only.rows]


def test_spans_are_resolved_and_a_cell_stands_in_every_slot():
    markup = (
        "<table><tr><td rowspan=2>甲<td colspan=2>乙</tr><tr><td>1<td>2</tr><tr><td>丙<td>3<td>4</tr></table>"
    )
    assert texts(markup) == [["甲", "乙", "乙"], ["甲", "1", "2"], ["丙", "3", "4"]]
    (only,) = grids(markup)
    assert only.rows[0][1] is only.rows[0][2]
    assert (only.rows[0][1].column, only.rows[0][1].column_span) == (1, 2)
    assert [cell.text for cell in only.cells()] == ["甲", "乙", "1", "2", "丙", "3", "4"]


def test_short_rows_are_filled_up():
    assert texts("<table><tr><td>1<td>2</tr><tr><td>3</tr></table>") == [["1", "2"], ["3", None]]


def test_a_row_wholly_covered_counts():
    markup = "<table><tr><td rowspan=2>甲<td rowspan=2>1</tr><tr></tr><tr><td>乙<td>2</tr></table>"
    assert texts(markup) == [["甲", "1"], ["甲", "1"], ["乙", "2"]]


@pytest.mark.parametrize("junk", ["", "2px", "abc", "0", "-1", "65000", "99999999999999"])
def test_junk_spans_are_survived(junk):
    (only,) = grids(
        f'<table><tr><td colspan="{junk}" rowspan="{junk}">1</td></tr><tr><td>2</td></tr></table>'
    )
    assert {cell.text for cell in only.cells()} == {"1", "2"}
    assert len(only.rows) == 2
    assert len(only.rows[0]) <= 61


def test_a_bomb_of_spans_stays_small():
    row = "<tr>" + "<td rowspan=65000 colspan=65000>1</td>" * 50 + "</tr>"
    (only,) = grids(f"<table>{row * 100}</table>")
    assert sum(len(line) for line in only.rows) < 1_000_000
    assert len(list(only.cells())) == 5_000


def test_cell_text_joins_paragraphs_and_leaves_out_what_is_hidden():
    markup = (
        "<table><tr><td><p>本年新<br/>制作数量</p></td><td>10<span>7</span></td>"
        '<td>99<span style="display : none">7</span></td><td><script>x</script>&nbsp;</td></tr></table>'
    )
    assert texts(markup) == [["本年新 制作数量", "107", "99", ""]]


def test_hidden_rows_are_not_there():
    markup = '<table><tr><td>1<td>2</tr><tr style="display:none"><td>3<td>4</tr></table>'
    assert texts(markup)[0] == ["1", "2"]
    assert len(list(grids(markup)[0].cells())) == 2


def test_layout_tables_are_seen_through():
    markup = (
        "<table><tr><td>导航</td><td><p>一、总体情况</p>"
        "<table><tr><td>规章<td>1</tr></table></td></tr></table>"
    )
    (only,) = grids(markup)
    assert [cell.text for cell in only.cells()] == ["规章", "1"]


def test_cells_outside_rows_are_kept():
    assert {cell.text for cell in grids("<table><td>1<td>2<tr><td>3</tr></table>")[0].cells()} == {
        "1",
        "2",
        "3",
    }


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.lists(
            st.tuples(st.integers(0, 999), st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=5
        ),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from(["", "<div>前</div>", "<o:p>x</o:p>", "<font><span>前", "<table><tr><td>"]),
)
def test_every_place_leads_back_to_its_cell(rows, before):
    body = "".join(
        "<tr>" + "".join(f"<td colspan={a} rowspan={b}><p>{n}</p></td>" for n, a, b in row) + "</tr>"
        for row in rows
    )
    markup = f"<html><body>{before}<p>年报</p><table>{body}</table>"
    (only,) = grids(markup)
    cells = list(only.cells())
    assert cells
    for cell in cells:
        assert resolve(markup.encode(), cell.place) == cell.text
    assert len({cell.place for cell in cells}) == len(cells)


@pytest.mark.parametrize(
    "row",
    [
        "<td>1<td>2<td>3",
        "<th>1<td>2<td>3",
        "<td>1<form><td>2</form><td>3",
        "<td>1</td><div>x</div><td>2<td>3",
    ],
)
def test_places_are_right_in_rows_of_all_kinds(row):
    markup = f"<table><tr>{row}</tr><tr><td>4<td>5<td>6</tr></table>"
    (only,) = grids(markup)
    assert [resolve(markup.encode(), cell.place) for cell in only.cells()] == list("123456")


@pytest.mark.parametrize(
    ("markup", "may"),
    [
        ("<style>.a{display:none}</style><table><tr><td>1</table><p style='display:none'>", False),
        ("<TABLE><tr><td style='DISPLAY:NONE'>1</TABLE>", True),
        ("<TABLE><tr><td style='display:none'>1</TABLE><table><tr><td>2</table>", True),
        ("<table><tr><td><span style='display:none'>1", True),
        ("<p>1</p>", False),
    ],
)
def test_styles_are_only_read_where_one_may_hide(markup, may):
    assert may_hide(markup.encode()) is may
