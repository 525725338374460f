"""Small bar charts as shapes for an SVG template: no script, no library, readable by a screen reader."""

from collections.abc import Sequence
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


def bar(x: float, step: float, label: str, value: Decimal | int, highest: Decimal | int) -> Bar:
    height = float(Decimal(value) / Decimal(highest)) * (HEIGHT - LABELS)
    return Bar(label, value, x + GAP / 2, HEIGHT - LABELS / 2 - height, min(step - GAP, 64), height)
