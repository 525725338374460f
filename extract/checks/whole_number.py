"""Things are counted in whole numbers, none below zero but for changes. Only violations are told, by row."""

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from extract.checks.sums import Cells
from extract.forms.model import Form
from extract.result import Check
from extract.values import MONEY


def whole_number(form: Form, cells: Cells) -> Iterator[Check]:
    for cell in cells.values():
        if cell.value and cell.unit not in MONEY and not is_count(cell.value, cell.column, form):
            yield Check("whole_number", cell.row, None, cell.value, passed=False, severity="error")


@lru_cache(maxsize=16)
def signed_columns(form: Form) -> frozenset[str]:
    return frozenset(column.code for _, _, column in form.cells() if column.signed)


def is_count(value: Decimal, column: str, form: Form) -> bool:
    return value == value.to_integral_value() and (value >= 0 or column in signed_columns(form))
