"""Captures into readings: the only place where what was read becomes what is kept.

Reading is a pure function of the payload, so it is done by any number of processes (workers.py); only this
one writes, in the order of the captures, in small groups.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar
from urllib.parse import urlsplit

from sqlalchemy import Connection, select

from extract.extraction import EXTRACTOR
from extract.result import Extraction
from pipeline.progress import Tell
from pipeline.workers import Document, Result, reading_processes
from settings import clock
from storage.archive import StoredCapture, captures_to_read, load_capture
from storage.database import Database
from storage.reports import (
    CellRow,
    CheckRow,
    FindingRow,
    LeftoverRow,
    Reading,
    SectionRow,
    store_reading,
)
from storage.sites import note_site_facts
from storage.tables import sites

GROUP = 50  # captures that are loaded together, and written in one transaction
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Rejected:
    url: str
    title: str
    reasons: tuple[str, ...]


@dataclass(slots=True)
class ReadingSummary:
    """`changes` counts readings by what they changed; `unread` captures are archived but not readable yet."""

    captures: int = 0
    changes: Counter[str] = field(default_factory=Counter)
    reports: list[Reading] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    unread: list[tuple[str, str]] = field(default_factory=list)


def read_captures(
    database: Database,
    *,
    everything: bool = False,
    workers: int = 1,
    tell: Tell = lambda _what, _done, _of: None,
) -> ReadingSummary:
    """Read every capture that may be a report and that today's extractor has not read, or all of them."""
    summary = ReadingSummary()
    with database.read() as connection:
        wanted = list(captures_to_read(connection, EXTRACTOR, everything=everything))
    with reading_processes(workers) as read_all:
        for results in grouped(read_all(load_documents(database, wanted))):
            with database.write() as connection:
                for document, result in results:
                    store(connection, document, result, summary)
            tell("captures", summary.captures, len(wanted))
    return summary


def load_documents(database: Database, capture_ids: Sequence[int]) -> Iterator[Document]:
    for group in grouped(capture_ids):
        with database.read() as connection:
            documents = [document_of(load_capture(connection, each)) for each in group]
        yield from documents


def grouped(items: Iterable[Item]) -> Iterator[list[Item]]:
    left = iter(items)
    while group := list(islice(left, GROUP)):
        yield group


def document_of(stored: StoredCapture) -> Document:
    capture = stored.capture
    content_type = next((value for name, value in capture.headers if name.lower() == "content-type"), "")
    return Document(stored.capture_id, capture.url, content_type, capture.headers, capture.payload or b"")


def store(connection: Connection, document: Document, result: Result, summary: ReadingSummary) -> None:
    summary.captures += 1
    if isinstance(result, str):
        summary.unread.append((document.url, result))
        reading = Reading(url=document.url, is_report=False, reasons=(result,))
    else:
        note_site(connection, document.url, result)
        reading = reading_of(result, document.url, region_of(connection, document.url))
    now = clock.now()
    change = store_reading(connection, document.capture_id, EXTRACTOR, reading, now)
    summary.changes[change] += 1
    if reading.is_report:
        summary.reports.append(reading)
    elif not isinstance(result, str):
        summary.rejected.append(Rejected(reading.url, reading.title, reading.reasons))


def note_site(connection: Connection, url: str, read: Extraction) -> None:
    """What the page says of its site. A mirror speaks of the site it copied, under its own address too."""
    host = urlsplit(url).hostname
    site = read.site
    if host and read.is_report:
        note_site_facts(connection, host, site.name, site.site_id_code, site.icp_number, site.police_number)


def region_of(connection: Connection, url: str) -> str:
    """The GB/T 2260 code of the page's site, empty where nobody said it."""
    host = urlsplit(url).hostname or ""
    return connection.scalar(select(sites.c.region_code).where(sites.c.host == host)) or ""


def reading_of(read: Extraction, url: str, region: str) -> Reading:
    identity = read.identity
    return Reading(
        url=url,
        is_report=read.is_report,
        reasons=read.reasons,
        publisher=identity.publisher,
        region_code=region,
        level=identity.level,
        year=identity.year,
        form=read.form,
        title=identity.title,
        published_on=identity.published_on,
        index_number=identity.index_number,
        is_mirror=read.is_mirror,
        cells_expected=read.cells_expected,
        status=read.status,
        evidence=identity.evidence,
        cells=tuple(
            CellRow(
                cell.table,
                cell.row,
                cell.column,
                cell.value,
                cell.state,
                cell.raw_text,
                cell.unit,
                cell.place,
            )
            for cell in read.cells
        ),
        checks=tuple(
            CheckRow(check.rule, check.scope, check.expected, check.actual, check.passed, check.severity)
            for check in read.checks
        ),
        sections=tuple(
            SectionRow(section.ordinal, section.heading, section.text) for section in read.sections
        ),
        leftovers=tuple(LeftoverRow(left.kind, left.text, left.place) for left in read.leftovers),
        findings=tuple(FindingRow(finding.code, finding.text, finding.place) for finding in read.findings),
    )
