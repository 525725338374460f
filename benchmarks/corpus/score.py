"""A reading held against the figures a document was made from.

A cell is right if its value and state are. A wrong one is *told* if something points at it: a failed check
of its row or column, a finding about its table, row or place, or its own state, text. Otherwise it is
silent, the one thing that must not be. Prose is measured in characters lost, and characters too many.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from unicodedata import normalize

from benchmarks.corpus.paper import Paper
from extract.extraction import Unreadable, extract
from extract.forms.model import official_forms
from extract.result import Extraction, LocalCell, ReadCell
from extract.values import read_value
from samples.figures import Printed
from samples.forms import Code

Answer = tuple[Decimal | None, str]
TABLES = {each.rule: each.table for form in official_forms() for each in form.equations}


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
    truth = {code: printed for code, printed in paper.truth.items() if is_asked(code, printed)}
    try:
        found = extract(payload, url=url)
    except Unreadable as error:
        return unread(truth, str(error))
    if not found.is_report:
        return unread(truth, "; ".join(found.reasons))
    read = {(cell.table, cell.row, cell.column): cell for cell in found.cells}
    local = local_answers(truth, found.local_cells) if paper.form == "local" else {}
    return Score(1, len(truth), list(compare(truth, read, local, found)), [], *compare_words(paper, found))


def is_asked(code: Code, printed: Printed) -> bool:
    """An empty cell of a local table says nothing that could be read."""
    return code[0] != "local" or printed.state != "blank"


def local_answers(truth: Mapping[Code, Printed], cells: Sequence[LocalCell]) -> dict[Code, LocalCell]:
    """The cells of a local table by the labels beside them, in their order; one without its line's words is
    no answer.
    """
    found: dict[str, list[LocalCell]] = defaultdict(list)
    labels = list(dict.fromkeys(row for _, row, _ in truth))
    for cell in filter(lambda cell: cell.text, cells):
        named = [row for row in labels if letters(row) in letters(cell.label)]
        if named:
            found[named[0]].append(cell)
    return {code: found[code[1]].pop(0) for code in truth if found[code[1]]}


def state_of(cell: ReadCell | LocalCell) -> str:
    if isinstance(cell, ReadCell):
        return cell.state
    return "number" if cell.value is not None else read_value(cell.text).state


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


def letters(text: str) -> str:
    """⑴ and (1) are the same label."""
    return "".join(filter(str.isalnum, normalize("NFKC", text)))


def squeezed(text: str) -> str:
    return "".join(text.split())


def unread(truth: dict[Code, Printed], reason: str) -> Score:
    wrong = [Wrong(code, (cell.value, cell.state), None, is_silent=False) for code, cell in truth.items()]
    return Score(1, len(truth), wrong, [reason])


def compare(
    truth: Mapping[Code, Printed],
    read: Mapping[Code, ReadCell],
    local: Mapping[Code, LocalCell],
    found: Extraction,
) -> Iterator[Wrong]:
    for code in dict.fromkeys((*truth, *read)):
        printed = (truth[code].value, truth[code].state) if code in truth else None
        cell = read.get(code) or local.get(code)
        answer = (cell.value, state_of(cell)) if cell else None
        if answer != printed:
            yield Wrong(code, printed, answer, is_silent=not is_told(code, cell, found))


def is_told(code: Code, cell: ReadCell | LocalCell | None, found: Extraction) -> bool:
    table, row, column = code
    named = {table, f"{table}/{row}", f"{table}/{row}/{column}"}
    if cell is None:  # where the form has three rows for one, the three are told
        return any(
            finding.text in named or finding.text.startswith(f"{table}/{row}.") for finding in found.findings
        )
    scopes = {row, column}
    return (
        state_of(cell) == "text"
        or any(
            not check.passed and check.scope in scopes and TABLES.get(check.rule, table) == table
            for check in found.checks
        )
        or any(finding.place == cell.place or finding.text in named for finding in found.findings)
    )
