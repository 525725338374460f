"""Sums of the reports as they now stand, kept in step in the transactions that change where reports stand.

Of each report `reading_sums` has the measures that are sums of several cells, each at its way's place (`at`):
null where not all of it was read, "" where all of it is blank, else the number.

Over all reports `form_sums` has the measures added up. One row for each form, year, level and province has a
list with, at each measure's position,

    null                      no report has the measure
    [bodies, stated, total]   so many have it, so many with a number, and what those add up to

A report has a measure where all its cells were read (the view `series`), and a year or it is in no sum. The
sums follow from the cells and the crosswalk, and are made anew when that changes, as when the schema does.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, select, tuple_

from storage.cells import BLANK, Item, exact_in_json, said_of
from storage.inserting import dialect_insert, insert_rows
from storage.locks import hold_lock
from storage.tables import (
    crosswalk,
    form_sums,
    reading_cells,
    reading_sums,
    readings,
    series_measures,
    series_parts,
    series_ways,
)
from storage.values import as_json
from storage.ways import make_ways

AT_ONCE = 500  # readings fetched together
PROVINCE = 2  # digits of a region code
TEXT = "text"  # a cell of this state has no number that could be added
Key = tuple[str, int | None, str, str]  # form, year, level, province
STANDING = readings.c.standing == "current"
KEY = form_sums.c["form", "year", "level", "province"]
Items = Sequence[Item]
Tallies = dict[Key, dict[int, "Tally"]]  # by position of the measure
Number = int | Decimal
Spelled = int | float | str  # an exact number in JSON
Stated = tuple[int, Spelled | None, int | None]  # a measure's position, its number if it has one, `Way.at`
Adds = tuple[Key, Sequence[Stated]]  # what one reading adds to the sums, and to which


@dataclass(slots=True)
class Tally:
    bodies: int = 0
    stated: int = 0
    total: Number = 0

    def add(self, bodies: int, stated: int, total: Number) -> None:
        self.bodies += bodies
        self.stated += stated
        self.total += total

    def packed(self) -> list[Any] | None:
        return [self.bodies, self.stated, spelled(self.total)] if self.bodies else None


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which a form has a measure: the sum of so many cells, at some of the positions. Of several
    cells it has a place `at` in a report's own list of sums.
    """

    measure: int
    parts: int
    at: int | None
    positions: tuple[int, ...]

    def numbers(self, items: Items) -> list[Number] | None:
        """None where not all of it is there; a blank part adds nothing."""
        found = [items[at] for at in self.positions if at < len(items) and items[at] is not None]
        if len(found) < self.parts:
            return None
        said = [state_and_number(item) for item in found]
        if any(state == TEXT for state, _ in said):
            return None
        return [number for _, number in said if number is not None]


def state_and_number(item: Item) -> tuple[str, Number | None]:
    if isinstance(item, int):
        return "number", item
    value, state, _ = said_of(item)
    return state, value


def spelled(number: Number) -> Spelled:
    return number if isinstance(number, int) else exact_in_json(number)


def exact(number: Spelled) -> Number:
    return number if isinstance(number, int) else Decimal(str(number))


def stated(ways: Iterable[Way], items: Items) -> list[Stated]:
    """What a reading's list of cells says of each measure that it has."""
    found = ((way, way.numbers(items)) for way in ways)
    return [
        (way.measure, spelled(sum(numbers)) if numbers else None, way.at)
        for way, numbers in found
        if numbers is not None
    ]


def adds_of(own: Mapping[Any, Any], states: Sequence[Stated]) -> Adds:
    """Of a row of `readings`."""
    return (own["form"], own["year"], own["level"], own["region_code"][:PROVINCE]), states


def sums_of(adds: Adds) -> list[Spelled | None]:
    """The list of `reading_sums`; empty where no measure of several cells is there."""
    _, measures = adds
    there = {at: BLANK if number is None else number for _, number, at in measures if at is not None}
    return [there.get(at) for at in range(max(there, default=-1) + 1)]


def follow(connection: Connection, stood: Mapping[int, int], known: Mapping[int, Adds | None]) -> None:
    """Keep in step with readings that became the report as it stands (1) or ceased to be that (-1). What some
    add is known, or that it is nothing; the cells of the others are looked up.
    """
    moved = {reading_id: times for reading_id, times in stood.items() if times}
    if not moved:
        return
    hold_lock(connection, "sums")
    unknown = [reading_id for reading_id in moved if reading_id not in known]
    asked = dict(added_by(connection, readings.c.reading_id.in_(unknown))) if unknown else {}
    adds = {reading_id: known.get(reading_id) or asked.get(reading_id) for reading_id in moved}
    connection.execute(delete(reading_sums).where(reading_sums.c.reading_id.in_(moved)))
    keep_sums(connection, {at: each for at, each in adds.items() if each and moved[at] > 0})
    found = no_tallies()
    tally(found, ((each, moved[at]) for at, each in adds.items() if each))
    columns = [*KEY, form_sums.c["items"]]
    query = select(*columns).where(tuple_(*KEY).in_(list(found)))
    stored = {(*key,): items for *key, items in connection.execute(query)}
    store(connection, {key: merged(stored.get(key, []), of_key) for key, of_key in found.items()})


def count_anew(connection: Connection) -> None:
    hold_lock(connection, "forms")  # before "sums", as who stores readings takes them
    hold_lock(connection, "sums")
    make_ways(connection)
    number_measures(connection)
    connection.execute(delete(form_sums))
    connection.execute(delete(reading_sums))
    every = added_by(connection, STANDING)
    found = no_tallies()
    while group := dict(islice(every, AT_ONCE)):
        keep_sums(connection, group)
        tally(found, ((adds, 1) for adds in group.values()))
    store(connection, {key: merged([], of_key) for key, of_key in found.items()})


def keep_sums(connection: Connection, adds: Mapping[int, Adds]) -> None:
    """Each report's own, of readings that have none yet."""
    rows = [(reading_id, as_json(sums)) for reading_id, each in adds.items() if (sums := sums_of(each))]
    insert_rows(connection, reading_sums, rows)


def strays(connection: Connection) -> Iterator[str]:
    """Where the sums are not what the cells add up to. Raises ValueError for cells that cannot be read."""
    every = added_by(connection, STANDING)
    found = no_tallies()
    while group := dict(islice(every, AT_ONCE)):
        rows = connection.execute(select(reading_sums).where(reading_sums.c.reading_id.in_(group)))
        own = {row.reading_id: row.items for row in rows}
        yield from (f"reading {at}" for at, adds in group.items() if sums_of(adds) != own.get(at, []))
        tally(found, ((adds, 1) for adds in group.values()))
    anew = {key: items for key, of_key in found.items() if (items := merged([], of_key))}
    columns = [*KEY, form_sums.c["items"]]
    stored = {(*key,): items for *key, items in connection.execute(select(*columns))}
    wrong = sorted(key for key in anew.keys() | stored.keys() if anew.get(key) != stored.get(key))
    yield from ("/".join(map(str, key)) for key in wrong)


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


def added_by(connection: Connection, which: ColumnElement[bool]) -> Iterator[tuple[int, Adds]]:
    """What such readings add, by reading."""
    ways = ways_by_form(connection)
    columns = [*readings.c["reading_id", "form", "year", "level", "region_code"], reading_cells.c["items"]]
    query = select(*columns).join(reading_cells, reading_cells.c.reading_id == readings.c.reading_id)
    rows = connection.execute(query.where(which), execution_options={"yield_per": AT_ONCE})
    for row in rows.mappings():
        yield row["reading_id"], adds_of(row, stated(ways.get(row["form"], ()), row["items"]))


def no_tallies() -> Tallies:
    return defaultdict(lambda: defaultdict(Tally))


def tally(found: Tallies, every: Iterable[tuple[Adds, int]]) -> None:
    """Add what readings have, each so many times; one without a year is in no sum."""
    for (key, measures), times in every:
        _, year, _, _ = key
        if year is not None:
            of_key = found[key]
            for measure, number, _ in measures:
                is_stated = number is not None
                of_key[measure].add(times, times * is_stated, times * exact(number or 0))


def ways_by_form(connection: Connection) -> Mapping[str, list[Way]]:
    known = positions(connection)
    query = select(series_ways, series_parts.c.position).join(series_parts)
    rows = connection.execute(query.order_by(*series_parts.primary_key.columns))
    found: defaultdict[str, list[Way]] = defaultdict(list)
    for _, of_way in groupby(rows, key=lambda row: row.way_id):
        first, *rest = of_way
        cells = tuple(row.position for row in (first, *rest))
        found[first.form].append(Way(known[first.measure], first.parts, first.at, cells))
    return found


def merged(stored: Sequence[Any], of_key: Mapping[int, Tally]) -> list[Any]:
    """A list of sums with these added to it; empty where nothing is left."""
    items = [*stored, *[None] * (1 + max(of_key, default=-1) - len(stored))]
    for position, tally in of_key.items():
        if (before := items[position]) is not None:
            bodies, number, total = before
            tally.add(bodies, number, exact(total))
        items[position] = tally.packed()
    while items and items[-1] is None:
        items.pop()
    return items


def store(connection: Connection, found: Mapping[Key, list[Any]]) -> None:
    """Put these lists in the place of those that are there."""
    names = [column.name for column in KEY]
    rows = [dict(zip(names, key, strict=True)) | {"items": items} for key, items in found.items() if items]
    if rows:
        row = dialect_insert(connection, form_sums)
        anew = row.on_conflict_do_update(index_elements=names, set_={"items": row.excluded["items"]})
        connection.execute(anew, rows)
    if gone := [key for key, items in found.items() if not items]:
        connection.execute(delete(form_sums).where(tuple_(*KEY).in_(gone)))
