"""The official forms as data: one TOML file for each, beside this module. No row label appears in Python."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any, Literal

Layout = Literal["rows", "proceedings"]
FORM_FILE = re.compile(r"\d{4}\.toml")


@dataclass(frozen=True, slots=True)
class Column:
    """`signed` counts may be below zero; `unit_as_printed`: the form leaves the unit to the page. `group` is
    the label printed over it and its neighbours, such as 法人或其他组织, or empty.
    """

    code: str
    label: str
    unit: str
    aliases: tuple[str, ...] = ()
    signed: bool = False
    is_total: bool = False
    unit_as_printed: bool = False
    group: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """`group` is the label printed before a run of rows, such as （三）不予公开, or empty."""

    code: str
    label: str
    columns: tuple[Column, ...]
    group: str = ""
    aliases: tuple[str, ...] = ()
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """`layout` "rows" has a line of values for each row; "proceedings" has all rows side by side over one
    line. `captions` are words of the printed table that name neither a row nor a column.
    """

    code: str
    heading: str
    layout: Layout
    rows: tuple[Row, ...]
    captions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Equation:
    """The sum over `total` equals the sum over `parts`: codes of columns or of rows, as the rule has it."""

    rule: str
    table: str
    total: tuple[str, ...]
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class YearEquation:
    """What ties a report to that of the year before: the cell `total` equals the sum of `last` year's cells
    and this year's `plus`, less this year's `minus`. Cells are row/column; `*` is the same code in all.
    """

    rule: str
    table: str
    total: str
    last: tuple[str, ...]
    plus: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alternate:
    """Rows that real pages print instead of others; cells and sums then have these."""

    table: str
    instead_of: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, eq=False)
class Form:
    """Compared by identity, being loaded once. `since` is the first report year the form was meant for;
    with less than `fewest_labels` of its rows a document has another table and not this one.
    """

    code: str
    title: str
    notice: str
    since: int
    headings: tuple[str, ...]
    tables: tuple[Table, ...]
    equations: tuple[Equation, ...] = ()
    alternates: tuple[Alternate, ...] = ()
    years: tuple[YearEquation, ...] = ()
    fewest_labels: int = 0

    @cached_property
    def expected(self) -> int:
        """How many cells the form has."""
        return sum(len(row.columns) for table in self.tables for row in table.rows)

    def cells(self) -> Iterator[tuple[Table, Row, Column]]:
        """Every official cell, in the form's order."""
        for table in self.tables:
            for row in table.rows:
                for column in row.columns:
                    yield table, row, column

    @cached_property
    def addressed(self) -> tuple[tuple[tuple[str, str, str], Column], ...]:
        """The column of every official cell, with the codes of its table, its row and itself."""
        return tuple(((table.code, row.code, column.code), column) for table, row, column in self.cells())

    def equations_of(self, rule: str) -> tuple[Equation, ...]:
        return tuple(equation for equation in self.equations if equation.rule == rule)

    @lru_cache(maxsize=16)  # noqa: B019 - forms are few and live as long as the program
    def with_alternate(self, alternate: Alternate) -> "Form":
        """The form with the alternate's rows standing where the others stood; always the same one."""
        tables = tuple(
            exchange_rows(table, alternate) if table.code == alternate.table else table
            for table in self.tables
        )
        return replace(self, tables=tables)


def exchange_rows(table: Table, alternate: Alternate) -> Table:
    rows: list[Row] = []
    for row in table.rows:
        if row.code == alternate.instead_of[0]:
            rows.extend(alternate.rows)
        elif row.code not in alternate.instead_of:
            rows.append(row)
    return replace(table, rows=tuple(rows))


@lru_cache(maxsize=1)
def official_forms() -> tuple[Form, ...]:
    """All forms there are, the latest first."""
    sheets = [entry for entry in files(__package__).iterdir() if FORM_FILE.fullmatch(entry.name)]
    forms = [parse_form(tomllib.loads(sheet.read_text(encoding="utf-8"))) for sheet in sheets]
    return tuple(sorted(forms, key=lambda form: form.since, reverse=True))


def parse_form(data: Mapping[str, Any]) -> Form:
    """A form from its TOML. An unknown key is a TypeError from the dataclass it was meant for."""
    tables = tuple(parse_table(table) for table in data["tables"])
    columns = {table["code"]: table.get("columns", ()) for table in data["tables"]}
    return Form(
        **{name: data[name] for name in ("code", "title", "notice", "since")},
        headings=tuple(data["headings"]),
        tables=tables,
        equations=tuple(Equation(**tuples(equation)) for equation in data.get("equations", ())),
        alternates=tuple(
            parse_alternate(alternate, columns[alternate["table"]])
            for alternate in data.get("alternates", ())
        ),
        years=tuple(YearEquation(**tuples(equation)) for equation in data.get("years", ())),
        fewest_labels=data.get("fewest_labels", 0),
    )


def parse_table(data: Mapping[str, Any]) -> Table:
    rows = [row for block in data["blocks"] for row in parse_block(block, data.get("columns", ()))]
    plain = {name: data[name] for name in ("code", "heading", "layout")}
    return Table(**plain, rows=tuple(rows), captions=tuple(data.get("captions", ())))


def parse_block(block: Mapping[str, Any], table_columns: Any) -> Iterator[Row]:
    """The rows of one block; its own columns, where it has some, go before the table's, and a row's own unit
    before theirs.
    """
    columns = tuple(Column(**tuples(column)) for column in block.get("columns", table_columns))
    for row in map(tuples, block["rows"]):
        unit = row.pop("unit", None)
        own = tuple(replace(column, unit=unit) for column in columns) if unit else columns
        yield Row(**row, columns=own, group=block.get("label", ""))


def parse_alternate(data: Mapping[str, Any], columns: Any) -> Alternate:
    return Alternate(data["table"], tuple(data["instead_of"]), tuple(parse_block(data, columns)))


def tuples(table: Mapping[str, Any]) -> dict[str, Any]:
    """TOML's lists as tuples, so that what is read can be frozen and hashed."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in table.items()}
