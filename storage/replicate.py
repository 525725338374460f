"""Copies: a second database kept in step.

A copy is table by table the same rows under the same keys, so that seals, readings and references hold there
as they do here. What only ever grows is copied from where the copy ends: the archive, and what was read from
it. The few tables whose rows change (the frontier, the registry, what is reckoned after a run) come anew.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, Table, delete, func, insert, select, update

from storage.database import Database
from storage.fulltext import index_readings
from storage.tables import (
    addresses,
    capture_rows,
    dictionaries,
    heads,
    metadata,
    payloads,
    reading_sums,
    readings,
    requests,
    runs,
)

GROUP = 500
GROWING = (dictionaries, payloads, addresses, requests, heads, capture_rows, readings)
# What a reading consists of, which never changes either; its sums follow from the crosswalk too.
PARTS = tuple(
    table
    for table in metadata.sorted_tables
    if next(iter(table.primary_key.columns)).name == "reading_id" and table not in {readings, reading_sums}
)
ANEW = tuple(table for table in metadata.sorted_tables if table not in {*GROWING, *PARTS, runs})
Tell = Callable[[str, int, int], None]


class ReplicaError(Exception):
    """A target that holds something else than an earlier state of this database. One line."""


def replicate(source: Database, target: Database, tell: Tell) -> int:
    """Bring `target` to the state of `source` in one transaction; give the number of rows copied."""
    with source.read() as ours, target.write() as theirs:
        refuse_strangers(ours, theirs)
        for table in reversed(ANEW):
            theirs.execute(delete(table))
        fresh = lacking(ours, theirs, readings.c.reading_id)
        follow_standings(ours, theirs)
        copied = copy_runs(ours, theirs)
        tables = [table for table in metadata.sorted_tables if table is not runs]
        for done, table in enumerate(tables, 1):
            query = select(table).order_by(*table.primary_key.columns)
            if table in PARTS:
                query = query.where(fresh.of(table.c.reading_id))
            elif table in GROWING:
                [key] = table.primary_key.columns
                query = query.where(lacking(ours, theirs, key).of(key))
            copied += copy(ours, theirs, table, query)
            tell("tables", done, len(tables))
        index_readings(theirs, fresh.of(readings.c.reading_id))
        keep_counting(theirs)
    return copied


@dataclass(frozen=True, slots=True)
class Lacking:
    """The keys that a copy lacks: all above the newest there, and those that came `late`: of two workers the
    second to take keys may have been the first to commit.
    """

    above: int
    late: tuple[int, ...]

    def of(self, key: Column[int]) -> ColumnElement[bool]:
        return (key > self.above) | key.in_(self.late)


def lacking(ours: Connection, theirs: Connection, key: Column[int]) -> Lacking:
    above = theirs.scalar(select(func.max(key))) or 0
    number = select(func.count()).where(key <= above)
    if ours.scalar(number) == theirs.scalar(number):
        return Lacking(above, ())
    late = set(ours.scalars(select(key).where(key <= above))) - set(theirs.scalars(select(key)))
    return Lacking(above, tuple(sorted(late)))


def copy(ours: Connection, theirs: Connection, table: Table, query: Select[Any]) -> int:
    copied = 0
    for rows in ours.execute(query, execution_options={"yield_per": GROUP}).mappings().partitions():
        theirs.execute(insert(table), [dict(row) for row in rows])
        copied += len(rows)
    return copied


def follow_standings(ours: Connection, theirs: Connection) -> None:
    """Of a reading nothing but its standing changes. One steps back before another takes its place."""
    query = select(*readings.c["reading_id", "standing"])
    now = {row.reading_id: row.standing for row in ours.execute(query)}
    before = {row.reading_id: row.standing for row in theirs.execute(query)}
    changed = [(at, now[at]) for at, standing in before.items() if now[at] != standing]
    for at, standing in sorted(changed, key=lambda each: each[1] == "current"):
        theirs.execute(update(readings).where(readings.c.reading_id == at).values(standing=standing))


def refuse_strangers(ours: Connection, theirs: Connection) -> None:
    """Raise ReplicaError where the target has a sealed run that the source has not."""
    query = select(runs.c.run_id, runs.c.seal).where(runs.c.seal.is_not(None)).order_by(runs.c.run_id)
    known = {row.run_id: row.seal for row in ours.execute(query)}
    for row in theirs.execute(query):
        if known.get(row.run_id) != row.seal:
            raise ReplicaError(
                f"the target's run {row.run_id} is not one of this database; nothing was copied"
            )


def copy_runs(ours: Connection, theirs: Connection) -> int:
    """Runs that were going on when they were copied have ended since."""
    there = set(theirs.scalars(select(runs.c.run_id)))
    rows = [dict(row) for row in ours.execute(select(runs)).mappings()]
    for row in rows:
        if row["run_id"] in there:
            theirs.execute(update(runs).where(runs.c.run_id == row["run_id"]).values(row))
    fresh = [row for row in rows if row["run_id"] not in there]
    if fresh:
        theirs.execute(insert(runs), fresh)
    return len(fresh)


def keep_counting(connection: Connection) -> None:
    """Postgres counts on from what was copied; SQLite does by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in metadata.sorted_tables:
        keys = list(table.primary_key.columns)
        if len(keys) == 1 and keys[0] is table.autoincrement_column:
            newest = f"(SELECT COALESCE(MAX({keys[0].name}), 0) + 1 FROM {table.name})"  # noqa: S608 - our names
            connection.exec_driver_sql(f"SELECT setval('{table.name}_{keys[0].name}_seq', {newest}, false)")
