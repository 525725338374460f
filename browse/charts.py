"""Small bar charts as shapes for an SVG template: no script, no library, readable by a screen reader."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT, GAP = 560, 150, 8
LABELS = 34  # room below and above the bars


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    value: Decimal | int
    x: float
    y: float
    width: float
    height: float


def bars(points: Sequence[tuple[str, Decimal | int]]) -> list[Bar]:
    """Bars side by side, the highest as high as the chart."""
    if not points:
        return []
    step = WIDTH / len(points)
    highest = max(value for _, value in points) or 1
    return [bar(index * step, step, label, value, highest) for index, (label, value) in enumerate(points)]


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a bar: `kind` says which, `share` how much of the whole."""

    kind: str
    share: float
    value: Decimal | int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Stack:
    label: str
    x: float
    width: float
    slices: tuple[Slice, ...]


def stacks(points: Sequence[tuple[str, Sequence[tuple[str, Decimal | int]]]]) -> list[Stack]:
    """Bars of equal height, divided by the shares of their parts, the first part at the bottom."""
    step = WIDTH / max(len(points), 1)
    width = min(step - GAP, 64)
    return [
        Stack(label, place * step + GAP / 2, width, tuple(slices(parts)))
        for place, (label, parts) in enumerate(points)
    ]


def slices(parts: Sequence[tuple[str, Decimal | int]]) -> Iterator[Slice]:
    whole, room = sum(value for _, value in parts), HEIGHT - LABELS
    below = HEIGHT - LABELS / 2
    for kind, value in parts:
        share = float(value / whole) if whole else 0.0
        below -= share * room
        yield Slice(kind, share, value, below, share * room)


def bar(x: float, step: float, label: str, value: Decimal | int, highest: Decimal | int) -> Bar:
    height = float(Decimal(value) / Decimal(highest)) * (HEIGHT - LABELS)
    return Bar(label, value, x + GAP / 2, HEIGHT - LABELS / 2 - height, min(step - GAP, 64), height)
