"""The ways of having a measure, with positions for codes: what the view `series` and its sums go by.

A part of a way has a position for each unit that its cell was ever printed in, of which a report has one.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, and_, delete, insert, select

from storage.tables import crosswalk, form_cells, series_parts, series_ways

NAMES = ("measure", "form", "parts", "comparable")


def make_ways(connection: Connection) -> None:
    """Let the ways be what the crosswalk and the positions of the forms' cells give."""
    connection.execute(delete(series_parts))
    connection.execute(delete(series_ways))
    ways, parts = list[dict[str, object]](), list[dict[str, object]]()
    sums: Counter[str] = Counter()  # of each form, so far
    for way_id, of_way in enumerate(crossed(connection), 1):
        first = of_way[0]
        at = sums[first.form] if first.parts > 1 else None
        sums[first.form] += first.parts > 1
        ways.append({"way_id": way_id, "at": at} | {name: getattr(first, name) for name in NAMES})
        parts += [
            {"way_id": way_id, "position": cell.position} for cell in of_way if cell.position is not None
        ]
    if ways:
        connection.execute(insert(series_ways), ways)
    if parts:
        connection.execute(insert(series_parts), parts)


def crossed(connection: Connection) -> Iterator[list[Any]]:
    """The cells of each way, also those that no reading ever had, so that the sums keep their places."""
    same = [
        crosswalk.c[name] == form_cells.c[name] for name in ("form", "table_code", "row_code", "col_code")
    ]
    way = crosswalk.c["measure", "form", "option"]
    query = (
        select(*way, *crosswalk.c["parts", "comparable"], form_cells.c.position)
        .outerjoin(form_cells, and_(*same))
        .order_by(*way, form_cells.c.position)
    )
    for _, rows in groupby(connection.execute(query), key=lambda row: tuple(row[:3])):
        yield list(rows)
