"""Drawn and filled outlines to the ruling lines they hold, for page formats that draw with paths."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from extract.readers.boxes import Box
from extract.readers.ruling import Rule, Rules

THIN = 4.5
"""Points. An outline no thicker is a line, drawn or filled; pdfium's bounds of a line add about a point."""
SHORTEST = 5.0

Matrix = tuple[float, float, float, float, float, float]
"""a b c d e f, as PDF and OFD write it: x' = ax + cy + e, y' = bx + dy + f."""
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
Point = tuple[float, float]


def is_line(box: Box) -> bool:
    width, height = box.width, box.height
    return min(width, height) <= THIN and max(width, height) >= SHORTEST


def lines_of(piece: Sequence[Point], *, is_drawn: bool) -> Iterator[Box]:
    """A thin piece is a line; a larger one that is drawn, not only filled, has its edges for lines."""
    box = box_of(piece)
    if is_line(box):
        yield box
    elif is_drawn:
        edges = (box_of([one, two]) for one, two in pairwise(piece))
        yield from (edge for edge in edges if is_line(edge))


def rules_of(boxes: Iterable[Box]) -> Rules:
    """Lines in thin boxes as rules."""
    horizontal, vertical = [], []
    for box in boxes:
        if box.width > box.height:
            horizontal.append(Rule((box.y0 + box.y1) / 2, box.x0, box.x1))
        else:
            vertical.append(Rule((box.x0 + box.x1) / 2, box.y0, box.y1))
    return Rules(tuple(horizontal), tuple(vertical))


def applied(matrix: Matrix, x: float, y: float) -> Point:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def multiplied(first: Matrix, then: Matrix) -> Matrix:
    """One matrix for two, one after the other."""
    a, b, c, d, e, f = first
    along, across = then[:2], then[2:4]
    return (
        a * along[0] + b * across[0],
        a * along[1] + b * across[1],
        c * along[0] + d * across[0],
        c * along[1] + d * across[1],
        *applied(then, e, f),
    )


def moved(box: Box, matrix: Matrix) -> Box:
    if matrix == IDENTITY:
        return box
    return box_of([applied(matrix, box.x0, box.y0), applied(matrix, box.x1, box.y1)])


def box_of(points: Sequence[Point]) -> Box:
    xs, ys = zip(*points, strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))
