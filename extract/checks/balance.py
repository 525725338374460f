"""The equation printed in the form itself: 第一项加第二项之和，等于第三项加第四项之和.

The scope is the column.
"""

from collections.abc import Iterator

from extract.checks.sums import Cells, by_column
from extract.forms.model import Form
from extract.result import Check


def balance(form: Form, cells: Cells) -> Iterator[Check]:
    return by_column(form, "balance", cells)
