"""The additions of a form, cell by cell: what its equations say of each line and each column."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from extract.forms.model import Equation, Form, Table

Address = tuple[str, str, str]  # table code, row code, column code
BOUND = "at_most"  # the rule whose equations are none, but bounds


@dataclass(frozen=True, eq=False)
class Sum:
    """The cells of `total` add up to what those of `parts` do. Made once for a form, and compared so."""

    rule: str
    total: tuple[Address, ...]
    parts: tuple[Address, ...]

    @cached_property
    def addresses(self) -> frozenset[Address]:
        return frozenset((*self.total, *self.parts))


@lru_cache(maxsize=16)
def sums_by_address(form: Form) -> Mapping[Address, tuple[Sum, ...]]:
    """The sums that each official cell has a part in."""
    found: dict[Address, list[Sum]] = defaultdict(list)
    for each in sums_of(form):
        for address in each.addresses:
            found[address].append(each)
    return {address: tuple(sums) for address, sums in found.items()}


@lru_cache(maxsize=1024)
def sums_within(form: Form, addresses: tuple[Address, ...]) -> tuple[Sum, ...]:
    """The sums all of whose cells are among these."""
    return tuple(each for each in sums_of(form) if each.addresses.issubset(addresses))


def sums_of(form: Form) -> Iterator[Sum]:
    """Every equation of codes of rows once for each column, and the other way round."""
    return (each for rule, sums in sums_by_rule(form).items() if rule != BOUND for each in sums)


@lru_cache(maxsize=16)
def sums_by_rule(form: Form) -> Mapping[str, tuple[Sum, ...]]:
    """In the form's order; bounds, which hold the same cells against each other, are among them."""
    tables = {table.code: table for table in form.tables}
    found: dict[str, list[Sum]] = defaultdict(list)
    for equation in form.equations:
        table = tables[equation.table]
        is_down = equation.total[0] in {row.code for row in table.rows}
        found[equation.rule] += sums_down(equation, table) if is_down else sums_along(equation, table)
    return {rule: tuple(sums) for rule, sums in found.items()}


def sums_down(equation: Equation, table: Table) -> Iterator[Sum]:
    """Rows that the page's form does not have are no part of the sum."""
    rows = {row.code: {column.code for column in row.columns} for row in table.rows}
    for column in dict.fromkeys(column.code for row in table.rows for column in row.columns):
        yield Sum(
            equation.rule,
            tuple((table.code, row, column) for row in equation.total),
            tuple((table.code, row, column) for row in equation.parts if column in rows.get(row, ())),
        )


def sums_along(equation: Equation, table: Table) -> Iterator[Sum]:
    for row in table.rows:
        columns = {column.code for column in row.columns}
        if {*equation.total, *equation.parts} <= columns:
            yield Sum(
                equation.rule,
                tuple((table.code, row.code, column) for column in equation.total),
                tuple((table.code, row.code, column) for column in equation.parts),
            )
