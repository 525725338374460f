"""What every reader gives: a document is prose and grids in reading order, and each cell knows its place.

A *place* (stored as `locator`) is text that resolves to the same spot in the same bytes again:
`xpath:/html/body/div[2]/table[1]/tr[3]/td[2]` in HTML, `line:120/column:4` (both from 1) in text,
`page:3/box:72.0,90.5,310.2,118.0` (points from the top left) in PDF, OFD and scans.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from msgspec import Struct


class Cell(Struct, frozen=True, gc=False):
    """One cell as the page printed it. `text` has its white space folded and is otherwise untouched.
    `certain` is False where a machine read a picture and was not sure of it.

    A struct, because a page has hundreds, and those are made and asked several times as fast as tuples with
    names.
    """

    text: str
    place: str
    row: int = 0
    column: int = 0
    row_span: int = 1
    column_span: int = 1
    certain: bool = True


def distinct(slots: Iterable[Cell | None]) -> list[Cell]:
    """The cells in these slots, each once, in the order of their first slot."""
    return list({id(cell): cell for cell in slots if cell is not None}.values())


@dataclass(frozen=True)
class Grid:
    """A table. With `geometry`, rows are equally long, spans are resolved (a spanning cell stands in
    every slot it covers) and `None` is a slot that no cell covers. Without (a text dump with one cell a
    line), a row is only a run of cells in reading order and column numbers mean nothing.
    """

    rows: tuple[tuple[Cell | None, ...], ...]
    place: str
    geometry: bool = True

    def cells(self) -> Iterator[Cell]:
        """Each cell once, in reading order."""
        return iter(self._distinct)

    @cached_property
    def cells_by_row(self) -> tuple[Mapping[int, Cell], ...]:
        """Of each row the cells in its slots, each once, by their `id`."""
        return tuple({id(cell): cell for cell in row if cell is not None} for row in self.rows)

    @cached_property
    def texts(self) -> frozenset[str]:
        """What its cells say, each text once: most say what others say."""
        return frozenset([cell.text for cell in self._distinct])

    @cached_property
    def _distinct(self) -> tuple[Cell, ...]:
        once: dict[int, Cell] = {}
        for cells in self.cells_by_row:
            once.update(cells)
        return tuple(once.values())


class Prose(Struct, frozen=True, gc=False):
    """One paragraph or heading, without chrome."""

    text: str
    place: str


Block = Prose | Grid


class Finding(NamedTuple):
    """Something noticed while reading that a person should know. `code` is a short stable word."""

    code: str
    text: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Furniture:
    """What stands around the report: facts about the site and the page, never part of the report.

    `metas` has lower-case names; `index_box` has the labels as printed (索引号, 发布机构, ...);
    `text` is everything printed outside the report, for the numbers in the footer.
    """

    title: str = ""
    headings: tuple[str, ...] = ()
    metas: Mapping[str, str] = field(default_factory=dict)
    index_box: Mapping[str, str] = field(default_factory=dict)
    breadcrumb: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Document:
    """`encoding` is the one that was used, whatever the page declared. `is_mirror` after restoration."""

    blocks: tuple[Block, ...]
    furniture: Furniture = field(default_factory=Furniture)
    encoding: str = ""
    is_mirror: bool = False
    findings: tuple[Finding, ...] = ()

    def grids(self) -> tuple[Grid, ...]:
        return self._grids

    def prose(self) -> tuple[Prose, ...]:
        return self._prose

    @cached_property
    def _grids(self) -> tuple[Grid, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Grid))

    @cached_property
    def _prose(self) -> tuple[Prose, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Prose))
