"""The lines of a page: the rows, items and blocks that a place stands in, by where they begin and end."""

import re
from collections import deque
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

BLOCK = re.compile(r"<(/?)((?i:li|tr|dd|dt|p|div|td|th|ul|ol|dl|table|h[1-4]))(?=[\s/>])")
# What ends where another begins, though nothing says so (WHATWG §13.1.2.4).
ENDED_BY = {
    "li": {"li", "p"},
    "tr": {"tr", "td", "th", "p"},
    "td": {"td", "th", "p"},
    "th": {"td", "th", "p"},
    "dd": {"dd", "dt", "p"},
    "dt": {"dd", "dt", "p"},
}
ENDS_PROSE = frozenset({"p"})  # any other block ends a paragraph
DEEPEST = 500  # blocks within each other; what lies deeper is taken for a part of the last


@dataclass(slots=True)
class Block:
    """`outer` is what it lies in."""

    name: str
    at: int
    end: int
    outer: "Block | None" = None

    def outwards(self, names: Container[str]) -> Iterator["Block"]:
        """The block and those around it, as far as they are called so."""
        block: Block | None = self
        while block:
            if block.name in names:
                yield block
            block = block.outer


def blocks_around(text: str, is_hidden: Callable[[int], bool], places: Iterable[int]) -> dict[int, Block]:
    """The smallest block that each of these places stands in, given in their order; a block's own beginning
    does not stand in it.
    """
    found: dict[int, Block] = {}
    opened: list[Block] = []
    awaited = deque(places)
    for match in BLOCK.finditer(text):
        at, name, is_end = match.start(), match[2].lower(), bool(match[1])
        if is_hidden(at):
            continue
        while awaited and awaited[0] <= at:
            place = awaited.popleft()
            found |= {place: opened[-1]} if opened else {}
        depth = depth_after(opened, name, is_end=is_end)
        for block in opened[depth:]:
            block.end = at
        del opened[depth:]
        if not is_end and depth < DEEPEST:
            opened.append(Block(name, at, len(text), opened[-1] if opened else None))
    return found | dict.fromkeys(awaited, opened[-1]) if opened else found


def depth_after(opened: Sequence[Block], name: str, *, is_end: bool) -> int:
    """How many blocks are still open once one of that name begins or ends."""
    depth = len(opened)
    if is_end:
        return next((at for at in range(depth - 1, -1, -1) if opened[at].name == name), depth)
    ends = ENDED_BY.get(name, ENDS_PROSE)
    while depth and opened[depth - 1].name in ends:
        depth -= 1
    return depth
