"""总计 of each kind of proceedings is the sum over its outcomes. The scope is the kind."""

from collections.abc import Iterator

from extract.checks.sums import Cells, by_row
from extract.forms.model import Form
from extract.result import Check


def proceedings_total(form: Form, cells: Cells) -> Iterator[Check]:
    return by_row(form, "proceedings_total", cells)
