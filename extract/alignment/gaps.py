"""Where the gap is in a line with a value or two too few.

The line alone does not say. The sums of the table may: each place for the gap is tried, and the numbers that
then stand in their cells are held against every sum they have a part in. A cell without value could be any
number, so long as all its sums want the same.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations
from operator import itemgetter
from typing import NamedTuple

from extract.alignment.assign import Target
from extract.alignment.line import NOTHING, Line, Numbers, number_of
from extract.document import Cell
from extract.forms.sums import Address, Sum

MOST_GAPS = 2
NONE = NOTHING, 0  # a number that nobody votes for
MARGIN = 2  # sums that break besides if a value stands one cell off: two columns are touched at least

Targets = tuple[Target | None, ...]  # as in an Assignment: a target or None for each value
Sums = Mapping[Address, Sequence[Sum]]


class Trial(NamedTuple):
    """The values put so: how many sums break, the numbers in their cells, and for empty cells the one that
    most of its sums want, with how many do.
    """

    targets: Targets
    broken: int
    placed: Mapping[Address, Decimal]
    agreed: Mapping[Address, tuple[Decimal, int]]

    def numbers(self, addresses: Sequence[Address]) -> list[Decimal]:
        """Of the cells; nothing where no sum wants any."""
        return [self.placed.get(address) or self.agreed.get(address, NONE)[0] for address in addresses]


class Rest(NamedTuple):
    """A sum of which all is known but the line's own cells: by how much the other lines' part of the total is
    more than that of the parts, and the own cells on either side. `wish` is what it wants of the only own
    cell, where that is but one: a sum down a column crosses a line once.
    """

    left: Decimal
    total: tuple[Address, ...]
    parts: tuple[Address, ...]
    wish: tuple[Address, Decimal] | None


class Filling(NamedTuple):
    """`open` are the values whose cell the sums do not tell from the next one, the numbers being the same."""

    targets: Targets
    open: tuple[Cell, ...]


def fill_gaps(line: Line, known: Numbers, sums: Sums) -> Filling | None:
    """The only reading of the line that the sums allow, or None. Of the numbers `known`, those of other lines
    count.
    """
    options = list(placings(line))
    numbers = [number for cell in line.values if (number := number_of(cell)) is not None] if options else []
    if not options or len(numbers) < len(line.values):
        return None
    own = frozenset(addresses := line.addresses)
    touched = dict.fromkeys(each for address in addresses for each in sums.get(address, ()))
    rests = [rest for each in touched if (rest := rest_of(each, own, known))]
    trials = [try_out(targets, placed_by(line, targets, numbers), rests) for targets in options]
    least = min(trial.broken for trial in trials)
    best = [trial for trial in trials if trial.broken == least]
    found = best[0].numbers(addresses)
    is_one = all(trial.broken >= least + MARGIN or trial.numbers(addresses) == found for trial in trials)
    if not is_one:
        return None
    labelled = [trial for trial in best if is_same(line, trial.targets, line.labelled.targets)]
    chosen = line.labelled.targets if labelled else best[0].targets
    return Filling(chosen, undecided(line, chosen, best))


def placings(line: Line) -> Iterator[Targets]:
    """Every way of leaving as many cells of the line empty as it has values too few. Blanks at its end are no
    values.
    """
    count = max((at for at, cell in enumerate(line.values, 1) if cell.text), default=0)
    missing = len(line.targets) - count
    if count and 0 < missing <= MOST_GAPS:
        beyond = (None,) * (len(line.values) - count)
        for gaps in combinations(range(len(line.targets)), missing):
            yield (*(target for at, target in enumerate(line.targets) if at not in gaps), *beyond)


def rest_of(each: Sum, own: Collection[Address], known: Numbers) -> Rest | None:
    """None where a number of another line is not known either, so that the sum says nothing of this one."""
    left = NOTHING
    for addresses, sign in ((each.total, 1), (each.parts, -1)):
        for address in addresses:
            if address not in own:
                if (number := known.get(address)) is None:
                    return None
                if number:
                    left += sign * number
    total = tuple(address for address in each.total if address in own)
    parts = tuple(address for address in each.parts if address in own)
    only = total + parts
    return Rest(left, total, parts, (only[0], left if parts else -left) if len(only) == 1 else None)


def placed_by(line: Line, targets: Targets, numbers: Sequence[Decimal]) -> dict[Address, Decimal]:
    table, pairs = line.table, zip(targets, numbers, strict=True)
    return {(table, *target): number for target, number in pairs if target is not None}


def try_out(targets: Targets, placed: Mapping[Address, Decimal], rests: Sequence[Rest]) -> Trial:
    wanted: dict[Address, list[Decimal]] = defaultdict(list)
    broken = 0
    for rest in rests:
        wish = rest.wish or wish_of(rest, placed)
        if wish is None:
            continue
        address, number = wish
        if address not in placed:
            wanted[address].append(number)
        elif number != placed[address]:
            broken += 1
    agreed = {address: agreement(numbers) for address, numbers in wanted.items()}
    broken += sum(len(wanted[address]) - votes for address, (_, votes) in agreed.items())
    return Trial(targets, broken, placed, agreed)


def wish_of(rest: Rest, placed: Mapping[Address, Decimal]) -> tuple[Address, Decimal] | None:
    """What the sum wants of its only empty cell, or of any cell where none is; None where several are."""
    both = rest.total + rest.parts
    empty = [address for address in both if address not in placed]
    if len(empty) > 1:
        return None
    open_to = empty[0] if empty else both[0]
    left = rest.left
    for address in rest.total:
        if address != open_to:
            left += placed[address]
    for address in rest.parts:
        if address != open_to:
            left -= placed[address]
    return open_to, left if open_to in rest.parts else -left


def agreement(wanted: Sequence[Decimal]) -> tuple[Decimal, int]:
    """The number that most of the sums want, and how many do; none can want less than nothing."""
    possible = [number for number in wanted if number >= NOTHING]
    votes = ((number, possible.count(number)) for number in possible)
    return max(votes, key=itemgetter(1), default=NONE)


def is_same(line: Line, one: Targets, other: Targets) -> bool:
    """Whether the two differ at most in what becomes of blanks."""
    return all(
        left == right or not cell.text for left, right, cell in zip(one, other, line.values, strict=True)
    )


def undecided(line: Line, chosen: Targets, best: Sequence[Trial]) -> tuple[Cell, ...]:
    return tuple(
        cell
        for at, cell in enumerate(line.values)
        if cell.text and any(trial.targets[at] != chosen[at] for trial in best)
    )
