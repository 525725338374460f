"""A total of the 2014 form (收到申请数) is the sum of what stands under it. The scope is its row."""

from collections.abc import Iterator, Sequence

from extract.checks.sums import among_rows
from extract.forms.model import Form
from extract.result import Check, ReadCell


def indicator_total(form: Form, cells: Sequence[ReadCell]) -> Iterator[Check]:
    return among_rows(form, "indicator_total", cells)
