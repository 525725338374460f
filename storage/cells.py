"""The cells of a reading, packed: one row for all values and one for all places, each a JSON list.

Every cell of a form has a position, in order of appearance (`form_cells`); a reading's lists have at that
position

    null                      the reading has no such cell
    107                       a number, printed like this
    ""                        blank, nothing printed
    [state, value, raw text]  anything else; the state as its place in STATES

The view `cells` spells this in SQL (storage/views.py), so that other programs see rows.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, insert, select

from storage.locks import hold_lock
from storage.places import Place, pack_places, unpack_place
from storage.tables import form_cells, reading_cells, reading_places
from storage.values import exact_in_sqlite
from storage.ways import make_ways

STATES = ("number", "blank", "dash", "not_applicable", "text")
BLANK = ""
SAFE_DIGITS = 15  # a decimal of so many digits comes out of a double, and out of SQL, as it went in
SMALLEST_PLAIN = 0.0001  # below, a double is written with an exponent
Item = int | float | str | list[Any] | None


@dataclass(frozen=True, slots=True)
class CellRow:
    table_code: str
    row_code: str
    col_code: str
    value: Decimal | None
    state: str
    raw_text: str
    unit: str
    locator: str


class CellLists(NamedTuple):
    """The columns of `reading_cells` and of `reading_places`."""

    items: list[Item]
    sequence: list[int] | None
    stems: list[str]
    places: list[Place | None]


class CellCode(NamedTuple):
    """Which official cell, and the unit that its value is given in."""

    table_code: str
    row_code: str
    col_code: str
    unit: str


def positions(connection: Connection, form: str, codes: Iterable[CellCode]) -> dict[CellCode, int]:
    """Give the position of every cell of a form; those of `codes` that have none get the next ones."""
    known, wanted = known_positions(connection, form), list(codes)
    if all(code in known for code in wanted):
        return known
    hold_lock(connection, "forms")
    known = known_positions(connection, form)
    fresh = [code for code in dict.fromkeys(wanted) if code not in known]
    rows = [
        {"form": form, "position": position, **code._asdict()}
        for position, code in enumerate(fresh, len(known))
    ]
    if rows:
        connection.execute(insert(form_cells), rows)
        make_ways(connection)
    return known | {code: position for position, code in enumerate(fresh, len(known))}


def known_positions(connection: Connection, form: str) -> dict[CellCode, int]:
    return every_position(connection, form_cells.c.form == form).get(form, {})


def every_position(connection: Connection, which: ColumnElement[bool]) -> dict[str, dict[CellCode, int]]:
    """By form, the position of each of its cells."""
    found: dict[str, dict[CellCode, int]] = {}
    columns = form_cells.c["form", "position", "table_code", "row_code", "col_code", "unit"]
    query = select(*columns).where(which).order_by(*form_cells.primary_key.columns)
    for form, position, *code in connection.execute(query):
        found.setdefault(form, {})[CellCode(*code)] = position
    return found


def codes_by_position(connection: Connection, form: str) -> dict[int, CellCode]:
    return {position: code for code, position in known_positions(connection, form).items()}


def code_of(cell: CellRow) -> CellCode:
    return CellCode(cell.table_code, cell.row_code, cell.col_code, cell.unit)


def lists_of(known: Mapping[CellCode, int], cells: Sequence[CellRow]) -> CellLists:
    """Raises KeyError for a cell without a position, ValueError for the same cell twice."""
    codes = [code_of(cell) for cell in cells]
    refuse_twins(codes)
    at = [known[code] for code in codes]
    items = listed(at, [item_of(cell) for cell in cells])
    stems, places = pack_places(cell.locator for cell in cells)
    return CellLists(items, None if at == sorted(at) else at, stems, listed(at, places))


def refuse_twins(codes: Sequence[CellCode]) -> None:
    twins = [address for address, times in Counter(code[:3] for code in codes).items() if times > 1]
    if twins:
        raise ValueError(f"a reading has the cell {'/'.join(twins[0])} twice")


def listed(at: Sequence[int], values: Sequence[Any]) -> list[Any]:
    """A list with each value at its position, and null between."""
    items: list[Any] = [None] * (max(at) + 1)
    for position, value in zip(at, values, strict=True):
        items[position] = value
    return items


def item_of(cell: CellRow) -> Item:
    value = None if cell.value is None else exact_in_json(cell.value)
    if cell.state == "number" and value is not None and is_plain(cell.raw_text, value):
        return value
    if (cell.state, value, cell.raw_text) == ("blank", None, ""):
        return BLANK
    return [STATES.index(cell.state), value, cell.raw_text]


def exact_in_json(number: Decimal) -> int | float | str:
    """A number where SQL reads the very same out of JSON, else its digits as text."""
    value = exact_in_sqlite(number)
    if not isinstance(value, float) or len(number.as_tuple().digits) <= SAFE_DIGITS:
        return value
    return format(number, "f")


def is_plain(raw_text: str, value: float | str) -> bool:
    """Whether the number's text in JSON, and in either database, is what was printed."""
    if isinstance(value, float) and abs(value) < SMALLEST_PLAIN:
        return False
    return not isinstance(value, str) and repr(value) == raw_text


def load_cells(connection: Connection, reading_id: int, form: str) -> tuple[CellRow, ...]:
    """Give the cells in the order they were read. Raises ValueError where what is stored makes no cells."""
    query = select(reading_cells, *reading_places.c["stems", "places"]).outerjoin(
        reading_places, reading_places.c.reading_id == reading_cells.c.reading_id
    )
    row = connection.execute(query.where(reading_cells.c.reading_id == reading_id)).first()
    if row is None:
        return ()
    codes = codes_by_position(connection, form)
    try:
        return unpack(row.items, row.sequence, codes, row.stems, row.places)
    except (ArithmeticError, AttributeError, LookupError, TypeError) as error:
        raise ValueError(f"the cells of reading {reading_id} cannot be read: {error!r}") from error


def unpack(
    items: Sequence[Item],
    sequence: Sequence[int] | None,
    codes: Mapping[int, CellCode],
    stems: Sequence[str],
    places: Sequence[Place],
) -> tuple[CellRow, ...]:
    there = sequence or [position for position, item in enumerate(items) if item is not None]
    return tuple(
        cell_of(codes[position], items[position], unpack_place(stems, places[position])) for position in there
    )


def cell_of(code: CellCode, item: Item, locator: str) -> CellRow:
    return CellRow(code.table_code, code.row_code, code.col_code, *said_of(item), code.unit, locator)


def said_of(item: Item) -> tuple[Decimal | None, str, str]:
    """The value, the state and the raw text."""
    match item:
        case [state, value, raw_text]:
            return None if value is None else Decimal(str(value)), STATES[state], raw_text
        case str():
            return None, "blank", item
        case _:
            return Decimal(str(item)), "number", str(item)
