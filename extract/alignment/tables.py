"""Reading a grid whose geometry is known: rows by their labels, columns by the header stacked above them."""

from collections.abc import Mapping, Sequence

from extract.alignment.assign import Assignment, Head, assign
from extract.alignment.header import GridRow, Header
from extract.alignment.ledger import Ledger, is_value, unit_in
from extract.alignment.line import Line
from extract.alignment.together import FEWEST_DIVIDED, divided
from extract.document import Cell, Grid
from extract.forms.vocabulary import Entry, Known
from extract.values import unit_of

Told = tuple[Cell, Known, bool]
"""A cell of a row, what the form has to say of its text, and whether this is the first row it stands in."""


def read_table(grid: Grid, header: Header, ledger: Ledger) -> None:
    """Write down every line of the grid that belongs to the ledger's form."""
    header.turn_to(grid)
    look_up = ledger.vocabulary.look_up
    above: Mapping[int, Cell] = {}
    for row, cells in zip(grid.rows, grid.cells_by_row, strict=True):
        told = [(cell, look_up(cell.text), at not in above) for at, cell in cells.items()]
        read_row(row, told, header, ledger)
        above = cells


def read_row(row: GridRow, told: list[Told], header: Header, ledger: Ledger) -> None:
    label = find_label(told, ledger)
    fresh = [each for each in told if each[2]]
    if label is not None:
        read_line(told, *label, header, ledger)
        header.close()
    elif read_line_across(fresh, header, ledger):
        header.close()
    elif has_values(fresh):
        ledger.find("unknown_row", text_of(told), told[0][0])
        header.close()
    elif is_header(fresh, header, ledger):
        header.add(row)
    mark_headings(fresh, ledger)


def has_values(told: Sequence[Told]) -> bool:
    return any(known.is_value and cell.text for cell, known, _ in told)


def text_of(told: Sequence[Told]) -> str:
    return " | ".join(cell.text for cell, *_ in told)


def find_label(told: Sequence[Told], ledger: Ledger) -> tuple[int, Entry] | None:
    """Where the row's own label stands and which row of the form it names.

    The rightmost known label counts (groups stand to its left); text to the right of it is compared for
    likeness, so that a misspelt label under a known group is not taken for the group.
    """
    for index in range(len(told) - 1, -1, -1):
        cell, known, _ = told[index]
        entries = known.rows or (() if known.is_value or known.is_heading else ledger.liken(cell))
        if entries:
            return index, ledger.next_entry(entries)
    return None


def read_line(told: list[Told], index: int, entry: Entry, header: Header, ledger: Ledger) -> None:
    """The values are the row's own cells to the right of its label, blank ones too."""
    right = [each for each in told[index + 1 :] if each[2]]
    values = [each[0] for each in right]
    if header.is_plain(entry) and is_whole(right, len(entry.targets)):
        line = Line(entry, told[index][0], entry.targets, tuple(values), Assignment(entry.targets))
        return write(line, header, ledger)
    return read_odd_line(told, values, index, entry, header, ledger)


def is_whole(told: Sequence[Told], count: int) -> bool:
    """Whether there is a value for each cell of a line, none of them being a unit or all that there are."""
    filled = [bool(cell.text) for cell, known, _ in told if known.is_value]
    return len(told) == len(filled) == count and (count < FEWEST_DIVIDED or filled.count(True) != 1)


def read_odd_line(
    told: list[Told], values: list[Cell], index: int, entry: Entry, header: Header, ledger: Ledger
) -> None:
    """A line that does not simply have the values of its header, or not only those."""
    targets, label = entry.targets, told[index][0]
    if not any(cell.text for cell in values) and len(values) < len(targets):
        return ledger.mark_label(label)
    values = divided(values, len(targets), ledger)
    heads, values, unit = without_units(header.heads(entry), values, ledger)
    if len(values) > len(targets) and values[0].text and not is_value(values[0]):
        return ledger.find("unknown_row", text_of(told), label)
    labelled = assign(targets, values, heads, is_ragged=header.is_ragged)
    unit = unit or unit_in(label.text)
    line = Line(entry, label, targets, tuple(values), labelled, tuple(heads), header.number, unit)
    return write(line, header, ledger)


def without_units(
    heads: list[Head], values: list[Cell], ledger: Ledger
) -> tuple[list[Head], list[Cell], str]:
    """A column of units between label and values, and its head, stand for no value. Also the line's unit."""
    units = {index: unit for index, cell in enumerate(values) if (unit := unit_of(cell.text))}
    ledger.mark_label(*(values[index] for index in units))
    kept = [cell for index, cell in enumerate(values) if index not in units]
    if len(heads) == len(values):
        heads = [head for index, head in enumerate(heads) if index not in units]
    return heads, kept, next(iter(units.values())) if len(units) == 1 else ""


def read_line_across(fresh: list[Told], header: Header, ledger: Ledger) -> bool:
    """Read the row as the one line of values under rows that stand side by side, if it is that."""
    filled = [known.is_value for cell, known, _ in fresh if cell.text]
    across = header.across() if all(filled) or len(filled) == 1 else None
    if across is None:
        return False
    label, entries = across
    targets = tuple((entry.row.code, column.code) for entry in entries for column in entry.row.columns)
    values = divided([cell for cell, *_ in fresh], len(targets), ledger)
    if not all(map(is_value, values)):
        return False
    if len(values) != len(targets) and not any(cell.text for cell in values):
        return False
    heads = header.heads_across(entries[0].table.code, targets)
    labelled = assign(targets, values, heads, is_ragged=header.is_ragged)
    line = Line(entries[0], label, targets, tuple(values), labelled, tuple(heads), header.number)
    write(line, header, ledger)
    return True


def write(line: Line, header: Header, ledger: Ledger) -> None:
    """Write the line as its labels say; if that is doubtful, when all others are read."""
    if is_doubtful(line, header):
        ledger.hold(line)
    else:
        ledger.write(line, line.labelled)


def is_doubtful(line: Line, header: Header) -> bool:
    """Whether the line's sums may say otherwise than its labels: they stand beside the values, or the line is
    shorter or longer than the header, or it has no total.
    """
    labelled = line.labelled
    if any(head.is_foreign for head in line.heads):
        return False
    if labelled.targets[: len(line.targets)] == line.targets:
        has_no_total = not line.values[len(line.targets) - 1].text and any(cell.text for cell in line.values)
        return has_no_total or line.is_over
    return labelled.is_open or labelled.doubt in SHIFTED or header.is_gappy


SHIFTED = frozenset({"header_differs", "row_differs", "ambiguous"})


def is_header(told: Sequence[Told], header: Header, ledger: Ledger) -> bool:
    """A row that names a column, or one of unknown words that continues a header. One with nothing but a
    caption (第二十条第（五）项) divides the table and leaves the header as it is.
    """
    vocabulary = ledger.vocabulary
    if any(vocabulary.is_header(cell.text) or ledger.is_foreign(cell.text) for cell, *_ in told):
        return True
    return header.is_open and any(cell.text and not known.is_heading for cell, known, _ in told)


def mark_headings(told: Sequence[Told], ledger: Ledger) -> None:
    for cell, known, _ in told:
        if known.is_heading:
            ledger.mark_heading(cell)
        elif known.header_like:
            ledger.mark_heading(cell)
            ledger.find("label_corrected", f"{cell.text} → {known.header_like}", cell)
