"""Reading a grid of which only the order of cells is known: words, then the values they label, and so on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from extract.alignment.assign import Assignment, ambiguous, by_order
from extract.alignment.ledger import Ledger, is_value, is_value_text
from extract.document import Cell, Grid
from extract.forms.vocabulary import Entry, Vocabulary

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


def read_run(grid: Grid, ledger: Ledger) -> None:
    """Write down every line of the run that belongs to the ledger's form."""
    reader = RunReader(ledger)
    for token in tokens(list(grid.cells()), ledger):
        if isinstance(token, Cell):
            reader.values.append(token)
        else:
            reader.take(token)
    reader.finish()


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
    return [replace(cell, text=text) for text in (label, *reversed(values)) if text]


def tokens(cells: Sequence[Cell], ledger: Ledger) -> Iterator[Word | Cell]:
    """The run as words and values."""
    index = 0
    while index < len(cells):
        if is_value(cells[index]):
            yield cells[index]
            index += 1
        else:
            word = read_word(cells[index : index + LONGEST_WRAP], ledger)
            yield word
            index += len(word.cells)


def read_word(cells: Sequence[Cell], ledger: Ledger) -> Word:
    """The longest known label that begins here; else the first cell alone, as what it is most like."""
    for length in range(len(cells), 0, -1):
        if not any(is_value(cell) for cell in cells[1:length]):
            word = known_word(tuple(cells[:length]), ledger)
            if word:
                return word
    first = cells[0]
    entries = ledger.liken(first)
    return Word((first,), entries, is_known=bool(entries))


def known_word(cells: tuple[Cell, ...], ledger: Ledger) -> Word | None:
    text = "".join(cell.text for cell in cells)
    vocabulary = ledger.vocabulary
    if entries := vocabulary.row(text):
        return Word(cells, entries)
    if vocabulary.is_heading(text):
        return Word(cells, across=vocabulary.across_entry(text))
    return Word(cells, is_known=False, is_foreign=True) if ledger.is_foreign(text) else None


class RunReader:
    """Holds the words and values since the last line was written down."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.words: list[Word] = []
        self.values: list[Cell] = []
        self.is_foreign = False  # whether the header read last is another form's

    def take(self, word: Word) -> None:
        if self.values:
            self.finish()
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
        self.values = []

    def finish_line(self, word: Word) -> None:
        entry = self.ledger.next_entry(word.entries)
        targets = [(entry.row.code, column.code) for column in entry.row.columns]
        self.ledger.mark_label(*word.cells)
        self.words = []
        if any(cell.text for cell in self.values) or len(self.values) >= len(targets):
            assignment = ambiguous(len(self.values)) if self.is_foreign else by_order(targets, self.values)
            self.write(entry, word, assignment)

    def finish_line_across(self) -> None:
        naming = next((word for word in self.words if word.across), None)
        self.words = []
        if naming is None or naming.across is None:
            return
        named = naming.across
        entries = [entry for entry in self.ledger.vocabulary.across.values() if entry.table is named.table]
        targets = [(entry.row.code, column.code) for entry in entries for column in entry.row.columns]
        self.write(named, naming, by_order(targets, self.values))

    def write(self, entry: Entry, word: Word, assignment: Assignment) -> None:
        self.ledger.write(entry, word.cells[0], self.values, assignment)


def mark_heading(word: Word, ledger: Ledger) -> None:
    if word.is_known:
        ledger.mark_heading(word.cells[0])
        ledger.mark_label(*word.cells[1:])
