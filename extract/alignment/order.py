"""By its labels or in the form's order: how the lines under one header that is broken are to be read.

The labels win wherever they stand over the values. Where the spans of a header disagree they stand beside
them; then the order of the form is taken if the line has a value for each of its cells, the sums hold in that
order, and hold nowhere as the labels stand.
"""

from collections.abc import Sequence
from decimal import Decimal

from extract.alignment.assign import Assignment, by_order, in_official_order
from extract.alignment.line import NOTHING, Line, Numbers
from extract.alignment.surplus import leave_out, surplus_place
from extract.forms.model import Form
from extract.forms.sums import Address, sums_within

MISPRINTS = 10  # one line in so many may have its sums wrong


def read_lines(lines: Sequence[Line], form: Form) -> list[tuple[Line, Assignment]]:
    """The lines under one header, each with the better of its two readings."""
    ordered = in_form_order(lines, form)
    as_labelled = [(line, line.labelled) for line in lines]
    are_plainer = all(map(is_plainer, lines, ordered))
    if not are_plainer and all(map(is_same, lines, ordered)):
        return as_labelled
    by_labels = [holds(line, line.labelled, form) for line in lines]
    by_form = [
        label if is_same(line, each) else holds(line, each, form)
        for line, each, label in zip(lines, ordered, by_labels, strict=True)
    ]
    both = list(zip(by_labels, by_form, strict=True))
    gained = sum(form is True and labels is not True for labels, form in both)
    lost = sum(form is not True and (labels is True or form is False) for labels, form in both)
    is_proven = gained > MISPRINTS * lost
    is_open = not {True, False} & {*by_labels, *by_form}
    if is_proven or (is_open and are_plainer):
        return [
            (line, line.labelled if each.is_ambiguous else inferred(line, each))
            for line, each in zip(lines, ordered, strict=True)
        ]
    return as_labelled


def inferred(line: Line, ordered: Assignment) -> Assignment:
    """The line in the form's order, which says little where the labels have another: no sum tells the parts
    of a total apart.
    """
    parts = {(line.entry.row.code, column.code) for column in line.entry.row.columns if not column.is_total}
    labels = [head for head in line.heads if head.target in parts]
    return Assignment(ordered.targets, "inferred", is_open=not in_official_order(line.targets, labels))


def in_form_order(lines: Sequence[Line], form: Form) -> list[Assignment]:
    """Each line in the order of the form, without the value too many if every line has one. A single line is
    no column.
    """
    if len(lines) > 1 and all(
        len(line.values) == len(line.targets) + 1 and line.values[-1].text for line in lines
    ):
        place = surplus_place(lines, form)
        if place is not None:
            return [leave_out(line, place) for line in lines]
    return [by_order(line.targets, line.values) for line in lines]


def is_same(line: Line, ordered: Assignment) -> bool:
    """Whether the labels put the line's values in the form's order, too."""
    return ordered.targets == line.labelled.targets


def holds(line: Line, assignment: Assignment, form: Form) -> bool | None:
    """Whether the line's own sums hold; None where it has none, or nothing but zeros."""
    numbers = line.numbers(assignment.targets)
    known = {address for address, number in numbers.items() if number is not None}
    whole = (each for each in sums_within(form, line.addresses) if known >= each.addresses)
    told = [each for each in whole if any(map(numbers.get, each.addresses))]
    if not told:
        return None
    return all(added(numbers, each.total) == added(numbers, each.parts) for each in told)


def added(numbers: Numbers, addresses: Sequence[Address]) -> Decimal:
    return sum((numbers[address] or NOTHING for address in addresses), NOTHING)


def is_plainer(line: Line, ordered: Assignment) -> bool:
    """Whether the form's order has a place for every value, as the labels have not, and they stand in it."""
    if ordered.is_ambiguous or not in_official_order(line.targets, line.heads):
        return False
    pairs = zip(line.labelled.targets, line.values, strict=True)
    return any(target is None and cell.text for target, cell in pairs)
