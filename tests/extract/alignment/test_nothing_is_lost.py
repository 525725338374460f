"""Whatever a page prints: every cell is a label, a figure or a leftover; no wrong figure goes unmarked."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec import structs

from extract.align import align
from extract.checks import check
from extract.document import Cell, Document, Grid
from extract.forms.model import official_forms
from extract.forms.vocabulary import vocabulary_of

FORMS = official_forms()
FORM = FORMS[0]
OFFICIAL = [row.label for form in FORMS for table in form.tables for row in table.rows]
OFFICIAL += [
    column.label for form in FORMS for table in form.tables for row in table.rows for column in row.columns
]
OFFICIAL += [caption for form in FORMS for table in form.tables for caption in table.captions]
ODD = [
    "0",
    "12",
    "3.5",
    "/",
    "无",
    "",
    "",
    "小计",
    "三、",
    "（六）其他处理",
    "见附件",
    "9.别的事",
    "5件",
    "1 0",
    "结果",
]
TEXTS = st.one_of(st.sampled_from(OFFICIAL), st.sampled_from(ODD))


@st.composite
def grids(draw):
    width = draw(st.integers(1, 16))
    lines = draw(st.lists(st.lists(TEXTS, min_size=width, max_size=width), min_size=1, max_size=8))
    rows = tuple(
        tuple(Cell(text, f"at:{row}/{column}", row, column) for column, text in enumerate(line))
        for row, line in enumerate(lines)
    )
    return Grid(rows, "grid", geometry=draw(st.booleans()))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(grids())
def test_every_cell_is_a_label_a_figure_or_left_over(grid):
    alignment = align(Document((grid,)), FORMS)
    told = {cell.place for cell in alignment.cells} | {item.place for item in alignment.leftovers}
    lines = [item.text for item in alignment.leftovers if item.kind == "grid"]
    for cell in grid.cells():
        is_told = cell.place in told or any(cell.text in line for line in lines)
        assert not cell.text or is_told or is_label(cell, grid)


def is_label(cell, grid):
    """A known word, or part of one that is broken over neighbouring cells of a run, or a like one."""
    texts = [other.text for other in grid.cells()]
    places = [other.place for other in grid.cells()]
    index = places.index(cell.place)
    spans = [(start, stop) for start in range(index - 2, index + 1) for stop in range(index + 1, start + 4)]
    joined = ["".join(texts[max(start, 0) : stop]) for start, stop in spans]
    return any(
        vocabulary.row(text) or vocabulary.is_heading(text) or vocabulary.row_like(text)
        for vocabulary in map(vocabulary_of, FORMS)
        for text in joined
    )


def consistent(numbers):
    """A filled requests table whose rows and columns add up, from a number for each outcome and applicant."""
    rows = [row.code for row in FORM.tables[1].rows]
    parts = FORM.equations_of("row_total")[0].parts
    outcomes = rows[2:-2]
    values = dict(zip(product(outcomes, parts), numbers, strict=True))
    for kind in parts:
        values["handled_total", kind] = values["received", kind] = sum(values[row, kind] for row in outcomes)
    for row in rows:
        values[row, "total"] = sum(values.get((row, kind), 0) for kind in parts)
    return {("requests", row, column): str(number) for (row, column), number in values.items()}


def lose_a_cell(grid, row, column):
    """The row's cells close up to the left, as where a page forgot a cell."""
    line = grid.rows[row]
    moved = [
        structs.replace(cell, column=at) if cell else None
        for at, cell in enumerate((*line[:column], *line[column + 1 :]))
    ]
    return (*moved, None)


def gain_a_cell(grid, row, column):
    line = grid.rows[row]
    cells = (*line[:column], Cell("4", "at:gained", row, column), *line[column:])
    return tuple(structs.replace(cell, column=at) if cell else None for at, cell in enumerate(cells))[
        : len(line) + 1
    ]


def empty_a_cell(grid, row, column):
    line = grid.rows[row]
    return tuple(
        structs.replace(cell, text="") if cell and at == column else cell for at, cell in enumerate(line)
    )


def misprint_a_cell(grid, row, column):
    line = grid.rows[row]
    return tuple(
        structs.replace(cell, text="属于") if cell and at == column else cell for at, cell in enumerate(line)
    )


def line_of(place):
    return place.split("/")[0]


@pytest.mark.parametrize("damage", [lose_a_cell, gain_a_cell, empty_a_cell, misprint_a_cell])
@settings(max_examples=20, deadline=None, derandomize=True)
@given(data=st.data())
def test_no_wrong_figure_goes_unmarked(damage, data, print_form):
    """One cell of the requests table is damaged; each figure is then right or its row or column is marked."""
    values = consistent(data.draw(st.lists(st.integers(1, 9), min_size=126, max_size=126)))
    report = print_form(FORM, values)
    grid = report.blocks[1]
    row = data.draw(st.integers(0, len(grid.rows) - 1))
    column = data.draw(st.integers(0, len(grid.rows[row]) - 1))
    rows = list(grid.rows)
    rows[row] = damage(grid, row, column)
    alignment = align(Document((report.blocks[0], replace(grid, rows=tuple(rows)), report.blocks[2])), FORMS)
    assume(alignment.form is not None)
    damaged = {empty_a_cell: "blank", misprint_a_cell: "text"}.get(damage)
    assert [cell for cell in silently_wrong(alignment, values) if cell.state != damaged] == []


@settings(max_examples=40, deadline=None, derandomize=True)
@given(data=st.data())
def test_no_wrong_figure_goes_unmarked_in_a_dump(data, print_form, dump):
    """A dump of the requests table lost one cell."""
    values = consistent(data.draw(st.lists(st.integers(1, 9), min_size=126, max_size=126)))
    report = dump(print_form(FORM, values))
    rows = list(report.blocks[1].rows)
    del rows[data.draw(st.integers(0, len(rows) - 1))]
    grid = replace(report.blocks[1], rows=tuple(rows))
    alignment = align(Document((report.blocks[0], grid, report.blocks[2])), FORMS)
    assert len(alignment.cells) >= FORM.expected - 14
    assert silently_wrong(alignment, values) == []


def silently_wrong(alignment, values):
    """Figures not as printed, with no failed check of their row or column and no finding at their line."""
    marked = {item.scope for item in check(alignment.form, alignment.cells) if not item.passed}
    told = {line_of(finding.place) for finding in alignment.findings if finding.place}
    return [
        cell
        for cell in alignment.cells
        if cell.raw_text != values.get((cell.table, cell.row, cell.column), "0")
        and not {cell.row, cell.column} & marked
        and line_of(cell.place) not in told
    ]
