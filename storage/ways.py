"""The ways of having a measure, with positions for codes: what the view `series` and its sums go by.

A part of a way has a position for each unit that its cell was ever printed in, of which a report has one.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from storage.tables import crosswalk, form_cells, series_parts, series_ways

NAMES = ("measure", "form", "parts", "comparable")


def make_ways(connection: Connection) -> None:
    """Let the ways be what the crosswalk and the positions of the forms' cells give."""
    connection.execute(delete(series_parts))
    connection.execute(delete(series_ways))
    ways, parts = list[dict[str, object]](), list[dict[str, object]]()
    for way_id, of_way in enumerate(crossed(connection), 1):
        ways.append({"way_id": way_id} | {name: of_way[0]._mapping[name] for name in NAMES})  # noqa: SLF001 - theirs
        parts += [{"way_id": way_id, "position": row.position} for row in of_way]
    if ways:
        connection.execute(insert(series_ways), ways)
        connection.execute(insert(series_parts), parts)


def crossed(connection: Connection) -> Iterator[list[Any]]:
    """For each way that any report can have, its cells."""
    same = [crosswalk.c[name] == form_cells.c[name] for name in ("table_code", "row_code", "col_code")]
    way = crosswalk.c["measure", "form", "option"]
    query = (
        select(*way, *crosswalk.c["parts", "comparable"], form_cells.c.position)
        .join(form_cells, form_cells.c.form == crosswalk.c.form)
        .where(*same)
        .order_by(*way, form_cells.c.position)
    )
    for _, rows in groupby(connection.execute(query), key=lambda row: tuple(row[:3])):
        yield list(rows)
