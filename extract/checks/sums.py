"""Holding a printed total against the sum of its parts: what the rules of addition have in common.

A blank part counts as nothing. A total that was not printed although its parts are, or was printed although
none of its parts is, contradicts nothing: it is a warning. Where a cell was not read, or holds words, nothing
can be said.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from extract.forms.model import Form
from extract.forms.sums import Address, Sum, sums_by_rule
from extract.result import Check, ReadCell, Severity

Cells = Mapping[Address, ReadCell]  # those that were read and hold no words
NOTHING = Decimal(0)


def by_row(form: Form, rule: str, cells: Cells) -> Iterator[Check]:
    """The rule's sums; the scope is the row of the total."""
    return (
        check for each in sums_by_rule(form).get(rule, ()) for check in hold(each, each.total[0][1], cells)
    )


def by_column(form: Form, rule: str, cells: Cells) -> Iterator[Check]:
    """The rule's sums; the scope is the column of the total."""
    return (
        check for each in sums_by_rule(form).get(rule, ()) for check in hold(each, each.total[0][2], cells)
    )


def hold(each: Sum, scope: str, cells: Cells) -> Iterator[Check]:
    try:
        expected, actual = added(each.parts, cells), added(each.total, cells)
    except KeyError:
        return
    if expected is None and actual is None:
        return
    passed = actual is not None and (expected or NOTHING) == actual
    severity: Severity = "warning" if not passed and None in (expected, actual) else "error"
    yield Check(each.rule, scope, expected or NOTHING, actual, passed, severity)


def added(addresses: Iterable[Address], cells: Cells) -> Decimal | None:
    """The sum, or None where no number is printed at all. KeyError where a cell was not read."""
    numbers = [number for address in addresses if (number := cells[address].value) is not None]
    return sum(numbers, NOTHING) if numbers else None
