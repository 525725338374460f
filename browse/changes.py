"""What changed between two readings of a report: its figures first, then its words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from browse.equations import form_of, labels_of
from storage.cells import CellRow
from storage.rows import Reading

FACTS = (
    "title",
    "publisher",
    "year",
    "form",
    "status",
    "published_on",
    "index_number",
    "level",
    "region_code",
)
MOST_LINES = 2_000  # paragraphs compared; more is no report's prose
LONGEST = 2_000  # characters of a paragraph that is compared sign by sign

Piece = tuple[str, str]  # "same", "gone" or "new", and the words


@dataclass(frozen=True, slots=True)
class Changed:
    """A cell before and after; None where it was not there."""

    label: str
    before: CellRow | None
    after: CellRow | None


@dataclass(frozen=True, slots=True)
class Changes:
    facts: tuple[tuple[str, str, str], ...]
    cells: tuple[Changed, ...]
    paragraphs: tuple[tuple[Piece, ...], ...]

    @property
    def are_none(self) -> bool:
        return not (self.facts or self.cells or self.paragraphs)


def changes(before: Reading, after: Reading) -> Changes:
    return Changes(
        tuple(changed_facts(before, after)),
        tuple(changed_cells(before, after)),
        tuple(changed_paragraphs(paragraphs(before), paragraphs(after))),
    )


def changed_facts(before: Reading, after: Reading) -> Iterator[tuple[str, str, str]]:
    for name in FACTS:
        was, is_now = getattr(before, name), getattr(after, name)
        if was != is_now:
            yield name, "" if was is None else str(was), "" if is_now is None else str(is_now)


def changed_cells(before: Reading, after: Reading) -> Iterator[Changed]:
    """In the order of the form; a cell that only moved on its page has not changed."""
    old, new = ({address(cell): cell for cell in each.cells} for each in (before, after))
    forms = [form_of(after.form), form_of(before.form)]
    for at in dict.fromkeys([*new, *old]):
        was, is_now = old.get(at), new.get(at)
        if said(was) != said(is_now):
            labels = labels_of(forms[0], at[0]) or labels_of(forms[1], at[0])
            yield Changed(" · ".join(labels.get(code, code) for code in at[1:]), was, is_now)


def address(cell: CellRow) -> tuple[str, str, str]:
    return cell.table_code, cell.row_code, cell.col_code


def said(cell: CellRow | None) -> object:
    return cell and (cell.value, cell.state, cell.raw_text)


def paragraphs(reading: Reading) -> list[str]:
    words = "\n".join(f"{section.heading}\n{section.text}" for section in reading.sections)
    return [line for line in words.splitlines() if line.strip()][:MOST_LINES]


def changed_paragraphs(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[Piece, ...]]:
    """Only those that differ, in order."""
    for kind, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            for was, is_now in zip_longest(before[i:j], after[k:m], fillvalue=""):
                yield tuple(pieces(was, is_now))


def pieces(before: str, after: str) -> Iterator[Piece]:
    if not (before and after) or max(len(before), len(after)) > LONGEST:
        yield from (piece for piece in (("gone", before), ("new", after)) if piece[1])
        return
    for kind, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            yield "same", before[i:j]
        else:
            yield from (piece for piece in (("gone", before[i:j]), ("new", after[k:m])) if piece[1])
