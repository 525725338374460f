"""Where the gap is in a line with a value or two too few.

The line alone does not say. The sums of the table may: each place for the gap is tried, and the numbers that
then stand in their cells are held against every sum they have a part in. A cell without value could be any
number, so long as all its sums want the same.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from extract.alignment.assign import Target
from extract.alignment.line import NOTHING, Line, Numbers, number_of
from extract.document import Cell
from extract.forms.sums import Address, Sum

MOST_GAPS = 2
MARGIN = 2  # sums that break besides if a value stands one cell off: two columns are touched at least

Targets = tuple[Target | None, ...]  # as in an Assignment: a target or None for each value
Sums = Mapping[Address, Sequence[Sum]]


@dataclass(frozen=True, slots=True)
class Trial:
    """The values put so: how many sums break, and the number of each cell of the line; that of an empty one
    is what its sums want, or nothing.
    """

    targets: Targets
    broken: int
    numbers: Mapping[Address, Decimal]


@dataclass(frozen=True, slots=True)
class Filling:
    """`open` are the values whose cell the sums do not tell from the next one, the numbers being the same."""

    targets: Targets
    open: tuple[Cell, ...]


def fill_gaps(line: Line, known: Numbers, sums: Sums) -> Filling | None:
    """The only reading of the line that the sums allow, or None. `known` are the numbers of other lines."""
    if any(number_of(cell) is None for cell in line.values):
        return None
    touched = tuple(dict.fromkeys(each for address in line.addresses for each in sums.get(address, ())))
    trials = [try_out(line, targets, known, touched) for targets in placings(line)]
    least = min((trial.broken for trial in trials), default=0)
    best = [trial for trial in trials if trial.broken == least]
    is_one = all(trial.broken >= least + MARGIN or trial.numbers == best[0].numbers for trial in trials)
    if not trials or not is_one:
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


def try_out(line: Line, targets: Targets, known: Numbers, sums: Sequence[Sum]) -> Trial:
    placed = dict(line.numbers(targets))
    own = dict.fromkeys(line.addresses, None)
    numbers = {**known, **own, **placed}
    wanted: dict[Address, list[Decimal]] = defaultdict(list)
    broken = 0
    for each in sums:
        left, empty = difference(each, numbers)
        if not empty:
            broken += left != NOTHING
        elif len(empty) == 1 and empty[0] in own:
            wanted[empty[0]].append(left if empty[0] in each.parts else -left)
    agreed = {address: agreement(numbers) for address, numbers in wanted.items()}
    broken += sum(len(wanted[address]) - votes for address, (_, votes) in agreed.items())
    filled = {address: placed.get(address) or agreed.get(address, (NOTHING, 0))[0] for address in own}
    return Trial(targets, broken, filled)


def difference(each: Sum, numbers: Numbers) -> tuple[Decimal, list[Address]]:
    """By how much the total is more than its parts, and the cells of which no number is known."""
    total = [numbers.get(address) for address in each.total]
    parts = [numbers.get(address) for address in each.parts]
    empty = [address for address in (*each.total, *each.parts) if numbers.get(address) is None]
    return sum(filter(None, total), NOTHING) - sum(filter(None, parts), NOTHING), empty


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
