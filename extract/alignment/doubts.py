"""Settling the lines that were held back, when all others are written and their numbers are known."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from extract.alignment.assign import Assignment
from extract.alignment.gaps import fill_gaps
from extract.alignment.ledger import Ledger
from extract.alignment.line import Line, Numbers, number_of
from extract.alignment.order import holds, read_lines
from extract.alignment.surplus import leave_out
from extract.document import Cell
from extract.forms.model import Form
from extract.forms.sums import Address, sums_by_address

Reading = tuple[Line, Assignment]


def settle_doubts(ledger: Ledger, form: Form) -> None:
    """Write down every line held: those under a broken header alike, those with a gap one by one."""
    if not ledger.held:
        return
    grids = {id(line): grid for grid, line in ledger.held}
    readings = [each for lines in by_header(ledger) for each in read_lines(lines, form)]
    ledger.held.clear()
    known = numbers_of(ledger, readings)
    for line, assignment in readings:
        ledger.open(grids[id(line)])
        settle_line(line, assignment, known, form, ledger)


def by_header(ledger: Ledger) -> list[list[Line]]:
    found: dict[tuple[int, str], list[Line]] = defaultdict(list)
    for _, line in ledger.held:
        found[line.header, line.table].append(line)
    return list(found.values())


def numbers_of(ledger: Ledger, readings: Sequence[Reading]) -> dict[Address, Decimal | None]:
    """What is known of the numbers in the official cells, of the lines held as far as they are readable."""
    numbers = {address: number_of(cell) for address, cell in ledger.placed.items()}
    for line, assignment in readings:
        numbers |= line.numbers(assignment.targets)
    return numbers


def settle_line(line: Line, assignment: Assignment, known: Numbers, form: Form, ledger: Ledger) -> None:
    filling = fill_gaps(line, known, sums_by_address(form)) if assignment is line.labelled else None
    if filling is None:
        for cell in beside_surplus(line, assignment, form):
            ledger.find("ambiguous", f"{line.label.text}: one of {len(line.values)} values", cell)
        return ledger.write(line, assignment)
    if filling.targets == assignment.targets and not assignment.is_open:
        return ledger.write(line, assignment)
    ledger.write(line, Assignment(filling.targets, "" if filling.open else "inferred"))
    for cell in filling.open:
        ledger.find("ambiguous", f"{line.label.text}: a cell before or behind it is missing", cell)
    return None


def beside_surplus(line: Line, assignment: Assignment, form: Form) -> Iterator[Cell]:
    """Where a line has one value more than its header has heads: the placed ones in whose cells other words
    would stand if another value were the one too many, and the sums held.
    """
    if not line.is_over:
        return
    others = [leave_out(line, place) for place in range(len(line.values))]
    possible = [each for each in others if holds(line, each, form) is not False]
    for at, target in enumerate(assignment.targets):
        if target and any(
            line.values[each.targets.index(target)].text != line.values[at].text for each in possible
        ):
            yield line.values[at]
