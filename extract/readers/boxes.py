"""Places on printed pages: `page:3/box:72.0,90.5,310.2,118.0`.

Points (1/72 inch) from the top left corner of the page, x to the right and y down, with the page turned so
that its text stands upright. What a page break cut in two has the places of both parts, joined by `+`.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

_PLACE = re.compile(r"page:(\d{1,6})/box:(-?\d+\.\d),(-?\d+\.\d),(-?\d+\.\d),(-?\d+\.\d)")
JOINT = "+"


class Box(NamedTuple):
    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    def rounded(self) -> "Box":
        """As in its place, so that what is found in it by its place is the same."""
        return Box(*(round(at, 1) for at in self))

    def holds(self, x: float, y: float) -> bool:
        return self.x0 <= x < self.x1 and self.y0 <= y < self.y1


def around(boxes: "Sequence[Box]") -> Box:
    """The smallest box that holds all of them."""
    return Box(
        min(box.x0 for box in boxes),
        min(box.y0 for box in boxes),
        max(box.x1 for box in boxes),
        max(box.y1 for box in boxes),
    )


def place(page: int, box: Box) -> str:
    return f"page:{page}/box:{box.x0:.1f},{box.y0:.1f},{box.x1:.1f},{box.y1:.1f}"


def parts(place: str) -> list[tuple[int, Box]]:
    """Page (from 1) and box of each part of a place; LookupError for what is no such place."""
    matches = [_PLACE.fullmatch(part) for part in place.split(JOINT)]
    found = [(int(match[1]), Box(*map(float, match.groups()[1:]))) for match in matches if match]
    if len(found) < len(matches):
        raise LookupError(f"no place on a page: {place}")
    return found
