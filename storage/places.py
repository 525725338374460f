"""Where cells stand, packed: the places of a report differ in few words and mostly in two numbers.

`xpath:/html/body[1]/table[2]/tr[3]/td[2]` is the stem `xpath:/html/body[1]/table[2]/tr[%s]/td[%s]` with 3
and 2; the stem is kept once a report. `format(stem, 3, 2)` gives the place back in either database, which is
what the view `cells` does.
"""

import re
from collections.abc import Iterable, Sequence

RUN = re.compile(r"(\d[\d.,]*)")  # of a box in a PDF, all four of its edges
HOLE = "%s"
Place = Sequence[int | str]  # the number of its stem, and up to two values


def pack_places(locators: Iterable[str]) -> tuple[list[str], list[Place]]:
    """Give the stems, and each locator as the number of its stem and what goes into that."""
    stems: dict[str, int] = {}
    places: list[Place] = []
    for locator in locators:
        stem, values = split_place(locator)
        places.append([stems.setdefault(stem, len(stems)), *values])
    return list(stems), places


def split_place(locator: str) -> tuple[str, list[int | str]]:
    """The locator with holes for its last two runs of figures, and the runs."""
    parts = RUN.split(locator)  # words and runs in turn
    runs = parts[1::2][-2:]
    words = ["".join(parts[: len(parts) - 2 * len(runs)]), *parts[len(parts) - 2 * len(runs) + 1 :: 2]]
    return HOLE.join(map(literal, words)), list(map(figure, runs))


def literal(text: str) -> str:
    return text.replace("%", "%%")


def figure(text: str) -> int | str:
    """A number where that gives back the same text."""
    is_whole = text.isascii() and text.isdecimal() and (text[0] != "0" or text == "0")
    return int(text) if is_whole else text


def unpack_place(stems: Sequence[str], place: Place) -> str:
    """Raises IndexError or TypeError for what `pack_places` has not made."""
    stem, *values = place
    return stems[int(stem)] % tuple(values)
