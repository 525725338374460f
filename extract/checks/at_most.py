"""An indicator that is `其中` another is at most that one. Only violations are told; the scope is its row."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from extract.checks.sums import among_rows
from extract.forms.model import Form
from extract.result import Check, ReadCell


def at_most(form: Form, cells: Sequence[ReadCell]) -> Iterator[Check]:
    for each in among_rows(form, "at_most", cells):
        if each.actual is not None and each.expected is not None and each.actual > each.expected:
            yield replace(each, severity="error")
