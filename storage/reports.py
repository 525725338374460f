"""Readings: what an extractor made of a capture, kept as the report that now stands or as an earlier one."""

import json
from collections.abc import Collection
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from storage.batches import TABLES, Batch
from storage.cells import load_cells
from storage.rows import COPIED, PARTS, Reading, ReadingRows, Row, own_row, reading_digest, report_id
from storage.tables import readings
from storage.values import as_text
from storage.versions import Change, Known, place_rejected, place_report


def store_reading(
    connection: Connection,
    capture_id: int,
    extractor: str,
    reading: Reading,
    now: datetime,
    together: Collection[int] = (),
    batch: Batch | None = None,
) -> Change:
    """Keep a reading, as `store_rows` does its rows; without a batch in one of its own."""
    parts = batch or Batch()
    rows = parts.rows_of(connection, reading)
    change = store_rows(connection, capture_id, extractor, rows, now, together, parts)
    if batch is None:
        parts.write(connection)
    return change


def store_rows(
    connection: Connection,
    capture_id: int,
    extractor: str,
    rows: ReadingRows,
    now: datetime,
    together: Collection[int],
    batch: Batch,
) -> Change:
    """Keep a reading when the batch is written, and say what it changes about its report.

    The same reading again changes nothing. Of a page older than the one the report stands on, it becomes
    an earlier version and changes nothing either. A page that is no report is kept with its reasons; it
    takes a report's place only if the report stood on that very capture.

    `together` are the captures that were read with it (a page and its files, the newest of each) or that
    these take the place of: such a reading is never the older one.
    """
    key, digest = rows.report_id, rows.digest
    known, fetched_at = batch.known(connection, key), batch.fetched_at(connection, capture_id)
    find_place = place_report if rows.is_report else place_rejected
    place = find_place(known, digest, fetched_at, (capture_id, *together))
    if place.instead_of is not None:
        batch.step_back(key, place.instead_of)
    reading_id = place.same
    if reading_id is None:
        version = 1 + max((row.version for row in known), default=0)
        own: Row = {
            "report_id": key,
            "capture_id": capture_id,
            "standing": place.standing,
            "version": version,
        }
        own |= {"extractor": extractor, "digest": digest, "read_at": as_text(now)}
        reading_id = batch.add(connection, rows, own)
        added = Known(reading_id, capture_id, place.standing, version, digest, fetched_at)
        batch.versions[key] = [*batch.versions[key], added]
        batch.stood[reading_id] += int(place.standing == "current")
    for each in (capture_id, *together):
        batch.note_read(each, extractor, reading_id)
    return place.change


def stand_for(connection: Connection, pages: Collection[str], year: int | None) -> bool:
    """Whether one of the pages has a report of that year."""
    standing = readings.c.url.in_(pages) & (readings.c.standing == "current")
    return year in connection.scalars(select(readings.c.year).where(standing)).all()


def withdraw(connection: Connection, url: str, batch: Batch) -> None:
    """The report at this address stands no more by itself; its readings stay as earlier versions."""
    key = report_id(url)
    known = batch.known(connection, key)
    standing = next((row.reading_id for row in known if row.standing == "current"), None)
    if standing is not None:
        batch.step_back(key, standing)


def load_reading(connection: Connection, reading_id: int) -> Reading:
    """Give a reading as it was stored. Raises LookupError for an unknown id, ValueError for broken cells."""
    row = connection.execute(select(readings).where(readings.c.reading_id == reading_id)).mappings().first()
    if row is None:
        raise LookupError(f"reading {reading_id} is not in the database")
    values: dict[str, Any] = {name: row[name] for name in COPIED}
    values |= {name: load_parts(connection, reading_id, name) for name in PARTS}
    values |= {"cells": load_cells(connection, reading_id, row["form"])}
    values |= {"is_report": row["standing"] != "rejected", "reasons": tuple(json.loads(row["reasons"]))}
    return Reading(**values | {"is_mirror": bool(row["is_mirror"]), "evidence": json.loads(row["evidence"])})


def load_parts(connection: Connection, reading_id: int, name: str) -> tuple[Any, ...]:
    table, kind = TABLES[name], PARTS[name]
    columns = [table.c[item.name] for item in fields(kind)]
    rows = connection.execute(
        select(*columns).where(table.c.reading_id == reading_id).order_by(table.c.ordinal)
    )
    return tuple(kind(*row) for row in rows)


def is_intact(connection: Connection, reading_id: int) -> bool:
    """Read everything of a reading again and hold it against its digest and against itself."""
    row = connection.execute(select(readings).where(readings.c.reading_id == reading_id)).mappings().one()
    try:
        reading = load_reading(connection, reading_id)
    except ValueError:
        return False
    derived = own_row(reading) | {"report_id": report_id(reading.url), "digest": reading_digest(reading)}
    return all(row[name] == value for name, value in derived.items())
