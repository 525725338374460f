"""Things are counted in whole numbers, none below zero but for changes. Only violations are told, by row."""

from collections.abc import Iterator
from functools import lru_cache

from extract.checks.sums import Cells
from extract.forms.model import Form
from extract.result import Check, ReadCell
from extract.values import MONEY


def whole_number(form: Form, cells: Cells) -> Iterator[Check]:
    signed = signed_columns(form)
    for cell in cells.values():
        if cell.unit not in MONEY and not is_count(cell, is_signed=cell.column in signed):
            yield Check("whole_number", cell.row, None, cell.value, passed=False, severity="error")


@lru_cache(maxsize=16)
def signed_columns(form: Form) -> frozenset[str]:
    return frozenset(column.code for _, _, column in form.cells() if column.signed)


def is_count(cell: ReadCell, *, is_signed: bool) -> bool:
    if cell.value is None:
        return True
    return cell.value == cell.value.to_integral_value() and (is_signed or cell.value >= 0)
