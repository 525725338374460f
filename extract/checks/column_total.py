"""（七）总计 is the sum over all outcomes, for each kind of applicant and in all. The scope is the column."""

from collections.abc import Iterator, Sequence

from extract.checks.sums import along_columns
from extract.forms.model import Form
from extract.result import Check, ReadCell


def column_total(form: Form, cells: Sequence[ReadCell]) -> Iterator[Check]:
    return along_columns(form, "column_total", cells)
