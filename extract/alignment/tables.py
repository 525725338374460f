"""Reading a grid whose geometry is known: rows by their labels, columns by the header stacked above them."""

from collections.abc import Sequence

from extract.alignment.assign import Assignment, Head, assign
from extract.alignment.header import GridRow, Header
from extract.alignment.ledger import Ledger, distinct, is_value, is_value_text, unit_in
from extract.alignment.line import Line
from extract.alignment.together import FEWEST_DIVIDED, divided
from extract.document import Cell, Grid
from extract.forms.vocabulary import Entry
from extract.values import unit_of


def read_table(grid: Grid, header: Header, ledger: Ledger) -> None:
    """Write down every line of the grid that belongs to the ledger's form."""
    header.turn_to(grid)
    above: set[int] = set()
    for row in grid.rows:
        cells = distinct(row)
        fresh = [cell for cell in cells if id(cell) not in above]
        read_row(row, cells, fresh, header, ledger)
        above = {id(cell) for cell in cells}


def read_row(row: GridRow, cells: list[Cell], fresh: list[Cell], header: Header, ledger: Ledger) -> None:
    label = find_label(cells, ledger)
    if label is not None:
        read_line(cells, fresh, *label, header, ledger)
        header.close()
    elif read_line_across(fresh, header, ledger):
        header.close()
    elif has_values(fresh):
        ledger.find("unknown_row", " | ".join(cell.text for cell in cells), cells[0])
        header.close()
    elif is_header(fresh, header, ledger):
        header.add(row)
    mark_headings(fresh, ledger)


def has_values(cells: Sequence[Cell]) -> bool:
    return any(cell.text and is_value_text(cell.text) for cell in cells)


def find_label(cells: Sequence[Cell], ledger: Ledger) -> tuple[int, Entry] | None:
    """Where the row's own label stands and which row of the form it names.

    The rightmost known label counts (groups stand to its left); text to the right of it is compared for
    likeness, so that a misspelt label under a known group is not taken for the group.
    """
    known, look_up = None, ledger.look_up
    for index, cell in enumerate(cells):
        if cell.text and (entries := look_up(cell.text).rows):
            known = index, ledger.next_entry(entries)
    for index in reversed(range(known[0] + 1 if known else 0, len(cells))):
        if not is_value_text(cells[index].text) and (entries := ledger.liken(cells[index])):
            return index, ledger.next_entry(entries)
    return known


def read_line(
    cells: list[Cell], fresh: list[Cell], index: int, entry: Entry, header: Header, ledger: Ledger
) -> None:
    """The values are the row's own cells to the right of its label, blank ones too."""
    own = {id(cell) for cell in fresh}
    values = [cell for cell in cells[index + 1 :] if id(cell) in own]
    if header.is_plain(entry) and is_whole(values, len(entry.targets)):
        line = Line(entry, cells[index], entry.targets, tuple(values), Assignment(entry.targets))
        return write(line, header, ledger)
    return read_odd_line(cells, values, index, entry, header, ledger)


def is_whole(values: Sequence[Cell], count: int) -> bool:
    """Whether there is a value for each cell of a line, none of them being a unit or all that there are."""
    if len(values) != count or not all(is_value_text(cell.text) for cell in values):
        return False
    return count < FEWEST_DIVIDED or sum(1 for cell in values if cell.text) != 1


def read_odd_line(
    cells: list[Cell], values: list[Cell], index: int, entry: Entry, header: Header, ledger: Ledger
) -> None:
    """A line that does not simply have the values of its header, or not only those."""
    targets = entry.targets
    if not any(cell.text for cell in values) and len(values) < len(targets):
        return ledger.mark_label(cells[index])
    values = divided(values, len(targets), ledger)
    heads, values, unit = without_units(header.heads(entry), values, ledger)
    if len(values) > len(targets) and values[0].text and not is_value(values[0]):
        return ledger.find("unknown_row", " | ".join(cell.text for cell in cells), cells[index])
    labelled = assign(targets, values, heads, is_ragged=header.is_ragged)
    label, unit = cells[index], unit or unit_in(cells[index].text)
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


def read_line_across(values: list[Cell], header: Header, ledger: Ledger) -> bool:
    """Read the row as the one line of values under rows that stand side by side, if it is that."""
    across = header.across()
    if across is None:
        return False
    label, entries = across
    targets = tuple((entry.row.code, column.code) for entry in entries for column in entry.row.columns)
    values = divided(values, len(targets), ledger)
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
    shorter than the header, or it has no total.
    """
    labelled = line.labelled
    if any(head.is_foreign for head in line.heads):
        return False
    if labelled.targets[: len(line.targets)] == line.targets:
        return not line.values[len(line.targets) - 1].text and any(cell.text for cell in line.values)
    return labelled.is_short or labelled.doubt in SHIFTED or header.is_gappy


SHIFTED = frozenset({"header_differs", "row_differs", "ambiguous"})


def is_header(cells: Sequence[Cell], header: Header, ledger: Ledger) -> bool:
    """A row that names a column, or one of unknown words that continues a header. One with nothing but a
    caption (第二十条第（五）项) divides the table and leaves the header as it is.
    """
    vocabulary = ledger.vocabulary
    if any(vocabulary.is_header(cell.text) or ledger.is_foreign(cell.text) for cell in cells):
        return True
    return header.is_open and any(cell.text and not vocabulary.is_heading(cell.text) for cell in cells)


def mark_headings(cells: Sequence[Cell], ledger: Ledger) -> None:
    for cell in cells:
        known = ledger.look_up(cell.text)
        if known.is_heading:
            ledger.mark_heading(cell)
        elif known.header_like:
            ledger.mark_heading(cell)
            ledger.find("label_corrected", f"{cell.text} → {known.header_like}", cell)
