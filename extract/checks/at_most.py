"""An indicator that is `其中` another is at most that one. Only violations are told; the scope is its row."""

from collections.abc import Iterator

from msgspec import structs

from extract.checks.sums import Cells, by_row
from extract.forms.model import Form
from extract.result import Check


def at_most(form: Form, cells: Cells) -> Iterator[Check]:
    for each in by_row(form, "at_most", cells):
        if each.actual is not None and each.expected is not None and each.actual > each.expected:
            yield structs.replace(each, severity="error")
