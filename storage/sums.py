"""Sums over every report as it now stands, kept in step in the transactions that change where reports stand.

One row for each form, year, level and province has a list with, at each measure's position,

    null                      no report has the measure
    [bodies, stated, total]   so many have it, so many with a number, and what those add up to

A report has a measure where all its cells were read (the view `series`), and a year or it is in no sum. The
sums follow from the cells and the crosswalk, and are made anew when that changes, as when the schema does.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, select, tuple_

from storage.cells import Item, exact_in_json, said_of
from storage.locks import hold_lock
from storage.tables import (
    crosswalk,
    form_sums,
    reading_cells,
    readings,
    series_measures,
    series_parts,
    series_ways,
)
from storage.ways import make_ways

AT_ONCE = 500  # readings fetched together
PROVINCE = 2  # digits of a region code
TEXT = "text"  # a cell of this state has no number that could be added
Key = tuple[str, int, str, str]  # form, year, level, province
KEY = form_sums.c["form", "year", "level", "province"]
Items = Sequence[Item]
Tallies = dict[Key, dict[int, "Tally"]]  # by position of the measure


@dataclass(slots=True)
class Tally:
    bodies: int = 0
    stated: int = 0
    total: Decimal = Decimal(0)

    def add(self, times: int, numbers: Sequence[Decimal]) -> None:
        self.bodies += times
        self.stated += times if numbers else 0
        self.total += times * sum(numbers, Decimal(0))

    def packed(self) -> list[Any] | None:
        return [self.bodies, self.stated, exact_in_json(self.total)] if self.bodies else None


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which a form has a measure: the sum of so many cells, at some of the positions."""

    measure: int
    parts: int
    positions: tuple[int, ...]

    def numbers(self, items: Items) -> list[Decimal] | None:
        """None where not all of it is there; a blank part adds nothing."""
        found = [items[at] for at in self.positions if at < len(items)]
        said = [said_of(item) for item in found if item is not None]
        if len(said) < self.parts or any(state == TEXT for _, state, _ in said):
            return None
        return [number for number, _, _ in said if number is not None]


def follow(connection: Connection, stood: Mapping[int, int]) -> None:
    """Keep in step with readings that became the report as it stands (1) or ceased to be that (-1)."""
    moved = {reading_id: times for reading_id, times in stood.items() if times}
    if moved:
        hold_lock(connection, "sums")
        found = tallies(connection, readings.c.reading_id.in_(moved), moved)
        of_these = tuple_(*KEY).in_(list(found))
        add_stored(connection, found, of_these)
        connection.execute(delete(form_sums).where(of_these))
        store(connection, found)


def count_anew(connection: Connection) -> None:
    hold_lock(connection, "forms")  # before "sums", as who stores readings takes them
    hold_lock(connection, "sums")
    make_ways(connection)
    number_measures(connection)
    connection.execute(delete(form_sums))
    store(connection, tallies(connection, readings.c.standing == "current"))


def strays(connection: Connection) -> Iterator[Key]:
    """Where the sums are not what the reports add up to. Raises ValueError for cells that cannot be read."""
    found = tallies(connection, readings.c.standing == "current")
    anew = {key: items for key, of_key in found.items() if (items := listed(of_key))}
    columns = [*KEY, form_sums.c["items"]]
    stored = {(*key,): items for *key, items in connection.execute(select(*columns))}
    yield from sorted(key for key in anew.keys() | stored.keys() if anew.get(key) != stored.get(key))


def number_measures(connection: Connection) -> None:
    """Give every measure of the crosswalk a position; those that have one keep it."""
    known = positions(connection)
    every = connection.scalars(select(crosswalk.c.measure).distinct().order_by(crosswalk.c.measure))
    fresh = [measure for measure in every if measure not in known]
    if fresh:
        rows = [{"measure": measure, "position": at} for at, measure in enumerate(fresh, len(known))]
        connection.execute(insert(series_measures), rows)


def positions(connection: Connection) -> dict[str, int]:
    found = connection.execute(select(series_measures.c.measure, series_measures.c.position))
    return {measure: position for measure, position in found}  # noqa: C416 - rows are not pairs to mypy


def tallies(
    connection: Connection, which: ColumnElement[bool], times: Mapping[int, int] | None = None
) -> Tallies:
    """What such readings add, each once or so many times."""
    ways = ways_by_form(connection)
    columns = [*readings.c["reading_id", "form", "year", "level", "region_code"], reading_cells.c["items"]]
    query = (
        select(*columns)
        .join(reading_cells, reading_cells.c.reading_id == readings.c.reading_id)
        .where(which, readings.c.year.is_not(None))
    )
    found: Tallies = defaultdict(lambda: defaultdict(Tally))
    rows = connection.execute(query, execution_options={"yield_per": AT_ONCE})
    for reading_id, form, year, level, region_code, items in rows:
        of_key = found[form, year, level, region_code[:PROVINCE]]
        for way in ways.get(form, ()):
            if (numbers := way.numbers(items)) is not None:
                of_key[way.measure].add(times[reading_id] if times else 1, numbers)
    return found


def ways_by_form(connection: Connection) -> Mapping[str, list[Way]]:
    known = positions(connection)
    query = select(series_ways, series_parts.c.position).join(series_parts)
    rows = connection.execute(query.order_by(*series_parts.primary_key.columns))
    found: defaultdict[str, list[Way]] = defaultdict(list)
    for _, of_way in groupby(rows, key=lambda row: row.way_id):
        first, *rest = of_way
        at = tuple(row.position for row in (first, *rest))
        found[first.form].append(Way(known[first.measure], first.parts, at))
    return found


def add_stored(connection: Connection, found: Tallies, of_these: ColumnElement[bool]) -> None:
    columns = [*KEY, form_sums.c["items"]]
    query = select(*columns).where(of_these)
    for form, year, level, province, items in connection.execute(query):
        of_key = found[form, year, level, province]
        for position, item in enumerate(items):
            if item is not None:
                bodies, stated, total = item
                tally = of_key[position]
                tally.bodies += bodies
                tally.stated += stated
                tally.total += Decimal(str(total))


def store(connection: Connection, found: Tallies) -> None:
    names = [column.name for column in KEY]
    rows = [
        dict(zip(names, key, strict=True)) | {"items": items}
        for key, of_key in found.items()
        if (items := listed(of_key))
    ]
    if rows:
        connection.execute(insert(form_sums), rows)


def listed(of_key: Mapping[int, Tally]) -> list[Any]:
    """Empty where nothing is left."""
    there = {position: packed for position, tally in of_key.items() if (packed := tally.packed())}
    return [there.get(position) for position in range(max(there, default=-1) + 1)]
