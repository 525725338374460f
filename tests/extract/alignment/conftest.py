"""Tables drawn by hand and tables drawn from a form, so that a test can say what stands on the page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest

from extract.document import Cell, Document, Grid
from extract.forms.model import Form, Table, official_forms

Values = Mapping[tuple[str, str, str], str]
DrawTable = Callable[[str], Grid]
DrawRun = Callable[[str], Grid]


@dataclass
class Extent:
    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1


def grid_of(lines: list[list[str]]) -> Grid:
    """A grid from its slots: `<` goes on from the left, `^` from above, `x` is a slot that no cell covers."""
    extents: dict[tuple[int, int], Extent] = {}
    for row, texts in enumerate(lines):
        for column, text in enumerate(texts):
            if text == "<":
                extent = extents[row, column - 1]
                extent.columns = max(extent.columns, column - extent.column + 1)
            elif text == "^":
                extent = extents[row - 1, column]
                extent.rows = max(extent.rows, row - extent.row + 1)
            else:
                extent = Extent(text, row, column)
            extents[row, column] = extent
    cells = {
        id(extent): None
        if extent.text == "x"
        else Cell(
            extent.text,
            f"at:{extent.row}/{extent.column}",
            extent.row,
            extent.column,
            extent.rows,
            extent.columns,
        )
        for extent in extents.values()
    }
    slots = [
        tuple(cells[id(extents[row, column])] for column in range(len(line)))
        for row, line in enumerate(lines)
    ]
    return Grid(tuple(slots), "grid")


def drawn_table(drawing: str) -> Grid:
    return grid_of([[text.strip() for text in line.split("|")] for line in drawing.strip("\n").splitlines()])


def drawn_run(drawing: str) -> Grid:
    """A text dump: a line a row, cells between bars."""
    rows = [line.split("|") for line in drawing.strip("\n").splitlines()]
    cells = [
        tuple(Cell(text.strip(), f"line:{number}/column:{column}") for column, text in enumerate(row, 1))
        for number, row in enumerate(rows, 1)
    ]
    return Grid(tuple(cells), "line:1", geometry=False)


def official_tables(form: Form, values: Values) -> Document:
    """The form's tables as a page would print them; a cell without a value is 0."""
    draw = {"rows": lines_down, "proceedings": lines_across}
    return Document(tuple(grid_of(draw[table.layout](table, values)) for table in form.tables))


def lines_down(table: Table, values: Values) -> list[list[str]]:
    width = max(len(row.columns) for row in table.rows)
    lines: list[list[str]] = []
    columns = None
    for row in table.rows:
        if row.columns != columns:
            columns = row.columns
            lines.append(
                [table.captions[0], "<", *(column.label for column in columns), *"x" * (width - len(columns))]
            )
        printed = [values.get((table.code, row.code, column.code), "0") for column in row.columns]
        lines.append([row.group, row.label, *printed, *"x" * (width - len(columns))])
    return lines


def lines_across(table: Table, values: Values) -> list[list[str]]:
    cells = [(row, column) for row in table.rows for column in row.columns]
    groups = [row.group if column is row.columns[0] else "<" for row, column in cells]
    rows = [row.label if column is row.columns[0] else "<" for row, column in cells]
    labels = [column.label for _, column in cells]
    return [
        groups,
        rows,
        labels,
        [values.get((table.code, row.code, column.code), "0") for row, column in cells],
    ]


def as_run(document: Document) -> Document:
    """The same, dumped with one cell a line."""
    return Document(
        tuple(
            Grid(tuple((cell,) for cell in grid.cells() if cell.text), grid.place, geometry=False)
            for grid in document.grids()
        )
    )


@pytest.fixture(scope="session")
def form_2021() -> Form:
    return next(form for form in official_forms() if form.code == "2021")


@pytest.fixture(scope="session")
def form_2019() -> Form:
    return next(form for form in official_forms() if form.code == "2019")


@pytest.fixture(scope="session")
def draw_table() -> DrawTable:
    return drawn_table


@pytest.fixture(scope="session")
def draw_run() -> DrawRun:
    return drawn_run


@pytest.fixture(scope="session")
def print_form() -> Callable[[Form, Values], Document]:
    return official_tables


@pytest.fixture(scope="session")
def dump() -> Callable[[Document], Document]:
    return as_run
