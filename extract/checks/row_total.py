"""总计 of a row of requests is the sum over the kinds of applicants. The scope is the row."""

from collections.abc import Iterator

from extract.checks.sums import Cells, by_row
from extract.forms.model import Form
from extract.result import Check


def row_total(form: Form, cells: Cells) -> Iterator[Check]:
    return by_row(form, "row_total", cells)
