"""A document against the official forms: by label first, with what is left over reported and never dropped.

The form is chosen by its words, never by a year. Every cell of the grids in which the form is found ends as
a label, as a value of an official cell, or as a leftover; other grids become leftovers line by line.
"""

from collections.abc import Container, Iterator, Sequence
from functools import lru_cache
from itertools import chain

from msgspec import Struct

from extract.alignment.doubts import settle_doubts
from extract.alignment.header import Header
from extract.alignment.ledger import Ledger
from extract.alignment.runs import read_run, unrolled
from extract.alignment.tables import read_table
from extract.document import Cell, Document, Finding, Grid
from extract.forms.model import Column, Form, Row, Table
from extract.forms.sums import Address
from extract.forms.vocabulary import Vocabulary, vocabulary_of
from extract.labels import keys
from extract.result import Leftover, ReadCell
from extract.values import is_value_text, read_value

FEWEST_WORDS = 2  # known words that make a grid the form's
LONG_LABEL = 8  # letters of a row's label that no other table has by chance


class Alignment(Struct, frozen=True, gc=False):
    """`form` is the one found, with its alternate rows where the page has those; None where none was.
    `cells` are in the form's order; `unexplained` are the grids with values that are none of the form's.
    """

    form: Form | None
    cells: tuple[ReadCell, ...] = ()
    leftovers: tuple[Leftover, ...] = ()
    findings: tuple[Finding, ...] = ()
    unexplained: tuple[Grid, ...] = ()

    @property
    def expected(self) -> int:
        return self.form.expected if self.form else 0


def align(document: Document, forms: Sequence[Form]) -> Alignment:
    """The cells of the form that the document's grids follow."""
    vocabularies = [vocabulary_of(form) for form in forms]
    printed = document.grids()
    grids = [grid if grid.geometry else unrolled(grid, vocabularies) for grid in printed]
    words = [frozenset(chain.from_iterable(map(keys, grid.texts))) for grid in grids]
    vocabulary = choose(words, vocabularies)
    ledger = Ledger(vocabulary, foreign_headers(vocabulary, tuple(forms)))
    header = Header(ledger)
    followed = []
    for number, (grid, own) in enumerate(zip(grids, words, strict=True)):
        ledger.open(number)
        followed.append(belongs(own, vocabulary) or header.goes_on_in(grid))
        if followed[-1]:
            read_grid(grid, header, ledger)
    form = settle_rows(ledger)
    settle_doubts(ledger, form)
    for number, (grid, original) in enumerate(zip(grids, printed, strict=True)):
        ledger.open(number)
        if followed[number]:
            ledger.close(grid, original)
        else:
            ledger.leave(original)
    if not ledger.placed:
        lost = missing(form, ()) if ledger.has_lines else ()
        return Alignment(None, (), tuple(ledger.leftovers), (*ledger.findings, *lost), printed)
    return settle(form, ledger)


def choose(words: Sequence[frozenset[str]], vocabularies: Sequence[Vocabulary]) -> Vocabulary:
    """The form most of whose words are there; of equals the fullest, then the latest."""
    every = frozenset().union(*words)
    possible = [each for each in vocabularies if len(each.labels & every) >= each.form.fewest_labels]

    def fit(vocabulary: Vocabulary) -> tuple[int, float]:
        rows = len(vocabulary.rows.keys() & every)
        return len(every & vocabulary.known), rows / len(vocabulary.rows)

    return max(possible, key=fit)


def belongs(words: frozenset[str], vocabulary: Vocabulary) -> bool:
    """Whether a grid with these words is one of the form's: captions alone are words of other tables, too."""
    known = words & vocabulary.known
    labels = known - vocabulary.captions
    return bool(labels) and (len(known) >= FEWEST_WORDS or any(len(word) >= LONG_LABEL for word in labels))


@lru_cache(maxsize=16)
def foreign_headers(vocabulary: Vocabulary, forms: tuple[Form, ...]) -> frozenset[str]:
    """The headers of the other forms, which name other quantities."""
    others = (vocabulary_of(form) for form in forms if form is not vocabulary.form)
    headers = {word for other in others for columns in other.columns.values() for word in columns}
    return frozenset(headers) - vocabulary.known


def read_grid(grid: Grid, header: Header, ledger: Ledger) -> None:
    """Read a grid of the form; `header` comes from the grid before, for a table that a page break cut."""
    if grid.geometry:
        read_table(grid, header, ledger)
    else:
        read_run(grid, ledger)


def settle(form: Form, ledger: Ledger) -> Alignment:
    """Read the values of what was placed."""
    cells = tuple(
        read_cell(address, column, cell, ledger)
        for address, column in form.addressed
        if (cell := ledger.placed.get(address))
    )
    doubled = {(cell.table, cell.row) for cell in cells if cell.state == "text" and is_doubled(cell.raw_text)}
    told = doubled_lines(cells, doubled) if doubled else ()
    is_whole = len(cells) == form.expected
    findings = (*ledger.findings, *told, *(() if is_whole else missing(form, ledger.placed)))
    return Alignment(form, cells, tuple(ledger.leftovers), findings, tuple(ledger.unexplained))


def is_doubled(text: str) -> bool:
    """Whether two figures stand in one cell: the line may be two, typed into one."""
    words = text.split()
    return len(words) > 1 and all(map(is_value_text, words))


def doubled_lines(cells: Sequence[ReadCell], lines: Container[tuple[str, str]]) -> Iterator[Finding]:
    """In a narrow column two figures below each other look like a single one that was broken."""
    for cell in cells:
        if cell.state == "number" and (cell.table, cell.row) in lines:
            yield Finding("ambiguous", f"{cell.raw_text}: beside a cell with two figures", cell.place)


def settle_rows(ledger: Ledger) -> Form:
    """The form with the rows the page has. Where it has both kinds, the form's own stay."""
    form = ledger.vocabulary.form
    present = ledger.rows()
    for alternate in form.alternates:
        codes = {row.code for row in alternate.rows}
        if not any((alternate.table, code) in present for code in codes):
            continue
        if any((alternate.table, code) in present for code in alternate.instead_of):
            ledger.withdraw(alternate.table, codes)
        else:
            form = form.with_alternate(alternate)
    return form


def missing(form: Form, placed: Container[Address]) -> Iterator[Finding]:
    """What the form has and the page does not, told by the largest part that is wholly missing."""
    for table in form.tables:
        rows = {row.code: list(missing_columns(table, row, placed)) for row in table.rows}
        if all(len(rows[row.code]) == len(row.columns) for row in table.rows):
            yield Finding("table_missing", table.code)
            continue
        for row in table.rows:
            if len(rows[row.code]) == len(row.columns):
                yield Finding("row_missing", f"{table.code}/{row.code}")
            else:
                yield from (
                    Finding("cell_missing", f"{table.code}/{row.code}/{code}") for code in rows[row.code]
                )


def missing_columns(table: Table, row: Row, placed: Container[Address]) -> Iterator[str]:
    return (column.code for column in row.columns if (table.code, row.code, column.code) not in placed)


def read_cell(address: Address, column: Column, cell: Cell, ledger: Ledger) -> ReadCell:
    printed_unit = ledger.units.get(address, "")
    value = read_value(cell.text, column.unit, printed_unit)
    if value.note:
        ledger.leftovers.append(Leftover("note", value.note, cell.place))
    if value.number and column.unit_as_printed and not (value.unit or printed_unit):
        ledger.find("unit_missing", f"{cell.text}: taken as {column.unit}", cell)
    return ReadCell(*address, value.number, value.state, cell.text, column.unit, cell.place)
