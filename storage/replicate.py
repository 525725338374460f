"""Copies: a second database kept in step, and a damaged one mended from a copy.

A copy is table by table the same rows under the same keys, so that seals, readings and references hold there
as they do here. Of the archive only what is new is copied, for its rows never change; the rest comes anew.
"""

from collections.abc import Callable, Iterator, Sequence

from sqlalchemy import Connection, Table, delete, insert, select, update

from storage.codecs import checksum_of, pack
from storage.database import Database
from storage.fulltext import rebuild_index
from storage.payloads import PayloadError, digest_of, load_stored
from storage.tables import (
    addresses,
    capture_rows,
    dictionaries,
    heads,
    metadata,
    payloads,
    requests,
    runs,
)

GROUP = 500
# Rows are only ever added to these; the others are small or change, and are copied anew.
GROWING = (dictionaries, payloads, addresses, requests, heads, capture_rows)
Tell = Callable[[str, int, int], None]


class ReplicaError(Exception):
    """A target that holds something else than an earlier state of this database. One line."""


def replicate(source: Database, target: Database, tell: Tell) -> int:
    """Bring `target` to the state of `source` in one transaction; give the number of rows copied."""
    with source.read() as ours, target.write() as theirs:
        refuse_strangers(ours, theirs)
        others = [table for table in metadata.sorted_tables if table not in GROWING]
        for table in reversed(others):
            if table is not runs:
                theirs.execute(delete(table))
        copied = copy_runs(ours, theirs)
        tables = [table for table in metadata.sorted_tables if table is not runs]
        for done, table in enumerate(tables, 1):
            copied += copy_rows(ours, theirs, table)
            tell("tables", done, len(tables))
        rebuild_index(theirs)
        keep_counting(theirs)
    return copied


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


def copy_rows(ours: Connection, theirs: Connection, table: Table) -> int:
    query = select(table).order_by(*table.primary_key.columns)
    if table in GROWING:
        [key] = table.primary_key.columns
        there = theirs.scalar(select(key).order_by(key.desc()).limit(1)) or 0
        query = query.where(key > there)
    copied = 0
    for rows in ours.execute(query, execution_options={"yield_per": GROUP}).mappings().partitions():
        theirs.execute(insert(table), [dict(row) for row in rows])
        copied += len(rows)
    return copied


def keep_counting(connection: Connection) -> None:
    """Postgres counts on from what was copied; SQLite does by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in metadata.sorted_tables:
        keys = list(table.primary_key.columns)
        if len(keys) == 1 and keys[0] is table.autoincrement_column:
            newest = f"(SELECT COALESCE(MAX({keys[0].name}), 0) + 1 FROM {table.name})"  # noqa: S608 - our names
            connection.exec_driver_sql(f"SELECT setval('{table.name}_{keys[0].name}_seq', {newest}, false)")


def repair(database: Database, broken: Sequence[str], bodies: Callable[[str], bytes | None]) -> Iterator[str]:
    """Put whole bodies from a copy in the place of broken ones (sha256); give those that were mended.

    What comes is held against its digest. A mended body leans on nothing, so that it mends even where its
    template is lost; deltas that lean on it can be read again, for they lean on its bytes.
    """
    for sha256 in broken:
        body = bodies(sha256)
        if body is None or digest_of(body) != sha256:
            continue
        packed = pack(body)
        row = {"size": len(body), "codec": packed.codec, "body": packed.stored}
        row["checksum"] = checksum_of(packed)
        with database.write() as connection:
            # A delta keeps the name of its base: a frame that leans on nothing opens beside any.
            mended = update(payloads).where(payloads.c.sha256 == sha256)
            connection.execute(mended.values(row | {"dictionary_id": None}))
        yield sha256


def bodies_of(copy: Connection) -> Callable[[str], bytes | None]:
    """Bodies out of another database; None for what is not there or broken there too."""

    def body(sha256: str) -> bytes | None:
        found = copy.scalars(select(payloads.c.payload_id).where(payloads.c.sha256 == sha256))
        for payload_id in found.all():
            try:
                return load_stored(copy, payload_id)
            except PayloadError:
                continue
        return None

    return body
