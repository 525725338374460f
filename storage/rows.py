"""A reading, and the rows that it is in the tables, all but its key: made without a database.

So whoever has read a page makes them, in whichever process, and the one that writes has only to insert. The
rows below have the names of their tables in storage/tables/. Storage knows what to keep and not how it is
read, so these are its own classes and not the extractor's.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from operator import attrgetter
from typing import Any
from urllib.parse import urlsplit

from storage.book import Book
from storage.cells import CellRow
from storage.fulltext import wording
from storage.sums import Stated
from storage.values import as_bound, as_json, storable

Row = dict[str, Any]
Values = tuple[Any, ...]  # of a row, in the order of its columns
Around = tuple[str, str]  # what the digest is over, before and after the reading's own row: all by its name


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


PARTS: dict[str, type[CheckRow | SectionRow | LeftoverRow | FindingRow | GridRow]] = {
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
KINDS = {"cells": CellRow, **PARTS}
COLUMNS = {
    name: ("ordinal", *(item.name for item in fields(kind) if item.name != "ordinal"))
    for name, kind in KINDS.items()
}
VALUES = {name: attrgetter(*columns[1:]) for name, columns in COLUMNS.items()}  # of a part, in that order


@dataclass(frozen=True, slots=True)
class ReadingRows:
    """`own` is the row of `readings` without what depends on those that are there; `parts` are rows of other
    tables without their reading, and so are `cells` and `places`. `said` is for the full text,
    `stated` for the sums, `around` for another digest where the region turns out to be another.
    """

    report_id: str
    is_report: bool
    own: Row
    digest: str
    around: Around | None
    parts: Mapping[str, Sequence[Values]]
    cells: Values | None = None
    places: Values | None = None
    said: str | None = None
    stated: Sequence[Stated] | None = None

    def settled(self) -> "ReadingRows":
        """Whose region is known, and cannot turn out to be another."""
        return replace(self, around=None)

    def moved(self, region_code: str) -> "ReadingRows | None":
        """The same of a body in another region; None where it was settled."""
        if self.own["region_code"] == region_code:
            return self
        if self.around is None:
            return None
        own = self.own | {"region_code": region_code}
        return replace(self, own=own, digest=digest_of(own, self.around))


def report_id(url: str) -> str:
    """Give the stable key of a report: of its address, without scheme, default port and fragment."""
    parts = urlsplit(url)
    host = (parts.hostname or "") + (f":{parts.port}" if parts.port not in {None, 80, 443} else "")
    query = f"?{parts.query}" if parts.query else ""
    return hashlib.sha256(f"{host}{parts.path or '/'}{query}".encode()).hexdigest()[:16]


def rows_of(reading: Reading, book: Book) -> ReadingRows:
    """Raises KeyError for a cell that the book does not know, ValueError for the same cell twice."""
    values = {name: values_of(reading, name) for name in KINDS}
    own, around = own_row(reading), spelled_around(values, is_report=reading.is_report)
    said = [(heading, text) for _, heading, text in values["sections"]]
    rows = ReadingRows(
        report_id=report_id(reading.url),
        is_report=reading.is_report,
        own=own,
        digest=digest_of(own, around),
        around=around,
        parts={name: [tuple(map(as_bound, row)) for row in values[name]] for name in PARTS},
        said=wording(said) if reading.is_report else None,
    )
    return with_cells(rows, reading, book) if reading.cells else rows


def with_cells(rows: ReadingRows, reading: Reading, book: Book) -> ReadingRows:
    lists = book.lists(reading.form, [stored_cell(cell) for cell in reading.cells])
    items, sequence, stems, places = (None if part is None else as_json(part) for part in lists)
    stated = book.stated(reading.form, lists)
    return replace(rows, cells=(items, sequence), places=(stems, places), stated=stated)


def reading_digest(reading: Reading) -> str:
    """Give one SHA-256 over everything read, as it is stored: equal readings have equal digests."""
    values = {name: values_of(reading, name) for name in KINDS}
    return digest_of(own_row(reading), spelled_around(values, is_report=reading.is_report))


def digest_of(own: Row, around: Around) -> str:
    """What a later schema has added and a reading has none of is left out, so that old digests stay true."""
    known = {name: value for name, value in own.items() if name != "margin" or value is not None}
    before, after = around
    return hashlib.sha256(f"{before}{spelled([known])}{after}".encode()).hexdigest()


def spelled_around(values: Mapping[str, Sequence[Values]], *, is_report: bool) -> Around:
    parts: dict[str, object] = {
        name: [dict(zip(COLUMNS[name], row, strict=True)) for row in rows]
        for name, rows in values.items()
        if name != "sections" and (rows or name != "grids")
    }
    sections = [dict(zip(COLUMNS["sections"], row, strict=True)) for row in values["sections"]]
    before = spelled(parts | {"is_report": is_report})
    return before.removesuffix("}") + ',"reading":', f',"sections":{spelled(sections)}}}'


def spelled(content: object) -> str:
    return json.dumps(content, default=exact, sort_keys=True, separators=(",", ":"))


def exact(number: Decimal) -> int | str:
    return int(number) if number == number.to_integral_value() else format(number, "f").rstrip("0")


def values_of(reading: Reading, name: str) -> list[Values]:
    """The rows of a part, numbers still decimals."""
    read = VALUES[name]
    return [
        (getattr(part, "ordinal", at), *map(value_as_stored, read(part)))
        for at, part in enumerate(getattr(reading, name), 1)
    ]


def own_row(reading: Reading) -> Row:
    row = {name: getattr(reading, name) for name in COPIED}
    passed = sum(check.passed for check in reading.checks)
    row |= {"host": urlsplit(reading.url).hostname or "", "cells_read": len(reading.cells)}
    row |= {"checks_passed": passed, "checks_failed": len(reading.checks) - passed}
    row |= {"reasons": json.dumps(reading.reasons, ensure_ascii=False)}
    row |= {"evidence": json.dumps(dict(reading.evidence), ensure_ascii=False, sort_keys=True)}
    return {name: value_as_stored(value) for name, value in row.items()}


def value_as_stored(value: object) -> object:
    if isinstance(value, str):
        return storable(value)
    return int(value) if isinstance(value, bool) else value


def stored_cell(cell: CellRow) -> CellRow:
    kept = storable(cell.raw_text)
    return cell if kept == cell.raw_text else replace(cell, raw_text=kept)
