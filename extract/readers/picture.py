"""Pictures of pages: set straight, their ruling lines found, and the lines of writing in a box cut out.

Lengths outside this module are points; a picture is taken to be of a page of A4.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from extract.readers import imagesize
from extract.readers.boxes import Box
from extract.readers.certainty import STROKE
from extract.readers.formats import NotReadable
from extract.readers.hairlines import Pixels, Ruling, ruling
from extract.readers.ruling import TooManyRules

MOST_PIXELS = 60_000_000
FEWEST_ACROSS = 200
"""Pixels. Nothing smaller holds a page; icons and buttons do not."""
LONGEST_SIDE = 4_000
A4_WIDTH, A4_HEIGHT = 595.0, 842.0
MOST_SKEW, FINEST = 5.0, 0.01
"""Degrees."""
MOST_POINTS = 60_000
SPECK = 3.6
"""Points. What is smaller in both directions is dirt, or a point that stands between larger signs."""
HYPHEN = 2.4
"""Points. A longer stroke, alone in its cell, is no dirt: in small tables a hyphen stands for nothing."""
HALF = 0.5
"""Pixels by which a stroke may seem shorter than it is."""
MINUS = 6.0
"""Points before a figure in which its minus stands, with the white between."""
FEWEST_ROWS = 4
"""Pixels from which a stroke has a direction."""
SMALLEST = 5.0
"""Points. The height of the smallest sign that is no dot or stroke."""
TALLEST = 20.0
"""Points. The height of the largest sign in a table."""
LEANING = 0.25
"""To the right for its height, that a slash does at least: 0.3; figures stay below 0.12."""
STRAIGHT = 0.1
"""Of its height, by which the ink of one stroke lies beside its middle line, root mean square; a 7's 0.16."""
BETWEEN = 1.0
"""Points of white that part two lines of writing."""
APART = 2.0
"""Points of white between the pieces of a sign that came apart."""
INSET = 0.8
"""Points inside a cell's lines where writing may begin."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A straight page in grey, white where lines were; `paper` is how bright it is, `scale` pixels a point.
    `hyphens` are specks that may be short strokes, and are no `ink` beside other writing; `specks` are all
    the rest. `problem` says why it has no tables.
    """

    grey: Pixels
    paper: int
    ink: Pixels
    hyphens: Pixels
    specks: Pixels
    scale: float
    ruling: Ruling
    problem: str

    @property
    def width(self) -> float:
        return float(self.grey.shape[1] / self.scale)

    @property
    def height(self) -> float:
        return float(self.grey.shape[0] / self.scale)


def decoded(payload: bytes) -> Pixels:
    """NotReadable for what is no picture, or one of a size that no scanner gives."""
    claimed = imagesize.size(payload)
    if claimed is None:
        raise NotReadable("a picture too broken to open")
    if claimed[0] * claimed[1] > MOST_PIXELS:
        raise NotReadable(f"a picture of {claimed[0]} x {claimed[1]} pixels, larger than any scan")
    grey = cv2.imdecode(np.frombuffer(payload, np.uint8), cv2.IMREAD_GRAYSCALE)
    if grey is None or min(grey.shape) < FEWEST_ACROSS:
        raise NotReadable("a picture too broken or too small to read")
    return np.asarray(grey, np.uint8)


def prepared(grey: Pixels) -> Picture:
    grey = straightened(smaller(grey))
    height, width = grey.shape
    scale = width / (A4_WIDTH if width <= height else A4_HEIGHT)
    dark = darkness(grey)
    try:
        ruled, problem = ruling(grey, dark, scale), ""
    except TooManyRules as error:
        ruled, problem = Ruling((), (), np.zeros_like(grey)), str(error)
    paper = int(np.median(grey))
    lines = np.asarray(cv2.dilate(ruled.covered, np.ones((3, 3), np.uint8)), np.uint8)
    printed = np.asarray(dark & ~lines, np.uint8)
    ink, hyphens = without_specks(printed, scale)
    grey = np.where(lines > 0, np.uint8(paper), grey)
    return Picture(grey, paper, ink, hyphens, printed & ~(ink | hyphens), scale, ruled, problem)


def turned(grey: Pixels, quarters: int) -> Pixels:
    """Quarters clockwise."""
    return np.ascontiguousarray(np.rot90(grey, -quarters))


def smaller(grey: Pixels) -> Pixels:
    ratio = LONGEST_SIDE / max(grey.shape)
    if ratio >= 1:
        return grey
    return np.asarray(cv2.resize(grey, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA), np.uint8)


def darkness(grey: Pixels) -> Pixels:
    """255 where something is printed, by the brightness of the surroundings: scans have shades."""
    calm = cv2.GaussianBlur(grey, (3, 3), 0)
    block = max(grey.shape[1] // 40 | 1, 15)
    dark = cv2.adaptiveThreshold(calm, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, block, 18)
    return np.asarray(dark, np.uint8)


def straightened(grey: Pixels) -> Pixels:
    angle = skew(darkness(grey))
    if abs(angle) < FINEST:
        return grey
    height, width = grey.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    turned = cv2.warpAffine(grey, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255,))
    return np.asarray(turned, np.uint8)


def skew(dark: Pixels) -> float:
    """Degrees by which the page is turned: of all angles the one at which its lines across, or else its lines
    of writing, gather in the fewest rows. A Hough transform of small angles only.
    """
    shape = np.ones((1, dark.shape[1] // 55), np.uint8)
    level = cv2.morphologyEx(cv2.dilate(dark, np.ones((2, 2), np.uint8)), cv2.MORPH_OPEN, shape)
    rows, columns = np.nonzero(level if level.any() else dark)
    some = slice(None, None, max(len(rows) // MOST_POINTS, 1))
    rows, columns = rows[some], columns[some]
    angle, step = 0.0, MOST_SKEW / 5
    while step > FINEST and len(rows):
        tried = angle + step * np.linspace(-5, 5, 21)
        angle = float(max(tried, key=lambda at: gathered(rows, columns, at)))
        step /= 5
    return angle


def gathered(rows: NDArray[np.int64], columns: NDArray[np.int64], angle: float) -> float:
    """How unevenly the points fill the rows of a page turned by `angle` degrees."""
    turned = rows - columns * np.tan(np.radians(angle))
    filled = np.bincount((turned - turned.min()).astype(np.int64)).astype(float)
    return float((filled * filled).sum())


def pixels_of(box: Box, scale: float, margin: float = 0.0) -> tuple[int, int, int, int]:
    """Where a box begins and ends; never before the picture, which slices would take for its end."""
    x0, y0, x1, y1 = box
    return (
        max(int((x0 - margin) * scale), 0),
        max(int((y0 - margin) * scale), 0),
        max(int((x1 + margin) * scale), 0),
        max(int((y1 + margin) * scale), 0),
    )


def without_specks(ink: Pixels, scale: float) -> tuple[Pixels, Pixels]:
    """The ink without them, and those of them that may be hyphens."""
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    least = SPECK * scale
    widths, heights = boxes[:, cv2.CC_STAT_WIDTH], boxes[:, cv2.CC_STAT_HEIGHT]
    kept = (widths > least) | (heights > least)
    hyphens = ~kept & (widths >= HYPHEN * scale - HALF) & (widths >= STROKE * heights)
    kept[0] = False
    return np.asarray(kept[labels] * 255, np.uint8), np.asarray(hyphens[labels] * 255, np.uint8)


def outside(picture: Picture) -> Pixels | None:
    """The page without its tables; None where no writing is left."""
    rest, page = picture.ink.copy(), picture.grey.copy()
    for frame in picture.ruling.tables:
        x0, y0, x1, y1 = pixels_of(frame.box, picture.scale)
        rest[y0:y1, x0:x1] = 0
        page[y0:y1, x0:x1] = picture.paper
    return page if rest.any() else None


def room_in(cell: Box) -> Box:
    """Where in a cell writing may stand."""
    return Box(cell.x0 + INSET, cell.y0 + INSET, cell.x1 - INSET, cell.y1 - INSET)


def written_lines(picture: Picture, room: Box) -> Iterator[Box]:
    """Each line of writing, from the top; where there is none, what may be a hyphen. One right before a line
    is its minus.
    """
    x0, y0, x1, y1 = pixels_of(room, picture.scale)
    ink, hyphens = picture.ink[y0:y1, x0:x1], picture.hyphens[y0:y1, x0:x1]
    dirt, scale = hyphens | picture.specks[y0:y1, x0:x1], picture.scale
    if not ink.any():
        ink = hyphens
    for top, bottom in bands(np.asarray(ink.any(axis=1)), BETWEEN * scale):
        columns = np.flatnonzero(ink[top:bottom].any(axis=0))
        left, right = int(columns[0]), int(columns[-1]) + 1
        near = max(left - int(MINUS * scale), 0)
        left = near + begin_of_minus(dirt[top:bottom, near:left], scale)
        for above, below in signs_downwards(top, bottom, right - left, scale):
            found = Box(x0 + left, y0 + above, x0 + right, y0 + below)
            yield Box(*(round(at / scale, 2) for at in found))


def is_slash(picture: Picture, line: Box) -> bool:
    """One straight stroke that leans, which a model takes for a 1."""
    x0, y0, x1, y1 = pixels_of(line, picture.scale)
    rows, columns = np.nonzero(picture.ink[y0:y1, x0:x1])
    if line.height < SMALLEST or line.width > line.height or np.unique(rows).size < FEWEST_ROWS:
        return False
    slope, begin = np.polyfit(rows, columns, 1)
    beside = columns - (slope * rows + begin)
    return bool(-slope >= LEANING and beside.std() <= STRAIGHT * (y1 - y0))


def begin_of_minus(before: Pixels, scale: float) -> int:
    """The column of the first speck as wide as a hyphen, thick with dirt or not; else past the last."""
    if not before.any():
        return int(before.shape[1])
    _, _, boxes, _ = cv2.connectedComponentsWithStats(before, connectivity=8)
    wide = boxes[1:][boxes[1:, cv2.CC_STAT_WIDTH] >= HYPHEN * scale - HALF]
    return int(min(wide[:, cv2.CC_STAT_LEFT], default=before.shape[1]))


def traces(picture: Picture, room: Box) -> Iterator[Box]:
    """Specks that stand together as a sign does which came apart: a cell with nothing else is not empty."""
    x0, y0, x1, y1 = pixels_of(room, picture.scale)
    together = np.ones((int(APART * picture.scale) | 1,) * 2, np.uint8)
    specks = cv2.morphologyEx(picture.specks[y0:y1, x0:x1], cv2.MORPH_CLOSE, together)
    _, _, boxes, _ = cv2.connectedComponentsWithStats(specks, connectivity=8)
    for x, y, width, height, _ in boxes[1:].tolist():
        if max(width, height) >= SMALLEST * picture.scale:
            found = Box(x0 + x, y0 + y, x0 + x + width, y0 + y + height)
            yield Box(*(round(at / picture.scale, 2) for at in found))


def bands(filled: NDArray[Any], gap: float) -> Iterator[tuple[int, int]]:
    """Stretches of true values with no more than `gap` false ones inside."""
    rows = np.flatnonzero(filled)
    if not rows.size:
        return
    for stretch in np.split(rows, np.flatnonzero(np.diff(rows) > gap + 1) + 1):
        yield int(stretch[0]), int(stretch[-1]) + 1


def signs_downwards(top: int, bottom: int, width: int, scale: float) -> Iterator[tuple[int, int]]:
    """A band taller than any line is writing set downwards so close that no white parts its signs."""
    is_tall = bottom - top > max(TALLEST * scale, 2 * width) and width > SMALLEST * scale
    count = round((bottom - top) / width) if is_tall else 1
    for number in range(count):
        yield top + (bottom - top) * number // count, top + (bottom - top) * (number + 1) // count


def cut_out(picture: Picture, line: Box, room: Box) -> Pixels:
    """A line of writing with paper around it, and nothing of what stands outside `room`. Flat signs (一, —)
    keep the height of a line.
    """
    above, beside = max((SMALLEST + 3 - line.height) / 2, 0) + max(line.height / 8, 0.7), 3.0
    x0, y0, x1, y1 = pixels_of(line, picture.scale)
    left, top, right, bottom = pixels_of(room, picture.scale)
    up, aside = int(above * picture.scale), int(beside * picture.scale)
    wanted = (y0 - up, y1 + up, x0 - aside, x1 + aside)
    height, width = picture.grey.shape
    limits = (max(top, 0), min(bottom, height), max(left, 0), min(right, width))
    first, last, begin, end = (
        (max if at % 2 == 0 else min)(one, two)
        for at, (one, two) in enumerate(zip(wanted, limits, strict=True))
    )
    border = (first - wanted[0], wanted[1] - last, begin - wanted[2], wanted[3] - end)
    crop = picture.grey[first:last, begin:end]
    framed = cv2.copyMakeBorder(crop, *border, cv2.BORDER_CONSTANT, value=(picture.paper,))
    return np.asarray(cv2.cvtColor(framed, cv2.COLOR_GRAY2BGR), np.uint8)


def calmed(crop: Pixels) -> Pixels:
    """Without single dark and bright points."""
    return np.asarray(cv2.medianBlur(crop, 3), np.uint8)
