"""Where the gap is in a line with a value or two too few.

The line alone does not say. The sums of the table may: each place for the gap is tried, and the numbers that
then stand in their cells are held against every sum they have a part in. A cell without value could be any
number, so long as all its sums want the same.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations
from typing import NamedTuple

from extract.alignment.assign import Target
from extract.alignment.line import NOTHING, Line, Numbers, number_of
from extract.document import Cell
from extract.forms.sums import Address, Sum

MOST_GAPS = 2
MARGIN = 2  # sums that break besides if a value stands one cell off: two columns are touched at least

Targets = tuple[Target | None, ...]  # as in an Assignment: a target or None for each value
Sums = Mapping[Address, Sequence[Sum]]


class Trial(NamedTuple):
    """The values put so: how many sums break, and the number of each cell of the line; that of an empty one
    is what its sums want, or nothing.
    """

    targets: Targets
    broken: int
    numbers: Mapping[Address, Decimal]


class Rest(NamedTuple):
    """A sum of which all is known but the line's own cells: by how much the other lines' part of the total is
    more than that of the parts, and the own cells on either side.
    """

    left: Decimal
    total: tuple[Address, ...]
    parts: tuple[Address, ...]

    def over(self, placed: Mapping[Address, Decimal]) -> tuple[Decimal, list[Address]]:
        """By how much the total is more than its parts with these numbers, and the cells that have none."""
        left, empty = self.left, []
        for address in self.total:
            if (number := placed.get(address)) is None:
                empty.append(address)
            else:
                left += number
        for address in self.parts:
            if (number := placed.get(address)) is None:
                empty.append(address)
            else:
                left -= number
        return left, empty


class Filling(NamedTuple):
    """`open` are the values whose cell the sums do not tell from the next one, the numbers being the same."""

    targets: Targets
    open: tuple[Cell, ...]


def fill_gaps(line: Line, known: Numbers, sums: Sums) -> Filling | None:
    """The only reading of the line that the sums allow, or None. Of the numbers `known`, those of other lines
    count.
    """
    options = list(placings(line))
    numbers = [number for cell in line.values if (number := number_of(cell)) is not None]
    if not options or len(numbers) < len(line.values):
        return None
    own = frozenset(line.addresses)
    touched = dict.fromkeys(each for address in line.addresses for each in sums.get(address, ()))
    rests = [rest for each in touched if (rest := rest_of(each, own, known))]
    trials = [try_out(targets, placed_by(line, targets, numbers), own, rests) for targets in options]
    least = min(trial.broken for trial in trials)
    best = [trial for trial in trials if trial.broken == least]
    is_one = all(trial.broken >= least + MARGIN or trial.numbers == best[0].numbers for trial in trials)
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
    total = [known.get(address) for address in each.total if address not in own]
    parts = [known.get(address) for address in each.parts if address not in own]
    if None in total or None in parts:
        return None
    return Rest(
        sum(filter(None, total), NOTHING) - sum(filter(None, parts), NOTHING),
        tuple(address for address in each.total if address in own),
        tuple(address for address in each.parts if address in own),
    )


def placed_by(line: Line, targets: Targets, numbers: Sequence[Decimal]) -> dict[Address, Decimal]:
    pairs = zip(targets, numbers, strict=True)
    return {(line.table, *target): number for target, number in pairs if target is not None}


def try_out(
    targets: Targets, placed: Mapping[Address, Decimal], own: Collection[Address], rests: Sequence[Rest]
) -> Trial:
    wanted: dict[Address, list[Decimal]] = defaultdict(list)
    broken = 0
    for rest in rests:
        left, empty = rest.over(placed)
        if not empty:
            broken += left != NOTHING
        elif len(empty) == 1:
            wanted[empty[0]].append(left if empty[0] in rest.parts else -left)
    agreed = {address: agreement(numbers) for address, numbers in wanted.items()}
    broken += sum(len(wanted[address]) - votes for address, (_, votes) in agreed.items())
    filled = {address: placed.get(address) or agreed.get(address, (NOTHING, 0))[0] for address in own}
    return Trial(targets, broken, filled)


def agreement(wanted: Sequence[Decimal]) -> tuple[Decimal, int]:
    """The number that most of the sums want, and how many do; none can want less than nothing."""
    counted = Counter(number for number in wanted if number >= NOTHING).most_common(1)
    return counted[0] if counted else (NOTHING, 0)


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
