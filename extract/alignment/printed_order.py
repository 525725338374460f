"""In which order a run's header has the columns: where tables lost their grid, only that tells them apart."""

from collections.abc import Sequence
from functools import lru_cache

from msgspec import structs

from extract.alignment.assign import Assignment, Target, ambiguous, by_header
from extract.document import Cell
from extract.forms.vocabulary import Entry, Vocabulary
from extract.labels import key


def columns_printed(entry: Entry, texts: Sequence[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """The codes of the row's columns, as the words of a header name them. Those under a wide word, such as
    法人或其他组织, stand where that does, though they are printed below all that stands beside it; without
    that word nobody can tell where the total stands.
    """
    columns = {column.code: column for column in entry.row.columns}
    named = [code for text in texts if (code := vocabulary.column(entry.table.code, text)) in columns]
    wide = {key(column.group) for column in columns.values() if column.group}
    printed = wide & {key(text) for text in texts}
    found: list[str] = []
    for text in texts:
        code = vocabulary.column(entry.table.code, text)
        if key(text) in printed:
            found += [code for code in named if key(columns[code].group) == key(text)]
        elif code in columns and key(columns[code].group) not in printed:
            found.append(code)
    return tuple(code for code in found if printed == wide or not columns[code].is_total)


@lru_cache(maxsize=1024)
def is_official(targets: tuple[Target, ...], printed: tuple[str, ...]) -> bool:
    """Whether the columns named stand in the form's order, those of other rows apart. A header that names
    one twice says nothing.
    """
    columns = [column for _, column in targets]
    named = [code for code in printed if code in columns]
    order = iter(columns)
    return len(set(named)) < len(named) or all(code in order for code in named)


def is_official_across(
    table: str, targets: Sequence[Target], texts: Sequence[str], vocabulary: Vocabulary
) -> bool:
    """The same of rows that stand side by side: their columns come once for each."""
    named = [code for text in texts if (code := vocabulary.column(table, text))]
    order = (column for _, column in targets)
    return len(named) > len(targets) or all(code in order for code in named)


def by_printed_order(targets: Sequence[Target], printed: Sequence[str], values: Sequence[Cell]) -> Assignment:
    """The values under a header that has the columns in an order of its own, and all of them."""
    solid = len(values) - next((at for at, cell in enumerate(reversed(values)) if cell.text), 0)
    if not len(printed) == len(targets) == solid:
        return ambiguous(len(values))
    row = targets[0][0]
    known = by_header(targets, [(row, code) for code in printed])
    return structs.replace(known, targets=(*known.targets, *(None,) * (len(values) - solid)))
