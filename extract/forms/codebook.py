"""The codebook: what each official cell is, and what is reckoned from them; from the form files alone."""

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from extract.forms.crosswalk import Measure, crosswalk
from extract.forms.model import Column, Equation, Form, Row, Table, official_forms

Address = tuple[str, str, str]  # table code, row code, column code
PLACEHOLDER = "{}"
EVERYWHERE = "*"
LETTERS = 4  # of each word in a short name: no cell of a form is called as another, none beyond 32


@dataclass(frozen=True, slots=True)
class CodebookCell:
    """`variable` names its column where a report is one row, `stata` where names have 32 letters at most.
    `checks` are rules with the scope they are told under. `comparable` is None for a cell in no measure.
    """

    form: str
    table_code: str
    row_code: str
    col_code: str
    variable: str
    stata: str
    heading: str
    group: str
    row_label: str
    col_label: str
    english: str
    unit: str
    basis: str
    forms: tuple[str, ...]
    measures: tuple[str, ...]
    comparable: bool | None
    note: str
    checks: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Ratio:
    """The sum of `over` divided by that of `under`: measures of `series` or states of `coverage`."""

    code: str
    of: str
    zh: str
    en: str
    over: tuple[str, ...]
    under: tuple[str, ...]
    note: str


@lru_cache(maxsize=1)
def codebook() -> tuple[CodebookCell, ...]:
    """Every cell of every form and of its alternates, the oldest form first, in the form's order."""
    cells = {form.code: dict(cells_of(form)) for form in reversed(official_forms())}
    measures = measures_by_cell()
    return tuple(
        entry(form, *cell, cells, measures[form.code, *address])
        for form in reversed(official_forms())
        for address, cell in cells[form.code].items()
    )


def cells_of(form: Form) -> Iterator[tuple[Address, tuple[Table, Row, Column]]]:
    for sheet in (form, *map(form.with_alternate, form.alternates)):
        for table, row, column in sheet.cells():
            yield (table.code, row.code, column.code), (table, row, column)


def measures_by_cell() -> Mapping[tuple[str, ...], list[Measure]]:
    found: dict[tuple[str, ...], list[Measure]] = defaultdict(list)
    for measure in crosswalk():
        for address in measure.cells:
            found[measure.form, *address].append(measure)
    return found


def entry(
    form: Form,
    table: Table,
    row: Row,
    column: Column,
    cells: Mapping[str, Mapping[Address, Any]],
    measures: list[Measure],
) -> CodebookCell:
    words = english_words()[table.code]
    row_english, articles = words["rows"][row.code]
    address = (table.code, row.code, column.code)
    variable = "_".join(address).replace(".", "_")
    itself = [measure for measure in measures if len(measure.cells) == 1]
    return CodebookCell(
        form=form.code,
        table_code=table.code,
        row_code=row.code,
        col_code=column.code,
        variable=variable,
        stata="_".join(word[:LETTERS] for word in variable.split("_")),
        heading=table.heading,
        group=row.group,
        row_label=row.label,
        col_label=column.label,
        english=f"{row_english}: {words['columns'][column.code]}",
        unit=column.unit,
        basis="；".join(filter(None, (articles and f"条例{articles}", form.notice))),
        forms=tuple(code for code, there in cells.items() if address in there),
        measures=tuple(dict.fromkeys(measure.code for measure in measures)),
        comparable=all(measure.comparable for measure in itself or measures) if measures else None,
        note="；".join(dict.fromkeys(measure.note for measure in measures if measure.note)),
        checks=tuple(checks_of(form, *address)),
    )


def english_row(table: str, code: str) -> str:
    return str(english_words()[table]["rows"][code][0])


def english_column(table: str, code: str) -> str:
    return str(english_words()[table]["columns"][code])


def english_measure(code: str) -> str:
    """A measure of the crosswalk, whose code is table, row and column, in English."""
    table, _, rest = code.partition(".")
    row, _, column = rest.rpartition(".")
    words = english_words()[table]
    said = words["rows"][row][0] if row in words["rows"] else words["sums"][row]
    return f"{said}: {words['columns'][column]}"


@lru_cache(maxsize=1)
def english_words() -> Mapping[str, Any]:
    return load("codebook.toml")


def load(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))


def checks_of(form: Form, table: str, row: str, column: str) -> Iterator[tuple[str, str]]:
    """The rules over the printed numbers that the cell has a part in, and against the year before."""
    for equation in form.equations:
        codes = (*equation.total, *equation.parts)
        if equation.table == table and (row in codes or column in codes):
            yield equation.rule, scope_of(equation, row, column)
    for each in form.years:
        told = (each.total, *each.last, *each.plus, *each.minus)
        stars = [star for cell in told for star in starred(cell, row, column)]
        if each.table == table and stars:
            yield each.rule, each.total.replace(EVERYWHERE, stars[0])


def scope_of(equation: Equation, row: str, column: str) -> str:
    """What checks are told under: extract/checks/sums.py."""
    if equation.rule in AMONG_ROWS:
        return equation.total[0]
    return row if column in (*equation.total, *equation.parts) else column


AMONG_ROWS = ("indicator_total", "at_most")


def starred(cell: str, row: str, column: str) -> Iterator[str]:
    """The code that `*` stands for, where the row and column are those of the cell."""
    pairs = list(zip(cell.split("/"), (row, column), strict=True))
    if all(said in (EVERYWHERE, code) for said, code in pairs):
        yield from (code for said, code in pairs if said == EVERYWHERE)


@lru_cache(maxsize=1)
def ratios() -> tuple[Ratio, ...]:
    return tuple(ratio for said in load("measures.toml")["ratios"] for ratio in ratios_of(said))


def ratios_of(said: Mapping[str, Any]) -> Iterator[Ratio]:
    """One for each of `each`, whose code, Chinese and English take the place of {}."""
    for code, zh, en in said.get("each", [("", "", "")]):
        yield Ratio(
            said["code"].replace(PLACEHOLDER, code),
            said["of"],
            said["zh"].replace(PLACEHOLDER, zh),
            said["en"].replace(PLACEHOLDER, en),
            tuple(word.replace(PLACEHOLDER, code) for word in said["over"]),
            tuple(word.replace(PLACEHOLDER, code) for word in said["under"]),
            said["note"],
        )
