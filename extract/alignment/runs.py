"""Reading a grid of which only the order of cells is known: words, then the values they label, and so on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, takewhile

from msgspec import structs

from extract.alignment.assign import Assignment, Target, ambiguous, by_header, by_order
from extract.alignment.ledger import Ledger, is_value, unit_in
from extract.alignment.line import Line
from extract.alignment.printed_order import (
    by_printed_order,
    columns_printed,
    is_official,
    is_official_across,
)
from extract.alignment.surplus import leave_out, surplus_place
from extract.alignment.together import divided
from extract.document import Cell, Grid
from extract.forms.vocabulary import Entry, Vocabulary
from extract.values import is_value_text, unit_of

LONGEST_WRAP = 3  # cells that one label may be broken into


@dataclass(frozen=True, slots=True)
class Word:
    """A label as printed, in one cell or broken over several. `entries` are the rows it may label; `across`
    is a row it heads that stands side by side with others; a word with neither is a header or unknown.
    """

    cells: tuple[Cell, ...]
    entries: tuple[Entry, ...] = ()
    across: Entry | None = None
    is_known: bool = True
    is_foreign: bool = False

    @property
    def text(self) -> str:
        return "".join(cell.text for cell in self.cells)


def read_run(grid: Grid, ledger: Ledger) -> None:
    """Write down every line of the run that belongs to the ledger's form."""
    reader = RunReader(ledger)
    cells = list(grid.cells())
    index = 0
    while index < len(cells):
        if is_value(cells[index]):
            reader.values.append(cells[index])
            index += 1
        elif reader.awaits_values and unit_of(cells[index].text):
            reader.take_unit(cells[index])
            index += 1
        else:
            reader.end_values()  # a misspelt word is known by the line before it
            word = read_word(cells[index : index + LONGEST_WRAP], ledger)
            reader.take(word)
            index += len(word.cells)
    reader.finish()
    reader.release()


def unrolled(grid: Grid, vocabularies: Sequence[Vocabulary]) -> Grid:
    """The grid with cells that hold a whole line (`行政许可 132`, `0 0 0`) divided into label and values."""
    rows = tuple(
        tuple(part for cell in row if cell for part in parts_of(cell, vocabularies)) for row in grid.rows
    )
    return replace(grid, rows=rows)


def parts_of(cell: Cell, vocabularies: Sequence[Vocabulary]) -> Sequence[Cell]:
    """The cell, or what it divides into when values end it and a known row's label, or nothing, leads."""
    words = cell.text.split()
    values = list(takewhile(is_value_text, reversed(words)))
    if len(words) < 2 or not values:
        return (cell,)
    label = " ".join(words[: len(words) - len(values)])
    if label and not any(vocabulary.row(label) for vocabulary in vocabularies):
        return (cell,)
    return [structs.replace(cell, text=text) for text in (label, *reversed(values)) if text]


def read_word(cells: Sequence[Cell], ledger: Ledger) -> Word:
    """The longest known label that begins here; else the first cell alone, as what it is most like."""
    for length in range(len(cells), 0, -1):
        if not any(is_value(cell) for cell in cells[1:length]):
            word = known_word(tuple(cells[:length]), ledger)
            if word:
                return word
    first = cells[0]
    if entries := ledger.liken(first):
        return Word((first,), entries)
    if meant := ledger.vocabulary.header_like(first.text):
        ledger.find("label_corrected", f"{first.text} → {meant}", first)
    return Word((first,), across=ledger.vocabulary.across_entry(first.text), is_known=bool(meant))


def known_word(cells: tuple[Cell, ...], ledger: Ledger) -> Word | None:
    text = "".join(cell.text for cell in cells)
    vocabulary = ledger.vocabulary
    if entries := vocabulary.row(text):
        return Word(cells, entries)
    if vocabulary.is_heading(text):
        return Word(cells, across=vocabulary.across_entry(text))
    return Word(cells, is_known=False, is_foreign=True) if ledger.is_foreign(text) else None


class RunReader:
    """Holds the words and values since the last line was written, and the lines with a value too many."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.held: list[Line] = []
        self.plain: list[Line] = []
        self.hinted: set[int] = set()  # where among the values an unknown word of the header may stand
        self.words: list[Word] = []
        self.values: list[Cell] = []
        self.unit = ""  # the one printed between the last word and its values
        self.heads: list[str] = []  # codes of the columns of a header in one row, empty for words unknown
        self.is_foreign = False  # whether the header read last is another form's
        self.last: tuple[Cell, ...] = ()  # the values of the line before, until a word follows them

    @property
    def awaits_values(self) -> bool:
        return bool(self.words and self.words[-1].entries and not self.values)

    def take_unit(self, cell: Cell) -> None:
        self.unit = unit_of(cell.text)
        self.ledger.mark_label(cell)

    def end_values(self) -> None:
        if self.values:
            self.finish()

    def take(self, word: Word) -> None:
        if not word.is_known and is_fragment(word.text):
            for cell in self.last:
                self.ledger.find("ambiguous", f"{cell.text}: {word.text} stands behind it", cell)
        self.last = ()
        self.words.append(word)
        if not word.entries:
            self.is_foreign = word.is_foreign or (self.is_foreign and len(self.words) > 1)
            mark_heading(word, self.ledger)

    def finish(self) -> None:
        """Write down the line that the words and values since the last one make. Words with nothing but
        blanks after them are a header that goes on.
        """
        if not self.words:
            self.values = []
        elif self.words[-1].entries:
            self.finish_line(self.words[-1])
        elif any(cell.text for cell in self.values):
            self.finish_line_across()
        self.values, self.unit = [], ""

    def finish_line(self, word: Word) -> None:
        entry = self.ledger.next_entry(word.entries)
        targets = tuple((entry.row.code, column.code) for column in entry.row.columns)
        self.ledger.mark_label(*word.cells)
        self.note_header(entry)
        self.words = []
        self.values = divided(self.values, len(targets), self.ledger)
        if any(cell.text for cell in self.values) or len(self.values) >= len(targets):
            assignment = self.assign(targets)
            unit = self.unit or unit_in(word.cells[0].text)
            line = Line(entry, word.cells[0], targets, tuple(self.values), assignment, unit=unit)
            if self.may_be_settled(line) and len(self.values) == len(targets) + 1:
                self.ledger.pass_by(line)
                self.held.append(line)
            else:
                self.plain.append(line)
                self.write(line)
            self.last = line.values

    def note_header(self, entry: Entry) -> None:
        """What the words before a line say of its columns."""
        header = [word for word in self.words if not word.entries]
        if not header:
            return
        self.hinted |= self.unknown_places(entry, header)
        self.heads = self.heads_of(entry, header) or self.heads
        texts = [word.text for word in header]
        self.ledger.printed = columns_printed(entry, texts, self.ledger.vocabulary) or self.ledger.printed

    def may_be_settled(self, line: Line) -> bool:
        """Whether sums may say how a line is to be read that its header leaves open: in the form's order."""
        return (
            line.labelled.is_ambiguous
            and not self.is_foreign
            and is_official(line.targets, self.ledger.printed)
        )

    def assign(self, targets: Sequence[Target]) -> Assignment:
        """By the form's order; by the header where there are more values, as many as it has columns."""
        if self.is_foreign:
            return ambiguous(len(self.values))
        if not is_official(targets, self.ledger.printed):
            return by_printed_order(targets, self.ledger.printed, self.values)
        if len(targets) < len(self.values) == len(self.heads):
            row = targets[0][0]
            return by_header(
                targets, [(row, code) if (row, code) in targets else None for code in self.heads]
            )
        return by_order(targets, self.values)

    def heads_of(self, entry: Entry, header: Sequence[Word]) -> list[str]:
        """The columns that the words between two captions name, where one of them is known."""
        vocabulary = self.ledger.vocabulary
        texts = [word.cells[0].text for word in header]
        for is_caption, between in groupby(texts, vocabulary.is_caption):
            codes = [] if is_caption else [vocabulary.column(entry.table.code, text) for text in between]
            if any(codes):
                return codes
        return []

    def unknown_places(self, entry: Entry, header: Sequence[Word]) -> set[int]:
        """Where the values under the header's unknown words may stand: after the column named before the
        word, or in the place of the one named after it.
        """
        codes = [column.code for column in entry.row.columns]
        named = [self.ledger.vocabulary.column(entry.table.code, word.cells[0].text) for word in header]
        places = [codes.index(code) if code in codes else None for code in named]
        found: set[int] = set()
        for index, word in enumerate(header):
            if not word.is_known:
                before = places[index - 1] if index else None
                after = places[index + 1] if index + 1 < len(places) else None
                found |= {before + 1} if before is not None else set()
                found |= {after} if after is not None else set()
        return found

    def release(self) -> None:
        """Write down the lines held back, without the value too many if all agree on which that is."""
        for table in dict.fromkeys(line.entry.table.code for line in self.held):
            lines = [line for line in self.held if line.entry.table.code == table]
            place = surplus_place(lines, self.ledger.vocabulary.form, self.hinted)
            for line in lines:
                assignment = ambiguous(len(line.values)) if place is None else leave_out(line, place)
                self.ledger.write(line, assignment)
            if place is not None:
                first = lines[0].values[place]
                self.ledger.find("column_left_out", f"a subtotal, the value {place + 1} of each line", first)
                self.doubt_shorter(table)
        self.held, self.plain, self.hinted = [], [], set()

    def doubt_shorter(self, table: str) -> None:
        """A line without a value too many, in a table whose other lines have one, lacks a value somewhere."""
        for line in self.plain:
            if line.entry.table.code == table:
                for cell in line.values:
                    self.ledger.find("ambiguous", f"{line.label.text}: shorter than the others", cell)

    def finish_line_across(self) -> None:
        naming = next((word for word in self.words if word.across), None)
        for word in (word for word in self.words if word.entries):
            self.note_header(word.entries[0])
        header, self.words = [word.text for word in self.words], []
        if naming is None or naming.across is None:
            return
        named = naming.across
        entries = [entry for entry in self.ledger.vocabulary.across.values() if entry.table is named.table]
        targets = tuple((entry.row.code, column.code) for entry in entries for column in entry.row.columns)
        self.values = divided(self.values, len(targets), self.ledger)
        line = Line(named, naming.cells[0], targets, tuple(self.values), by_order(targets, self.values))
        if is_official_across(named.table.code, targets, header, self.ledger.vocabulary):
            self.write(line)
        else:
            self.ledger.write(line, ambiguous(len(line.values)))

    def write(self, line: Line) -> None:
        """One with too few values when all others are read."""
        if self.may_be_settled(line) and len(line.values) < len(line.targets):
            self.ledger.hold(line)
        else:
            self.ledger.write(line, line.labelled)


def is_fragment(text: str) -> bool:
    """Whether it is a unit, or the rest of a figure (`.68`): what no line of a table begins with."""
    return bool(unit_of(text)) or not any(map(str.isalpha, text))


def mark_heading(word: Word, ledger: Ledger) -> None:
    if word.is_known:
        ledger.mark_heading(word.cells[0])
        ledger.mark_label(*word.cells[1:])
