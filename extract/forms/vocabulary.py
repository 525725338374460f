"""Every word of a form by its key, made once, so that aligning a page is mostly looking up.

A printed label is looked up whole, then without its gloss; only what is still unknown is compared for
likeness.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from typing import NamedTuple

from msgspec import Struct

from extract.forms.model import Form, Row, Table
from extract.labels import key, keys, without_gloss, without_ordinal
from extract.values import is_value_text

SHORTEST_LIKENESS = 5  # letters; shorter labels are too like one another (行政许可, 行政处罚)
SHORTEST_HEADER = 4  # letters of a header that is known with one letter wrong
SHORTEST_MISSPELT = 3  # letters of a label with one wrong that is known by standing where it is expected
LIKENESS = 0.85
SHARED_LETTERS = 0.7
LONGEST_LIKENESS = 60
MARGIN = 0.05  # how much liker than the next best


@dataclass(frozen=True, eq=False)
class Entry:
    """A row of the form and where it stands in the form's order. One is made for each, and compared so."""

    table: Table
    row: Row
    ordinal: int

    @cached_property
    def targets(self) -> tuple[tuple[str, str], ...]:
        """The codes of row and column of its cells."""
        return tuple((self.row.code, column.code) for column in self.row.columns)

    @cached_property
    def addresses(self) -> tuple[tuple[str, str, str], ...]:
        """The same with the code of the table."""
        return tuple((self.table.code, *target) for target in self.targets)


class Known(Struct, frozen=True, gc=False):
    """What a form has to say of a text: the rows it labels exactly, whether it is a heading, which header it
    is a misspelling of; and whether it could be a value.
    """

    rows: tuple[Entry, ...]
    is_heading: bool
    header_like: str
    is_value: bool


class Likeness(NamedTuple):
    """A label that misspelt words are compared with, and the ordinal of its row."""

    word: str
    ordinal: int
    letters: frozenset[str]

    def begins_like(self, word: str) -> bool:
        """Whether one is the beginning of the other, and no more than half is missing or too much."""
        shorter, longer = sorted((word, self.word), key=len)
        return longer.startswith(shorter) and 2 * len(shorter) >= len(longer)

    def shares(self, letters: frozenset[str]) -> bool:
        """Whether so many letters are common to both that comparing their order is worth while."""
        return len(letters & self.letters) >= SHARED_LETTERS * max(len(letters), len(self.letters))


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """`rows` gives all rows that carry a label (a label may repeat between groups), in the form's order;
    `order` gives them by ordinal; `labels` are the full ones; `across` gives the rows that stand side by side
    (the proceedings); `columns` the column code by table code and label; `headers` are the keys of columns
    and of `across`, `headings` those and the captions; `known` is every key there is.
    """

    form: Form
    rows: Mapping[str, tuple[Entry, ...]]
    order: Mapping[int, Entry]
    labels: frozenset[str]
    across: Mapping[str, Entry]
    columns: Mapping[str, Mapping[str, str]]
    captions: frozenset[str]
    headers: frozenset[str]
    headings: frozenset[str]
    known: frozenset[str]
    likenesses: tuple[Likeness, ...]

    def row(self, text: str) -> tuple[Entry, ...]:
        """The rows, one to a line, that the text labels exactly."""
        whole, bare = keys(text)
        return self.rows.get(whole) or self.rows.get(bare) or ()

    def row_like(self, text: str) -> tuple[Entry, ...]:
        """The rows whose label the text is a misspelling or a cut of, beyond doubt."""
        word = key(text)
        if not SHORTEST_LIKENESS <= len(word) <= LONGEST_LIKENESS or self.is_heading(text):
            return ()
        meant = one_letter_off(word, key(without_ordinal(text)), self.likenesses)
        return self.rows.get(meant or closest(word, self.likenesses), ())

    def row_next_like(self, text: str, ordinal: int) -> tuple[Entry, ...]:
        """The row that comes next in the form's order, if the text is but one letter off its label."""
        word = key(text)
        if len(word) < SHORTEST_MISSPELT or self.is_heading(text):
            return ()
        entry = self.order.get(ordinal + 1)
        return (entry,) if entry and is_misspelt(word, key(entry.row.label)) else ()

    @lru_cache(maxsize=2048)  # noqa: B019 - the same
    def across_entry(self, text: str) -> Entry | None:
        """The row, of those side by side, that the text heads."""
        word = key(text)
        return self.across.get(word) or self.across.get(self._meant(word))

    @lru_cache(maxsize=2048)  # noqa: B019 - vocabularies are few and live as long as the program
    def column(self, table: str, text: str) -> str:
        """The code of the column so headed, or empty."""
        columns = self.columns[table]
        whole, bare = keys(text)
        return columns.get(whole) or columns.get(bare) or columns.get(self._meant(whole), "")

    def is_caption(self, text: str) -> bool:
        return key(text) in self.captions

    def is_header(self, text: str) -> bool:
        """Whether the text heads a column, or a row of those side by side."""
        whole, bare = keys(text)
        return whole in self.headers or bare in self.headers or bool(self._meant(whole))

    def header_like(self, text: str) -> str:
        """The header that the text is a misspelling of, without its punctuation, or empty."""
        return self._meant(key(text))

    def _meant(self, word: str) -> str:
        """The one header that an unknown word is a letter off, or empty."""
        return "" if len(word) < SHORTEST_HEADER or word in self.known else one_off(word, self.headers)

    @cached_property
    def look_up(self) -> Callable[[str], Known]:
        """All that is asked of every cell, in one look."""
        return lru_cache(maxsize=8192)(self._look_up)

    def _look_up(self, text: str) -> Known:
        is_heading = self.is_heading(text)
        header_like = "" if is_heading else self.header_like(text)
        return Known(self.row(text), is_heading, header_like, is_value_text(text))

    def is_heading(self, text: str) -> bool:
        """Whether the text is a known word of the form's tables that labels no line of values."""
        whole, bare = keys(text)
        return whole in self.headings or bare in self.headings


@lru_cache(maxsize=16)
def vocabulary_of(form: Form) -> Vocabulary:
    every = tuple(form_entries(form))
    down = [entry for entry in every if entry.table.layout == "rows"]
    across = {key(entry.row.label): entry for entry in every if entry.table.layout == "proceedings"}
    columns = {table.code: column_keys(table) for table in form.tables}
    captions = frozenset(caption_keys(form, every))
    headers = frozenset().union(across, *columns.values())
    rows = row_keys(down, captions | headers)
    likenesses = tuple(dict.fromkeys(likenesses_of(down)))
    return Vocabulary(
        form=form,
        rows=rows,
        order={entry.ordinal: entry for entry in down},
        labels=frozenset(key(label) for entry in down for label in (entry.row.label, *entry.row.aliases)),
        across=across,
        columns=columns,
        captions=captions,
        headers=headers,
        headings=headers | captions,
        known=captions | headers | rows.keys(),
        likenesses=likenesses,
    )


def form_entries(form: Form) -> Iterator[Entry]:
    """All rows, with the alternates right before the rows whose place they take."""
    ordinal = 0
    for table in form.tables:
        for row in table.rows:
            for alternate in form.alternates:
                if alternate.table == table.code and alternate.instead_of[0] == row.code:
                    for other in alternate.rows:
                        yield Entry(table, other, ordinal := ordinal + 1)
            yield Entry(table, row, ordinal := ordinal + 1)


def column_keys(table: Table) -> dict[str, str]:
    return {
        key(label): column.code
        for row in table.rows
        for column in row.columns
        for label in (column.label, without_gloss(column.label), *column.aliases)
    }


def caption_keys(form: Form, entries: Iterable[Entry]) -> Iterator[str]:
    labels = [entry.row.group for entry in entries if entry.row.group]
    for table in form.tables:
        labels += [table.heading, *table.captions]
    for label in labels:
        yield key(label)
        yield key(without_ordinal(label))


def row_keys(entries: Iterable[Entry], taken: frozenset[str]) -> dict[str, tuple[Entry, ...]]:
    """Full labels always; shortened ones only where they can mean nothing else."""
    full: dict[str, list[Entry]] = defaultdict(list)
    short: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        row = entry.row
        for label in (row.label, *row.aliases):
            full[key(label)].append(entry)
            for variant in dict.fromkeys(key(text) for text in shortenings(label, row.group)):
                short[variant].append(entry)
    rows = {word: tuple(found) for word, found in full.items()}
    rows |= {
        word: tuple(found)
        for word, found in short.items()
        if word not in rows and word not in taken and len({entry.ordinal for entry in found}) == 1
    }
    return rows


def likenesses_of(entries: Iterable[Entry]) -> Iterator[Likeness]:
    """What a misspelt label is compared with: labels with and without ordinal, if long enough."""
    for entry in entries:
        for label in (entry.row.label, *entry.row.aliases):
            for word in (key(label), key(without_ordinal(label))):
                if len(word) >= SHORTEST_LIKENESS:
                    yield Likeness(word, entry.ordinal, frozenset(word))


def shortenings(label: str, group: str) -> tuple[str, ...]:
    """Ways of printing a label: without ordinal, without gloss, without both, run together with its group."""
    bare = without_gloss(label)
    return (without_ordinal(label), bare, without_ordinal(bare), group + label)


@lru_cache(maxsize=4096)
def one_letter_off(word: str, bare: str, labels: tuple[Likeness, ...]) -> str:
    """The one label that differs from the word, or from it without its ordinal, by a single letter."""
    near = {
        label.ordinal: label.word
        for label in labels
        if is_misspelt(word, label.word) or is_misspelt(bare, label.word)
    }
    return next(iter(near.values())) if len(near) == 1 else ""


@lru_cache(maxsize=4096)
def one_off(word: str, labels: frozenset[str]) -> str:
    """The only one of the labels that the word is a letter off, or empty."""
    near = [label for label in labels if is_misspelt(word, label)]
    return near[0] if len(near) == 1 else ""


def is_misspelt(word: str, label: str) -> bool:
    """Whether one letter is another, or one is too many: a bracket taken for a letter."""
    surplus = len(word) - len(label)
    if surplus not in {0, 1}:
        return False
    at = next(
        (at for at, (one, other) in enumerate(zip(word, label, strict=False)) if one != other), len(label)
    )
    return at < len(word) and word[at + 1 :] == label[at + 1 - surplus :]


@lru_cache(maxsize=4096)
def closest(word: str, labels: tuple[Likeness, ...]) -> str:
    """The label that the word is clearly a cut, a lengthening or a misspelling of, or empty."""
    cuts = {label.ordinal: label.word for label in labels if label.begins_like(word)}
    if len(cuts) == 1:
        return next(iter(cuts.values()))
    letters = frozenset(word)
    near = [label for label in labels if label.shares(letters)]
    ranked = sorted(((ratio(word, label.word), label) for label in near), reverse=True)
    if not ranked or ranked[0][0] < LIKENESS:
        return ""
    best = ranked[0][1]
    rival = next((score for score, label in ranked if label.ordinal != best.ordinal), 0.0)
    return best.word if ranked[0][0] - rival >= MARGIN else ""


def ratio(word: str, other: str) -> float:
    return SequenceMatcher(None, word, other, autojunk=False).ratio()
