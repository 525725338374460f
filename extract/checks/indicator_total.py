"""A total of the 2014 form (收到申请数) is the sum of what stands under it. The scope is its row."""

from collections.abc import Iterator

from extract.checks.sums import Cells, by_row
from extract.forms.model import Form
from extract.result import Check


def indicator_total(form: Form, cells: Cells) -> Iterator[Check]:
    return by_row(form, "indicator_total", cells)
