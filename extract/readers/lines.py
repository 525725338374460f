"""Lines of text and their cells: `line:N/column:M` counts both from 1, the column in characters. `line:N` is
the whole line.
"""

import re
from collections.abc import Iterator, Sequence

from extract.words import fold

_BREAK = re.compile(r"\r\n|\r|\n")
_PLACE = re.compile(r"line:(\d{1,9})(?:/column:(\d{1,9}))?")
_VALUE = re.compile(
    r"[+-]?\d[\d,，.]*(?:万元|元|件|条|%)?(?:\(其中[^()]*\))?|[-—–/／]+|无|暂无|没有|不填|不适用|未涉及"
)
_SHORT = 60
_LONGEST = 4 * _SHORT


def split(text: str) -> list[str]:
    return _BREAK.split(text)


def has_bars(line: str) -> bool:
    return "|" in line or "｜" in line


def is_value(text: str) -> bool:
    """A number with or without unit and note, or one of the strokes and words that stand for no number."""
    return _VALUE.fullmatch(text) is not None


def cells(line: str) -> Iterator[tuple[int, str]]:
    """Column and folded text of each cell of one line; a line without separators is one cell. The empty
    cells at the end of a line with bars are left out: they may be only what a wide cell was unrolled to.
    """
    found = list(_parts(line))
    end = _end(found) if has_bars(line) else len(found)
    yield from found[:end] if any(words for _, words in found) else ()


def beyond(line: str) -> Iterator[tuple[int, str]]:
    """The empty cells at the end of a line with bars, behind others."""
    found = list(_parts(line)) if has_bars(line) else []
    yield from found[_end(found) :] if _end(found) else ()


def _end(found: Sequence[tuple[int, str]]) -> int:
    """How many cells there are to the last with words."""
    return max((at for at, (_, words) in enumerate(found, 1) if words), default=0)


def _parts(line: str) -> Iterator[tuple[int, str]]:
    """Between bars and between tabs an empty cell is a cell; between spaces there are none."""
    if has_bars(line) or _is_tabbed(line):
        start = 0
        for part in re.split(r"[|｜]" if has_bars(line) else r"\t", line):
            yield start + 1 + len(part) - len(part.lstrip()), fold(part)
            start += len(part) + 1
    elif _is_spaced(line):
        for word in re.finditer(r"\S+", line):
            yield word.start() + 1, word[0]
    elif words := re.search(r"\S.*", line):
        yield words.start() + 1, fold(words[0])


def _is_tabbed(line: str) -> bool:
    """Tabs between and behind short cells; a single one is indented."""
    parts = [part.strip() for part in line.split("\t")] if len(line) <= _LONGEST else []
    is_row = len(parts) > 1 and (bool(parts[0]) or sum(map(bool, parts)) > 1)
    return is_row and all(len(part) <= _SHORT for part in parts)


def _is_spaced(line: str) -> bool:
    """Spaces where a row of values follows its label."""
    words = line.split() if len(line) <= _LONGEST else []
    return len(words) > 2 and all(is_value(word) for word in words[-2:])


def at(text: str, place: str) -> str:
    """The cell that begins at `place`, or all cells of a line without column; LookupError where none is."""
    match = _PLACE.fullmatch(place)
    lines = split(text)
    if match is None or not 1 <= int(match[1]) <= len(lines):
        raise LookupError(f"no such line: {place}")
    line = lines[int(match[1]) - 1]
    found = [*cells(line), *(beyond(line) if match[2] else ())] or [(1, "")]
    words = [words for column, words in found if match[2] is None or column == int(match[2])]
    if not words:
        raise LookupError(f"no cell begins at {place}")
    return " ".join(words)
