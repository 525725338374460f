"""A reading held against the figures a document was made from.

A cell is right if its value and state are. A wrong one is *told* if something points at it: a failed check
of its row or column, a finding about its table, row or place, or its own state, text. Otherwise it is
silent, the one thing that must not be. Prose is measured in characters lost, and characters too many.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from benchmarks.corpus.paper import Paper
from extract.extraction import Unreadable, extract
from extract.result import Extraction, ReadCell
from samples.figures import Printed
from samples.forms import Code

Answer = tuple[Decimal | None, str]


@dataclass(frozen=True, slots=True)
class Wrong:
    code: Code
    printed: Answer | None
    read: Answer | None
    is_silent: bool

    def __str__(self) -> str:
        silently = " SILENTLY" if self.is_silent else ""
        return f"{'/'.join(self.code)}: {shown(self.printed)} read as {shown(self.read)}{silently}"


@dataclass(slots=True)
class Score:
    documents: int = 0
    cells: int = 0
    wrong: list[Wrong] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    words: int = 0
    words_lost: int = 0
    words_added: int = 0

    @property
    def silent(self) -> int:
        return sum(each.is_silent for each in self.wrong)

    @property
    def accuracy(self) -> float:
        """In percent; cells that were read and not there count as wrong, too."""
        return 100 * (1 - len(self.wrong) / self.cells) if self.cells else 100.0

    def add(self, other: "Score") -> None:
        self.documents += other.documents
        self.cells += other.cells
        self.wrong += other.wrong
        self.unread += other.unread
        self.words += other.words
        self.words_lost += other.words_lost
        self.words_added += other.words_added


def shown(answer: Answer | None) -> str:
    if answer is None:
        return "nothing"
    value, state = answer
    return state if value is None else f"{value:f}"


def score(payload: bytes, paper: Paper, url: str) -> Score:
    """A document nobody can read, or not taken for a report, has all its cells wrong and says so."""
    truth = paper.truth
    try:
        found = extract(payload, url=url)
    except Unreadable as error:
        return unread(truth, str(error))
    if not found.is_report:
        return unread(truth, "; ".join(found.reasons))
    read = {(cell.table, cell.row, cell.column): cell for cell in found.cells}
    return Score(1, len(truth), list(compare(truth, read, found)), [], *compare_words(paper, found))


def compare_words(paper: Paper, found: Extraction) -> tuple[int, int, int]:
    """Characters of the paper's prose, those that no section has, and those of the sections beyond. A title
    on top of the first section is neither.
    """
    said = squeezed("".join(section.heading + section.text for section in found.sections))
    said = said.removeprefix(squeezed(paper.title))
    paragraphs = [squeezed(block) for block in paper.blocks if isinstance(block, str)]
    kept = [paragraph for paragraph in paragraphs if paragraph in said]
    words = sum(map(len, paragraphs))
    return words, words - sum(map(len, kept)), max(0, len(said) - sum(map(len, kept)))


def squeezed(text: str) -> str:
    return "".join(text.split())


def unread(truth: dict[Code, Printed], reason: str) -> Score:
    wrong = [Wrong(code, (cell.value, cell.state), None, is_silent=False) for code, cell in truth.items()]
    return Score(1, len(truth), wrong, [reason])


def compare(truth: dict[Code, Printed], read: dict[Code, ReadCell], found: Extraction) -> Iterator[Wrong]:
    for code in dict.fromkeys((*truth, *read)):
        printed = (truth[code].value, truth[code].state) if code in truth else None
        cell = read.get(code)
        answer = (cell.value, cell.state) if cell else None
        if answer != printed:
            yield Wrong(code, printed, answer, is_silent=not is_told(code, cell, found))


def is_told(code: Code, cell: ReadCell | None, found: Extraction) -> bool:
    table, row, column = code
    named = {table, f"{table}/{row}", f"{table}/{row}/{column}"}
    if cell is None:  # where the form has three rows for one, the three are told
        return any(
            finding.text in named or finding.text.startswith(f"{table}/{row}.") for finding in found.findings
        )
    scopes = {row, column}
    return (
        cell.state == "text"
        or any(not check.passed and check.scope in scopes for check in found.checks)
        or any(finding.place == cell.place or finding.text in named for finding in found.findings)
    )
