"""Ruling lines to the cells they enclose: the wired grid that PDF, OFD and scans share."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from extract.readers.boxes import Box

SAME = 2.5
"""Points. Lines nearer to each other than this are one line; no column of a report is so narrow."""
REACH = 3.5
"""Points by which two lines may miss each other and still meet, as drawn by office programs."""
NEAR = 6.0
"""Points by which the outer edges of the two halves of a table may differ."""
OPEN_EDGE = 8.0
"""Points by which the lines of a table without side lines stick out of it at least."""
MOST_RULES = 3_000
"""Merged lines of one page. A page of tables has under 300; drawings and codes have thousands."""
MOST_SLOTS = 60_000


class Rule(NamedTuple):
    """A line along one axis: `at` on the other axis, from `start` to `stop`."""

    at: float
    start: float
    stop: float


@dataclass(frozen=True, slots=True)
class Rules:
    horizontal: tuple[Rule, ...] = ()
    vertical: tuple[Rule, ...] = ()


class Span(NamedTuple):
    """A cell in slots: first row and column, and how many of each."""

    row: int
    column: int
    down: int
    across: int


@dataclass(frozen=True, slots=True)
class Frame:
    """A ruled table: the lines between its columns and rows, and the cells they make, in reading order."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    spans: tuple[Span, ...]

    @property
    def box(self) -> Box:
        return Box(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def box_of(self, span: Span) -> Box:
        right, below = span.column + span.across, span.row + span.down
        return Box(self.xs[span.column], self.ys[span.row], self.xs[right], self.ys[below])


class TooManyRules(ValueError):  # noqa: N818 - a limit, told as a finding
    """More lines than a page of tables can have."""


def frames(rules: Rules, above: tuple[float, ...] = ()) -> list[Frame]:
    """The tables of a page, from the top. One around another only frames the page and is left out, and so is
    a box around text; but the first of the page may be the rest of the table `above`, whose lines between
    columns those are.
    """
    horizontal, vertical = merged(rules.horizontal), merged(rules.vertical)
    if len(horizontal) + len(vertical) > MOST_RULES:
        raise TooManyRules(f"{len(horizontal) + len(vertical)} lines on a page")
    found = [frame for group in groups(horizontal, vertical) if (frame := frame_of(*group))]
    tables = [frame for frame in found if len(frame.spans) > 1]
    inner = [frame for frame in tables if not any(is_around(frame.box, other.box) for other in tables)]
    first = min(found, key=lambda frame: frame.ys[0], default=None)
    if first and len(first.spans) == 1 and above and are_same_edges(first.xs, above):
        inner.append(first)
    return sorted(inner, key=lambda frame: (frame.ys[0], frame.xs[0]))


def are_same_edges(one: Sequence[float], two: Sequence[float]) -> bool:
    """Whether two tables are as wide, on the same spot."""
    return abs(one[0] - two[0]) <= NEAR and abs(one[-1] - two[-1]) <= NEAR


def is_around(outer: Box, inner: Box) -> bool:
    return (
        outer != inner
        and outer.x0 <= inner.x0
        and outer.y0 <= inner.y0
        and inner.x1 <= outer.x1
        and inner.y1 <= outer.y1
    )


def merged(rules: Iterable[Rule]) -> list[Rule]:
    """Lines drawn piece by piece, twice or with a double stroke as one line each."""
    whole: list[Rule] = []
    for bundle in clustered(sorted(rules)):
        at = sum(rule.at for rule in bundle) / len(bundle)
        start, stop = None, 0.0
        for rule in sorted(bundle, key=lambda rule: rule.start):
            if start is not None and rule.start <= stop + REACH:
                stop = max(stop, rule.stop)
                continue
            if start is not None:
                whole.append(Rule(at, start, stop))
            start, stop = rule.start, rule.stop
        if start is not None:
            whole.append(Rule(at, start, stop))
    return whole


def clustered(rules: Iterable[Rule]) -> Iterator[list[Rule]]:
    """Sorted lines in bundles no wider than SAME."""
    bundle: list[Rule] = []
    for rule in rules:
        if bundle and rule.at - bundle[0].at > SAME:
            yield bundle
            bundle = []
        bundle.append(rule)
    if bundle:
        yield bundle


def groups(horizontal: Sequence[Rule], vertical: Sequence[Rule]) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """The lines that hang together, for each table; both lists come sorted by `at`."""
    parents = list(range(len(horizontal) + len(vertical)))
    places = [rule.at for rule in vertical]
    for number, rule in enumerate(horizontal):
        first, last = bisect_left(places, rule.start - REACH), bisect_right(places, rule.stop + REACH)
        for other in range(first, last):
            if vertical[other].start - REACH <= rule.at <= vertical[other].stop + REACH:
                parents[root(parents, number)] = root(parents, len(horizontal) + other)
    together: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for number in range(len(parents)):
        group = together.setdefault(root(parents, number), ([], []))
        if number < len(horizontal):
            group[0].append(horizontal[number])
        else:
            group[1].append(vertical[number - len(horizontal)])
    yield from together.values()


def root(parents: list[int], number: int) -> int:
    while parents[number] != number:
        parents[number] = parents[parents[number]]
        number = parents[number]
    return number


def frame_of(horizontal: list[Rule], vertical: list[Rule]) -> Frame | None:
    """None for what is no table: an underline, a drawing."""
    xs, ys = edges(vertical, horizontal), edges(horizontal, vertical)
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 1 or columns < 1 or rows * columns > MOST_SLOTS:
        return None
    beside, above = walls(vertical, xs, ys), walls(horizontal, ys, xs)
    return Frame(xs, ys, tuple(sorted(cells(beside, above))))


def edges(lines: list[Rule], across: list[Rule]) -> tuple[float, ...]:
    """Where the lines stand, and where those across them end if no line closes the table there."""
    found = sorted({round(rule.at, 1) for rule in lines})
    if not across or not found:
        return tuple(found)
    first, last = min(rule.start for rule in across), max(rule.stop for rule in across)
    if first < found[0] - OPEN_EDGE:
        found.insert(0, round(first, 1))
    if last > found[-1] + OPEN_EDGE:
        found.append(round(last, 1))
    return tuple(found)


Walls = list[set[int]]
"""For each slot of one axis: n of the other axis where a line stands between slots n - 1 and n."""


def walls(lines: Iterable[Rule], places: tuple[float, ...], others: tuple[float, ...]) -> Walls:
    """Where lines stand between neighbouring slots: they pass the middle of the slot's side."""
    number = {place: index for index, place in enumerate(places)}
    middles = [(one + two) / 2 for one, two in pairwise(others)]
    found: Walls = [set() for _ in middles]
    for rule in lines:
        for passed in found[bisect_left(middles, rule.start) : bisect_right(middles, rule.stop)]:
            passed.add(number[round(rule.at, 1)])
    return found


def cells(beside: Walls, above: Walls) -> Iterator[Span]:
    """Slots without a line between them are one cell. What is no rectangle, for a piece of line is missing,
    comes apart into the rectangles of its rows.
    """
    open_spans: dict[tuple[int, int], Span] = {}
    for row, cuts in enumerate(beside):
        held: dict[tuple[int, int], Span] = {}
        for first, stop in runs(len(above), cuts):
            span = open_spans.get((first, stop))
            if span is None or any(row in above[column] for column in range(first, stop)):
                held[first, stop] = Span(row, first, 1, stop - first)
            else:
                held[first, stop] = span._replace(down=span.down + 1)
        yield from (span for at, span in open_spans.items() if at not in held or held[at].row == row)
        open_spans = held
    yield from open_spans.values()


def runs(columns: int, cuts: set[int]) -> Iterator[tuple[int, int]]:
    """The stretches of a row of slots between its lines."""
    first = 0
    for column in range(1, columns + 1):
        if column == columns or column in cuts:
            yield first, column
            first = column
