"""The equation printed in the form itself: 第一项加第二项之和，等于第三项加第四项之和.

The scope is the column.
"""

from collections.abc import Iterator, Sequence

from extract.checks.sums import along_columns
from extract.forms.model import Form
from extract.result import Check, ReadCell


def balance(form: Form, cells: Sequence[ReadCell]) -> Iterator[Check]:
    return along_columns(form, "balance", cells)
