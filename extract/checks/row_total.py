"""总计 of a row of requests is the sum over the kinds of applicants. The scope is the row."""

from collections.abc import Iterator, Sequence

from extract.checks.sums import along_rows
from extract.forms.model import Form
from extract.result import Check, ReadCell


def row_total(form: Form, cells: Sequence[ReadCell]) -> Iterator[Check]:
    return along_rows(form, "row_total", cells)
