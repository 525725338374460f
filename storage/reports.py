"""Readings: what an extractor made of a capture, kept as the report that now stands or as an earlier one.

The rows below have the names of their tables in storage/tables/. Storage knows what to keep and not how
it is read, so these are its own classes and not the extractor's.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Table, insert, select, update

from storage.batches import Batch
from storage.cells import CellRow, load_cells
from storage.tables import (
    reading_checks,
    reading_findings,
    reading_grids,
    reading_leftovers,
    reading_sections,
    readings,
)
from storage.values import as_text, storable
from storage.versions import Change, Known, place_rejected, place_report, stepped_back

Rows = dict[str, list[dict[str, object]]]


@dataclass(frozen=True, slots=True)
class CheckRow:
    rule: str
    scope: str
    expected: Decimal | None
    actual: Decimal | None
    passed: bool
    severity: str


@dataclass(frozen=True, slots=True)
class SectionRow:
    ordinal: int
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class LeftoverRow:
    kind: str
    text: str
    locator: str


@dataclass(frozen=True, slots=True)
class GridRow:
    """One cell of a table that no official form explains; places count from 1."""

    grid: int
    row: int
    column: int
    label: str
    text: str
    value: Decimal | None
    locator: str


@dataclass(frozen=True, slots=True)
class FindingRow:
    code: str
    text: str
    locator: str


@dataclass(frozen=True, slots=True)
class Reading:
    """`url` is the page's own address; `reasons` say why it is, or is not, an annual report, and `margin` by
    how much the evidence passes, or misses, what makes one.
    """

    url: str
    is_report: bool
    reasons: tuple[str, ...] = ()
    margin: int | None = None
    publisher: str = ""
    region_code: str = ""
    level: str = ""
    year: int | None = None
    form: str = "none"
    title: str = ""
    published_on: str = ""
    index_number: str = ""
    is_mirror: bool = False
    cells_expected: int = 0
    status: str = "unreadable"
    evidence: Mapping[str, str] = field(default_factory=dict)
    cells: tuple[CellRow, ...] = ()
    checks: tuple[CheckRow, ...] = ()
    sections: tuple[SectionRow, ...] = ()
    leftovers: tuple[LeftoverRow, ...] = ()
    findings: tuple[FindingRow, ...] = ()
    grids: tuple[GridRow, ...] = ()


PARTS: dict[str, Table] = {
    "checks": reading_checks,
    "sections": reading_sections,
    "leftovers": reading_leftovers,
    "findings": reading_findings,
    "grids": reading_grids,
}


ROWS: dict[str, type[CellRow | CheckRow | SectionRow | LeftoverRow | FindingRow | GridRow]] = {
    "cells": CellRow,
    "checks": CheckRow,
    "sections": SectionRow,
    "leftovers": LeftoverRow,
    "findings": FindingRow,
    "grids": GridRow,
}
COPIED = (  # columns of readings that a Reading has under the same name
    *("url", "publisher", "region_code", "level", "year", "form", "title", "published_on", "index_number"),
    *("is_mirror", "cells_expected", "status", "margin"),
)


INSERT = insert(readings).returning(readings.c.reading_id)


def report_id(url: str) -> str:
    """Give the stable key of a report: of its address, without scheme, default port and fragment."""
    parts = urlsplit(url)
    host = (parts.hostname or "") + (f":{parts.port}" if parts.port not in {None, 80, 443} else "")
    query = f"?{parts.query}" if parts.query else ""
    return hashlib.sha256(f"{host}{parts.path or '/'}{query}".encode()).hexdigest()[:16]


def reading_digest(reading: Reading) -> str:
    """Give one SHA-256 over everything read, as it is stored: equal readings have equal digests."""
    return rows_digest(rows_of(reading), is_report=reading.is_report)


def rows_digest(rows: Rows, *, is_report: bool) -> str:
    """What a later schema has added and a reading has none of is left out, so that old digests stay true."""
    content = {"is_report": is_report} | {
        name: part for name, part in rows.items() if part or name != "grids"
    }
    if rows["reading"][0]["margin"] is None:
        content["reading"] = [{name: value for name, value in rows["reading"][0].items() if name != "margin"}]
    text = json.dumps(content, default=exact, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def rows_of(reading: Reading) -> Rows:
    """Turn a reading into the rows of its tables, without their keys; under "reading", the one of its own."""
    return {"reading": [reading_row(reading)]} | {name: part_rows(reading, name) for name in ROWS}


def exact(number: Decimal) -> int | str:
    return int(number) if number == number.to_integral_value() else format(number, "f").rstrip("0")


def store_reading(
    connection: Connection,
    capture_id: int,
    extractor: str,
    reading: Reading,
    now: datetime,
    together: Collection[int] = (),
    batch: Batch | None = None,
) -> Change:
    """Keep a reading and say what it changed about its report.

    The same reading again changes nothing. Of a page older than the one the report stands on, it becomes
    an earlier version and changes nothing either. A page that is no report is kept with its reasons; it
    takes a report's place only if the report stood on that very capture.

    `together` are the captures that were read with it (a page and its files, the newest of each) or that
    these take the place of: such a reading is never the older one. With a `batch` the reading's parts are
    written when that is, and where the reading stands at once.
    """
    parts = batch or Batch()
    key, rows = report_id(reading.url), rows_of(reading)
    digest = rows_digest(rows, is_report=reading.is_report)
    known, fetched_at = parts.known(connection, key), parts.fetched_at(connection, capture_id)
    find_place = place_report if reading.is_report else place_rejected
    place = find_place(known, digest, fetched_at, (capture_id, *together))
    if place.instead_of is not None:
        old = update(readings).where(readings.c.reading_id == place.instead_of)
        connection.execute(old.values(standing="superseded"))
        parts.stood[place.instead_of] -= 1
    reading_id, added = place.same, list[Known]()
    if reading_id is None:
        version = 1 + max((row.version for row in known), default=0)
        row = {"report_id": key, "capture_id": capture_id, "standing": place.standing, "version": version}
        row |= {"extractor": extractor, "digest": digest, "read_at": as_text(now)}
        reading_id = insert_reading(connection, row | rows["reading"][0])
        add_parts(connection, parts, reading_id, reading, rows)
        added = [Known(reading_id, capture_id, place.standing, version, digest, fetched_at)]
    parts.versions[key] = [*stepped_back(known, place.instead_of), *added]
    parts.stood[reading_id] += int(bool(added) and place.standing == "current")
    for each in (capture_id, *together):
        parts.note_read(each, extractor, reading_id)
    if batch is None:
        parts.write(connection)
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
        step_back = update(readings).where(readings.c.reading_id == standing)
        connection.execute(step_back.values(standing="superseded"))
        batch.versions[key] = stepped_back(known, standing)
        batch.stood[standing] -= 1


def insert_reading(connection: Connection, row: dict[str, object]) -> int:
    return int(connection.execute(INSERT, row).scalar_one())


def add_parts(connection: Connection, batch: Batch, reading_id: int, reading: Reading, rows: Rows) -> None:
    for name, table in PARTS.items():
        batch.add_parts(table, reading_id, rows[name])
    batch.add_cells(connection, reading_id, reading.form, [stored_cell(cell) for cell in reading.cells])
    if reading.is_report:
        said = [(str(section["heading"]), str(section["text"])) for section in rows["sections"]]
        batch.said.append((reading_id, said))


def stored_cell(cell: CellRow) -> CellRow:
    kept = storable(cell.raw_text)
    return cell if kept == cell.raw_text else replace(cell, raw_text=kept)


def part_rows(reading: Reading, name: str) -> list[dict[str, object]]:
    columns = [item.name for item in fields(ROWS[name])]
    return [
        {"ordinal": ordinal} | {column: value_as_stored(getattr(part, column)) for column in columns}
        for ordinal, part in enumerate(getattr(reading, name), 1)
    ]


def reading_row(reading: Reading) -> dict[str, object]:
    row = {name: getattr(reading, name) for name in COPIED}
    passed = sum(check.passed for check in reading.checks)
    row |= {"host": urlsplit(reading.url).hostname or "", "cells_read": len(reading.cells)}
    row |= {"checks_passed": passed, "checks_failed": len(reading.checks) - passed}
    row |= {"reasons": json.dumps(reading.reasons, ensure_ascii=False)}
    row |= {"evidence": json.dumps(dict(reading.evidence), ensure_ascii=False, sort_keys=True)}
    return {name: value_as_stored(value) for name, value in row.items()}


def value_as_stored(value: object) -> object:
    if isinstance(value, bool):
        return int(value)
    return storable(value) if isinstance(value, str) else value


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
    table, kind = PARTS[name], ROWS[name]
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
    derived = reading_row(reading) | {"report_id": report_id(reading.url), "digest": reading_digest(reading)}
    return all(row[name] == value for name, value in derived.items())
