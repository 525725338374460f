"""The account of every cell of the grids a form was found in: label, placed value, or left over."""

import re
from collections.abc import Iterable, Sequence
from unicodedata import normalize

from extract.alignment.assign import Assignment
from extract.alignment.line import Line
from extract.document import Cell, Finding, Grid
from extract.forms.sums import Address
from extract.forms.vocabulary import Entry, Vocabulary
from extract.labels import key
from extract.result import Leftover
from extract.values import is_value_text
from extract.words import NOTE

HEADER_UNIT = re.compile(r"单位:?((?:百|千|百万|千万|万|亿)?元)|\(((?:百|千|百万|千万|万|亿)?元)\)")
LONGEST_LABEL = 40  # the longest official label has 36 letters
HEADER_DOUBTS = frozenset({"header_differs", "header_incomplete", "header_repeats", "inferred"})
MOST_UNLIKE = 1000  # texts compared in vain before comparing ends; forms have under a hundred labels


class Ledger:
    """What the readers of tables and runs write down, one grid after another.

    Cells are told apart by identity, so all grids have to live as long as their ledger.
    """

    def __init__(self, vocabulary: Vocabulary, foreign: frozenset[str] = frozenset()) -> None:
        """`foreign` are the headers of other forms: known words, but of other quantities."""
        self.vocabulary = vocabulary
        self.foreign = foreign
        self.placed: dict[Address, Cell] = {}
        self.units: dict[Address, str] = {}  # those that the page prints beside a placed cell or over it
        self.leftovers: list[Leftover] = []
        self.findings: list[Finding] = []
        self.unexplained: list[Grid] = []  # with values that are none of the form's
        self.held: list[tuple[int, Line]] = []  # by the number of its grid
        self.printed: tuple[str, ...] = ()  # codes of the columns in the order of the run's header read last
        self._accounted: set[int] = set()
        self._doubts: dict[int, str] = {}
        self._header_units: dict[tuple[str, str], str] = {}
        self._unread: set[int] = set()  # lines by their ordinal that were seen and not read
        self._ordinal = 0
        self._unlike = 0
        self._grid = 0  # the number of the grid being read
        self._lined: set[int] = set()  # the grids in which lines of the form were found
        self._told: set[tuple[int, str, str]] = set()  # doubts about the header of a table, by grid

    def open(self, number: int) -> None:
        """From here on, what is written down is of the grid so numbered."""
        self._grid = number

    @property
    def has_lines(self) -> bool:
        """Whether any grid has lines of the form, be they readable or not."""
        return bool(self._lined)

    def mark_label(self, *cells: Cell) -> None:
        self._accounted.update(id(cell) for cell in cells)

    def mark_heading(self, cell: Cell) -> None:
        """A header cell: a label that may also declare the unit of its column."""
        self._accounted.add(id(cell))
        if unit := unit_in(cell.text):
            for table in self.vocabulary.columns:
                if column := self.vocabulary.column(table, cell.text):
                    self._header_units[table, column] = unit

    def is_foreign(self, text: str) -> bool:
        return key(text) in self.foreign

    def find(self, code: str, text: str, cell: Cell) -> None:
        self.findings.append(Finding(code, text, cell.place))

    def liken(self, cell: Cell) -> tuple[Entry, ...]:
        """The rows whose label the cell's text is a misspelling of; told as a finding."""
        entries = self.vocabulary.row_next_like(cell.text, self._ordinal)
        if not entries and self._unlike < MOST_UNLIKE:
            entries = self.vocabulary.row_like(cell.text)
        if entries:
            self.find("label_corrected", f"{cell.text} → {entries[0].row.label}", cell)
        else:
            self._unlike += 1
        return entries

    def next_entry(self, entries: Sequence[Entry]) -> Entry:
        """Of the rows that carry a label, the one that comes next in the form's order."""
        for entry in entries:
            if entry.ordinal > self._ordinal:
                return entry
        return entries[0]

    def pass_by(self, line: Line) -> None:
        """A line has been seen and will be written later."""
        self._ordinal = line.entry.ordinal
        self._lined.add(self._grid)
        self._accounted.add(id(line.label))

    def hold(self, line: Line) -> None:
        """Keep a line until all others are written, whose numbers may say how it is to be read."""
        self.pass_by(line)
        self.held.append((self._grid, line))

    def write(self, line: Line, assignment: Assignment) -> None:
        """Place a line's values, or keep them all as doubtful."""
        self.pass_by(line)
        values, label = line.values, line.label
        addresses = line.addresses_of(assignment.targets)
        if assignment.is_ambiguous:
            self._doubt("ambiguous", values, f"{label.text}: {len(values)} values", label)
            self._doubt_others(line)
        elif not self.placed.keys().isdisjoint(addresses):
            self._doubt("repeated", values, f"{label.text}: stands there again", label)
            self._doubt_earlier(addresses, line)
        else:
            self._place(addresses, values, line.unit)
            self._tell(line, assignment)
            if line.entry.ordinal in self._unread:
                self._doubt_others(line)

    def _doubt_others(self, line: Line) -> None:
        """What was placed of a line that also stands where it could not be read: that may be the one."""
        self._unread.add(line.entry.ordinal)
        for address in line.addresses:
            if placed := self.placed.get(address):
                self.find("ambiguous", f"{line.label.text}: stands there again", placed)

    def _doubt_earlier(self, addresses: Sequence[Address | None], line: Line) -> None:
        """What was placed where a line stands again with other words: either may be the one."""
        for address, cell in zip(addresses, line.values, strict=True):
            earlier = self.placed.get(address) if address else None
            if earlier and earlier.text != cell.text:
                self.find("ambiguous", f"{line.label.text}: one of two", earlier)

    def _tell(self, line: Line, assignment: Assignment) -> None:
        """Say what is less than plain of a line: of a broken header once, at each value of a line where any
        may be the next one's.
        """
        doubt, label = assignment.doubt, line.label
        if not doubt and assignment.targets == line.targets:
            return
        told = (self._grid, line.table, doubt)
        if doubt and told not in self._told:
            self.find(doubt, label.text, label)
        if doubt in HEADER_DOUBTS:
            self._told.add(told)
        if assignment.is_open or is_lacking(line, assignment):
            for cell in line.values:
                self.find("ambiguous", f"{label.text}: one of {len(line.values)} values", cell)

    def _doubt(self, kind: str, cells: Iterable[Cell], text: str, label: Cell) -> None:
        self.find(kind, text, label)
        self._doubts.update((id(cell), kind) for cell in cells)

    def _place(self, addresses: Sequence[Address | None], values: Sequence[Cell], unit: str) -> None:
        over, placed, accounted = self._header_units, self.placed, self._accounted
        for address, cell in zip(addresses, values, strict=True):
            if address is None:
                continue
            if not cell.certain:
                self._doubt("ambiguous", [cell], f"{cell.text}: read from a picture, not for certain", cell)
                continue
            accounted.add(id(cell))
            placed[address] = cell
            if unit or over:
                self.units[address] = unit or over.get((address[0], address[2]), "")

    def rows(self) -> set[tuple[str, str]]:
        """The rows, by table, of which the page has a line."""
        placed = {(table, row) for table, row, _ in self.placed}
        return placed | {(line.table, row) for _, line in self.held for row, _ in line.targets}

    def withdraw(self, table: str, rows: Iterable[str]) -> None:
        """Take back what was placed in rows that the page has beside the rows they stand for."""
        self.held = [
            (grid, line) for grid, line in self.held if line.table != table or line.entry.row.code not in rows
        ]
        for address in [address for address in self.placed if address[0] == table and address[1] in rows]:
            cell, _ = self.placed.pop(address), self.units.pop(address, "")
            if cell.text:
                self.leftovers.append(Leftover("unplaced_value", cell.text, cell.place))

    def close(self, grid: Grid, printed: Grid) -> None:
        """Write down what of a grid has found no place. One without any line was none of the form's, and is
        kept as it was `printed`.
        """
        rest = [cell for cell in grid.cells() if cell.text and id(cell) not in self._accounted]
        if rest and self._grid not in self._lined:
            self.leave(printed)
        else:
            for cell in rest:
                kind = self._doubts.get(id(cell)) or kind_of(cell)
                self.leftovers.append(Leftover(kind, cell.text, cell.place))
            if any(map(is_value, rest)):
                self.unexplained.append(printed)

    def leave(self, grid: Grid) -> None:
        """A grid that is none of the form's, kept line by line."""
        self.unexplained.append(grid)
        for row in grid.cells_by_row:
            cells = list(row.values())
            texts = [cell.text for cell in cells]
            if any(texts):
                self.leftovers.append(Leftover("grid", " | ".join(texts), cells[0].place))


def is_lacking(line: Line, assignment: Assignment) -> bool:
    """Whether a value has no cell while a cell has no value, or a blank: then its neighbours may stand in
    wrong ones.
    """
    pairs = list(zip(assignment.targets, line.values, strict=True))
    over = [cell for target, cell in pairs if target is None and cell.text]
    if not over or not set(line.targets) <= set(assignment.targets):
        return bool(over)
    return any(target and not cell.text for target, cell in pairs) and any(map(is_value, over))


def unit_in(label: str) -> str:
    """The unit of money that a label declares, or empty."""
    found = HEADER_UNIT.search(normalize("NFKC", label)) if "元" in label else None
    return found[1] or found[2] if found else ""


def kind_of(cell: Cell) -> str:
    if is_value(cell):
        return "unplaced_value"
    return "note" if len(cell.text) > LONGEST_LABEL or NOTE.match(cell.text) else "unknown_label"


def is_value(cell: Cell) -> bool:
    return is_value_text(cell.text)
