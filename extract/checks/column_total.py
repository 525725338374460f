"""（七）总计 is the sum over all outcomes, for each kind of applicant and in all. The scope is the column."""

from collections.abc import Iterator

from extract.checks.sums import Cells, by_column
from extract.forms.model import Form
from extract.result import Check


def column_total(form: Form, cells: Cells) -> Iterator[Check]:
    return by_column(form, "column_total", cells)
