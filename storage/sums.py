"""Sums over every report as it now stands, out of the packed lists (storage/cells.py).

Each list is looked into once. Over the view `cells` a database looks into it anew for every cell: ten times
the work for a whole table of the form.
"""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy import Connection, select

from storage.cells import Item
from storage.tables import form_cells, reading_cells, readings

AT_ONCE = 500  # readings fetched together
Sums = Mapping[int, Mapping[str, Decimal]]  # by year and row


def sums_by_year(connection: Connection, table_code: str, col_code: str) -> Sums:
    """One column of an official table, row by row; what has no number adds nothing."""
    rows_of = positions_of_rows(connection, table_code, col_code)
    query = (
        select(readings.c.year, readings.c.form, reading_cells.c["items"])
        .join(reading_cells, reading_cells.c.reading_id == readings.c.reading_id)
        .where(readings.c.standing == "current")
        .order_by(readings.c.reading_id)
    )
    sums: defaultdict[int, defaultdict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for year, form, items in connection.execute(query, execution_options={"yield_per": AT_ONCE}):
        if year is None:
            continue
        of_year = sums[year]
        for position, row_code in rows_of.get(form, ()):
            number = number_of(items[position]) if position < len(items) else None
            if number is not None:
                of_year[row_code] += number
    return sums


def positions_of_rows(
    connection: Connection, table_code: str, col_code: str
) -> Mapping[str, list[tuple[int, str]]]:
    """For each form where in its lists the column stands, and of which row."""
    columns = form_cells.c["form", "position", "row_code"]
    is_wanted = (form_cells.c.table_code == table_code) & (form_cells.c.col_code == col_code)
    found: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for form, position, row_code in connection.execute(select(*columns).where(is_wanted)):
        found[form].append((position, row_code))
    return found


def number_of(item: Item) -> int | Decimal | None:
    match item:
        case int():
            return item
        case float():
            return Decimal(str(item))
        case [_, value, _]:
            return None if value is None else Decimal(str(value))
        case _:
            return None
