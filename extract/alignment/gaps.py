"""Where the gap is in a line with a value or two too few.

The line alone does not say. The sums of the table may: each place for the gap is tried, and the numbers that
then stand in their cells are held against every sum they have a part in. A cell without value could be any
number, so long as all its sums want the same.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import combinations
from typing import NamedTuple

from extract.alignment.assign import Target, fill
from extract.alignment.line import NOTHING, Line, Numbers, number_of
from extract.document import Cell
from extract.forms.sums import Address, Sum

MOST_GAPS = 2
NONE = NOTHING, 0  # a number that nobody votes for
MARGIN = 2  # sums that break besides if a value stands one cell off: two columns are touched at least

Targets = tuple[Target | None, ...]  # as in an Assignment: a target or None for each value
Sums = Mapping[Address, Sequence[Sum]]


class Trial(NamedTuple):
    """The values put into these of the line's cells: how many sums break, the number in each cell, and for
    the empty ones the number that most of their sums want, with how many do.
    """

    filled: tuple[int, ...]
    broken: int
    placed: Sequence[Decimal | None]
    agreed: Mapping[int, tuple[Decimal, int]]

    @property
    def numbers(self) -> list[Decimal]:
        """Of the cells; nothing where no sum wants any."""
        return [number or self.agreed.get(at, NONE)[0] for at, number in enumerate(self.placed)]


class Rest(NamedTuple):
    """A sum of which all is known but the line's own cells: by how much the other lines' part of the total is
    more than that of the parts, and the own cells on either side, by their place in the line.
    """

    left: Decimal
    total: Sequence[int]
    parts: Sequence[int]


class Rests(NamedTuple):
    """Of the sums that a line has a part in, those along it; and of those down a column, which cross it once,
    the numbers that they want of each cell, however the line is read.
    """

    along: Sequence[Rest]
    wishes: Sequence[Sequence[Decimal]]


class Filling(NamedTuple):
    """`open` are the values whose cell the sums do not tell from the next one, the numbers being the same."""

    targets: Targets
    open: tuple[Cell, ...]


def fill_gaps(line: Line, known: Numbers, sums: Sums) -> Filling | None:
    """The reading of the labels where no sum breaks by it; else the only one that the sums allow, or None. Of
    the numbers `known`, those of other lines count.
    """
    options = placings(line)
    numbers = [number for cell in line.values if (number := number_of(cell)) is not None] if options else []
    if not options or len(numbers) < len(line.values):
        return None
    rests = rests_of(line.addresses, known, sums)
    misses = missed(numbers, rests.wishes)
    if is_as_labelled(line, options[-1]) and not try_out(options[-1], numbers, misses, rests).broken:
        return Filling(line.labelled.targets, ())
    trials = [try_out(filled, numbers, misses, rests) for filled in options]
    least = min(trial.broken for trial in trials)
    best = [trial for trial in trials if trial.broken == least]
    found = best[0].numbers
    if any(trial.broken < least + MARGIN and trial.numbers != found for trial in trials):
        return None
    labelled, readings = line.labelled.targets, [targets_of(line, trial.filled) for trial in best]
    chosen = labelled if any(is_same(line, each, labelled) for each in readings) else readings[0]
    return Filling(chosen, undecided(line, chosen, readings))


def placings(line: Line) -> list[tuple[int, ...]]:
    """The cells to fill, for every way of leaving as many of the line empty as it has values too few: first
    that with the leftmost gap. Blanks at its end are no values.
    """
    count = max((at for at, cell in enumerate(line.values, 1) if cell.text), default=0)
    is_possible = count and 0 < len(line.targets) - count <= MOST_GAPS
    return list(combinations(range(len(line.targets)), count))[::-1] if is_possible else []


def is_as_labelled(line: Line, filled: Sequence[int]) -> bool:
    """Whether the labels put the values there, and there are as many as they head."""
    is_odd = line.labelled.is_open or line.is_over
    return not is_odd and is_same(line, targets_of(line, filled), line.labelled.targets)


def targets_of(line: Line, filled: Sequence[int]) -> Targets:
    return fill([line.targets[at] for at in filled], len(line.values))


def rests_of(addresses: Sequence[Address], known: Numbers, sums: Sums) -> Rests:
    own = {address: at for at, address in enumerate(addresses)}
    others = dict(known)
    for address in own:
        others.pop(address, None)
    along: list[Rest] = []
    wishes: list[list[Decimal]] = [[] for _ in own]
    for each in dict.fromkeys(each for address in own for each in sums.get(address, ())):
        rest = rest_of(each, own, others)
        if rest and len(rest.total) + len(rest.parts) > 1:
            along.append(rest)
        elif rest and (wish := wish_of(rest, [None] * len(own))):
            wishes[wish[0]].append(wish[1])
    return Rests(along, wishes)


def rest_of(each: Sum, own: Mapping[Address, int], others: Numbers) -> Rest | None:
    """None where a number of another line is not known either, so that the sum says nothing of this one."""
    left = NOTHING
    sides: list[list[int]] = []
    for addresses in (each.parts, each.total):
        sides.append([])
        left = -left
        for address in addresses:
            if (number := others.get(address)) is not None:
                left += number
            elif address in own:
                sides[-1].append(own[address])
            else:
                return None
    parts, total = sides
    return Rest(left, total, parts)


def missed(numbers: Sequence[Decimal], wishes: Sequence[Sequence[Decimal]]) -> list[list[int]]:
    """For each number, how many sums down a column break if it stands in each of the cells."""
    return [[len(wanted) - wanted.count(number) for wanted in wishes] for number in numbers]


def try_out(
    filled: tuple[int, ...], numbers: Sequence[Decimal], misses: Sequence[Sequence[int]], rests: Rests
) -> Trial:
    placed: list[Decimal | None] = [None] * len(rests.wishes)
    broken = 0
    for at, number, breaks in zip(filled, numbers, misses, strict=False):
        placed[at] = number
        broken += breaks[at]
    wanted: dict[int, list[Decimal]] = {at: [] for at, number in enumerate(placed) if number is None}
    for at, wish in filter(None, (wish_of(rest, placed) for rest in rests.along)):
        if at in wanted:
            wanted[at].append(wish)
        else:
            broken += wish != placed[at]
    agreed = {at: agreement([*along, *rests.wishes[at]]) for at, along in wanted.items()}
    for at, (_, votes) in agreed.items():
        broken += len(wanted[at]) + len(rests.wishes[at]) - votes
    return Trial(filled, broken, placed, agreed)


def wish_of(rest: Rest, placed: Sequence[Decimal | None]) -> tuple[int, Decimal] | None:
    """What the sum wants of its only empty cell, or of any cell where none is; None where several are."""
    both = [*rest.total, *rest.parts]
    empty = [at for at in both if placed[at] is None]
    if len(empty) > 1:
        return None
    open_to = empty[0] if empty else both[0]
    left = rest.left + added(rest.total, placed, open_to) - added(rest.parts, placed, open_to)
    return open_to, left if open_to in rest.parts else -left


def added(cells: Sequence[int], placed: Sequence[Decimal | None], but: int) -> Decimal:
    return sum((number for at in cells if at != but and (number := placed[at])), NOTHING)


def agreement(wanted: Sequence[Decimal]) -> tuple[Decimal, int]:
    """The number that most of the sums want, and how many do; none can want less than nothing."""
    possible = [number for number in wanted if number >= NOTHING]
    if not possible:
        return NONE
    number = max(possible, key=possible.count)
    return number, possible.count(number)


def is_same(line: Line, one: Targets, other: Targets) -> bool:
    """Whether the two differ at most in what becomes of blanks."""
    return all(
        left == right or not cell.text for left, right, cell in zip(one, other, line.values, strict=True)
    )


def undecided(line: Line, chosen: Targets, best: Sequence[Targets]) -> tuple[Cell, ...]:
    return tuple(
        cell
        for at, cell in enumerate(line.values)
        if cell.text and any(targets[at] != chosen[at] for targets in best)
    )
