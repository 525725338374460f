"""The rules a report's numbers are held against. Each file is one rule: a form and its cells → checks."""

from collections.abc import Callable, Iterator, Sequence

from extract.checks.at_most import at_most
from extract.checks.balance import balance
from extract.checks.column_total import column_total
from extract.checks.indicator_total import indicator_total
from extract.checks.proceedings_total import proceedings_total
from extract.checks.row_total import row_total
from extract.checks.whole_number import whole_number
from extract.forms.model import Form
from extract.result import Check, ReadCell

Rule = Callable[[Form, Sequence[ReadCell]], Iterator[Check]]

CHECKS: tuple[Rule, ...] = (
    row_total,
    column_total,
    balance,
    proceedings_total,
    indicator_total,
    at_most,
    whole_number,
)


def check(form: Form, cells: Sequence[ReadCell]) -> tuple[Check, ...]:
    """Every rule over the cells of one report, in the order of CHECKS."""
    return tuple(result for rule in CHECKS for result in rule(form, cells))
