"""总计 of each kind of proceedings is the sum over its outcomes. The scope is the kind."""

from collections.abc import Iterator, Sequence

from extract.checks.sums import along_rows
from extract.forms.model import Form
from extract.result import Check, ReadCell


def proceedings_total(form: Form, cells: Sequence[ReadCell]) -> Iterator[Check]:
    return along_rows(form, "proceedings_total", cells)
