"""The ruling lines of a scanned page, however thin: looked for in long stretches, then measured wall by wall.

A hairline is lost in the noise of single pixels and plain in the mean of many, where no writing is near: so
all signs are taken off the page first. What is found says where walls of cells may stand; each is then asked
whether it is dark all along.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from extract.readers.boxes import Box
from extract.readers.ruling import Frame, Rule, Rules, TooManyRules, frames

Pixels = NDArray[np.uint8]
Standing = Literal["there", "absent", "doubtful"]

LARGEST_SIGN, THINNEST_SIGN = 26.0, 2.0
"""Points: of the longer and the shorter side of what is taken for a sign."""
SPARSEST_SIGN = 0.12
"""How much of its box a sign fills; two lines that meet fill less."""
AROUND = 25.0
"""Points around a sign where the paper is looked at."""
SHORTEST_ACROSS, SHORTEST_DOWN = 28.0, 19.0
"""Points. Strokes of writing are shorter than what counts as a line across or down."""
THICKEST = 4.0
"""Points. Bars that are thicker are no ruling lines."""
COARSE, FINE = 6.0, 1.5
"""Points along a line that its darkness is the mean of: to find it, and to see where it breaks off."""
FAINTEST, NOISES = 10.0, 5.0
"""Grey levels, and deviations of the paper, by which a line is darker than what lies beside it at least."""
TREMBLE = 1.5
"""Points by which a line may leave its place: paper curls."""
JUNCTION = 1.5
"""Points at either end of a wall that belong to the lines that it meets."""
SHORTEST_WALL = 3.0
"""Points between its junctions that a wall has at least to say anything of it."""
STEADY = 0.4
"""Of its usual darkness that a line has everywhere; writing comes and goes."""
WHOLE, THERE, ABSENT = 0.95, 0.8, 0.55
"""How much of a wall is dark at least where nothing else can be, and where it stands; and at most where only
dirt is in its place.
"""
ROUNDS = 4
"""Lines that turn out to be writing cut the walls across them short; those are measured again without."""
MOST_SLOTS = 6_000
"""Of all tables of a page; the fullest report has 600. More are a pattern, and each costs its measuring."""


@dataclass(frozen=True, slots=True)
class Contrast:
    """How much darker each pixel is than what lies above and below it, in grey levels; `floor` is what a line
    has at least.
    """

    coarse: Pixels
    fine: Pixels
    floor: float

    def share(self, rows: slice, columns: slice) -> float:
        """How much of a wall is dark."""
        return float(self.dark(rows, columns).mean())

    def dark(self, rows: slice, columns: slice) -> NDArray[np.bool_]:
        """Where along a wall it is dark; nowhere if most of it is not."""
        darkness = self.fine[rows, columns].max(axis=0)
        if np.median(self.coarse[rows, columns].max(axis=0)) < self.floor:
            return np.zeros_like(darkness, np.bool_)
        return np.asarray(darkness >= max(self.floor, STEADY * float(np.median(darkness))), np.bool_)


@dataclass(frozen=True, slots=True)
class Strokes:
    """One axis of a page, turned so that its lines run across: as it is printed and without its signs, and
    the pixels in which lines were found.
    """

    printed: Contrast
    blank: Contrast
    found: Pixels
    scale: float

    def rules(self) -> Iterator[Rule]:
        _, _, boxes, _ = cv2.connectedComponentsWithStats(self.found, connectivity=8)
        for x, y, width, height, _ in boxes[1:].tolist():
            yield Rule((y + height / 2) / self.scale, x / self.scale, (x + width) / self.scale)

    def walls(
        self, places: Sequence[float], others: Sequence[float], crossing: "Strokes"
    ) -> Iterator[tuple[Rule, Standing]]:
        """Each piece of the lines at `places` from one line across them to the next. A piece too short to say
        anything of it stands where one beside it does.
        """
        for at in places:
            pieces = [Rule(at, *ends) for ends in pairwise(others)]
            known = [self.standing(piece, crossing) for piece in pieces]
            beside = zip([None, *known], [*known[1:], None], strict=False)
            for piece, standing, near in zip(pieces, known, beside, strict=False):
                yield piece, standing or ("there" if "there" in near else "absent")

    def standing(self, wall: Rule, crossing: "Strokes") -> Standing | None:
        """None for a wall too short to say."""
        if wall.stop - wall.start < SHORTEST_WALL + 2 * JUNCTION:
            return None
        pixels = self.pixels(wall, -JUNCTION)
        share = self.blank.share(*pixels)
        if max(share, self.printed.share(*pixels)) >= WHOLE:
            return "there"
        if share <= ABSENT or self.ends_early(wall, crossing):
            return "absent"
        return "there" if share >= THERE else "doubtful"

    def ends_early(self, wall: Rule, crossing: "Strokes") -> bool:
        """Whether one end does not reach the line that runs there: then it is a stroke of writing."""
        pixels = self.pixels(wall, -JUNCTION / 2)
        dark = self.blank.dark(*pixels) | self.printed.dark(*pixels)
        end = max(int(JUNCTION / 2 * self.scale), 1)
        ends = ((wall.start, dark[:end]), (wall.stop, dark[-end:]))
        return any(part.mean() <= ABSENT and crossing.runs_past(at, wall.at) for at, part in ends)

    def runs_past(self, at: float, place: float) -> bool:
        """Whether the line at `at` goes on to both sides of a place along it."""
        around = Rule(at, place - COARSE, place + COARSE)
        return self.blank.share(*self.pixels(around, 0)) >= THERE

    def pixels(self, wall: Rule, beyond: float) -> tuple[slice, slice]:
        """The rows and columns that a wall may cover, by so much longer than it is."""
        top, bottom, left, right = (
            max(int(at * self.scale), 0)
            for at in (wall.at - TREMBLE, wall.at + TREMBLE, wall.start - beyond, wall.stop + beyond)
        )
        return slice(top, bottom + 1), slice(left, right + 1)

    def covered(self, walls: Iterable[Rule]) -> Pixels:
        """255 where the page is dark along a wall, but for strokes that meet it and are thinner than they are
        long.
        """
        dark = np.asarray((self.blank.coarse >= self.blank.floor) * 255, np.uint8)
        along = np.ones((1, int((COARSE + THINNEST_SIGN) * self.scale)), np.uint8)
        dark = np.asarray(cv2.morphologyEx(dark, cv2.MORPH_OPEN, along), np.uint8)
        mask = np.zeros_like(self.found)
        for wall in walls:
            rows, columns = self.pixels(wall, JUNCTION)
            mask[rows, columns] = dark[rows, columns]
        return mask


@dataclass(frozen=True, slots=True)
class Walls:
    """The walls between cells that stand, those in doubt among them, and the latter once more as boxes
    without width or height; in points.
    """

    rules: Rules
    doubtful: tuple[Box, ...]

    @classmethod
    def of(cls, table: Frame, across: Strokes, down: Strokes) -> "Walls":
        level = list(across.walls(table.ys, table.xs, down))
        upright = list(down.walls(table.xs, table.ys, across))
        standing = (tuple(rule for rule, how in walls if how != "absent") for walls in (level, upright))
        doubtful = (
            *(Box(rule.start, rule.at, rule.stop, rule.at) for rule, how in level if how == "doubtful"),
            *(Box(rule.at, rule.start, rule.at, rule.stop) for rule, how in upright if how == "doubtful"),
        )
        return cls(Rules(*standing), doubtful)


@dataclass(frozen=True, slots=True)
class Ruling:
    """The tables of a page with their walls, and the pixels that these cover."""

    tables: tuple[Frame, ...]
    walls: tuple[Walls, ...]
    covered: Pixels

    @property
    def rules(self) -> Rules:
        return Rules(
            tuple(rule for each in self.walls for rule in each.rules.horizontal),
            tuple(rule for each in self.walls for rule in each.rules.vertical),
        )

    @property
    def doubtful(self) -> tuple[Box, ...]:
        return tuple(box for each in self.walls for box in each.doubtful)


def ruling(grey: Pixels, dark: Pixels, scale: float) -> Ruling:
    """Of a straight page; `dark` is what is printed on it, `scale` pixels a point. TooManyRules for what is
    a pattern and no page.
    """
    blank = without_signs(grey, dark, scale)
    across = strokes(grey, blank, scale, SHORTEST_ACROSS)
    down = strokes(upended(grey), upended(blank), scale, SHORTEST_DOWN)
    tables = tuple(frames(Rules(tuple(across.rules()), tuple(down.rules()))))
    slots = sum(len(table.xs) * len(table.ys) for table in tables)
    if slots > MOST_SLOTS:
        raise TooManyRules(f"tables of {slots} cells on a page")
    walls = [Walls.of(table, across, down) for table in tables]
    for _ in range(ROUNDS):
        before, tables = tables, tuple(table for each in walls for table in frames(each.rules))
        if tables == before:
            break
        walls = [Walls.of(table, across, down) for table in tables]
    covered = across.covered(rule for each in walls for rule in each.rules.horizontal)
    covered |= upended(down.covered(rule for each in walls for rule in each.rules.vertical))
    return Ruling(tables, tuple(walls), covered)


def upended(page: Pixels) -> Pixels:
    """What ran down runs across."""
    return np.ascontiguousarray(page.T)


def without_signs(grey: Pixels, dark: Pixels, scale: float) -> Pixels:
    """Paper where writing was: what is small in both directions and no piece of a line."""
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    widths, heights = boxes[:, cv2.CC_STAT_WIDTH], boxes[:, cv2.CC_STAT_HEIGHT]
    is_sign = np.maximum(widths, heights) <= LARGEST_SIGN * scale
    is_sign &= np.minimum(widths, heights) > THINNEST_SIGN * scale
    is_sign &= boxes[:, cv2.CC_STAT_AREA] >= SPARSEST_SIGN * widths * heights
    is_sign[0] = False
    signs = cv2.dilate(np.asarray(is_sign[labels], np.uint8), np.ones((3, 3), np.uint8))
    return np.where(signs > 0, paper(grey, dark, scale), grey)


def paper(grey: Pixels, dark: Pixels, scale: float) -> Pixels:
    """The page with nothing printed on it, shades and all: the mean of what is blank around each pixel."""
    around = (int(AROUND * scale), int(AROUND * scale))
    blank = np.asarray(cv2.dilate(dark, np.ones((3, 3), np.uint8)) == 0, np.float32)
    light = cv2.blur(grey * blank, around) / np.maximum(cv2.blur(blank, around), 1e-3)
    return np.asarray(light, np.uint8)


def strokes(grey: Pixels, blank: Pixels, scale: float, shortest: float) -> Strokes:
    seen = contrast(blank, scale)
    dark = np.asarray((seen.coarse >= seen.floor) * 255, np.uint8)
    found = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((1, int(shortest * scale)), np.uint8))
    return Strokes(contrast(grey, scale), seen, np.asarray(found, np.uint8), scale)


def contrast(grey: Pixels, scale: float) -> Contrast:
    coarse, fine = (darker(grey, along, scale) for along in (COARSE, FINE))
    middle = float(np.median(coarse))
    deviation = 1.48 * float(np.median(np.abs(coarse - middle)))
    return Contrast(coarse, fine, max(FAINTEST, middle + NOISES * deviation))


def darker(grey: Pixels, along: float, scale: float) -> Pixels:
    """By how much the mean of a stretch is darker than those above and below."""
    calm = cv2.blur(grey, (int(along * scale) | 1, 1))
    beside = np.ones((int(THICKEST * scale) | 1, 1), np.uint8)
    return np.asarray(cv2.morphologyEx(calm, cv2.MORPH_BLACKHAT, beside), np.uint8)
