"""Captures into readings: the only place where what was read becomes what is kept.

Reading is a pure function of the payload, so it is done by any number of processes (executors.py); only this
one writes, in the order of the captures, in small groups.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import urlsplit

from sqlalchemy import Connection, select

from extract.codes import finer_region
from extract.extraction import EXTRACTOR
from extract.forms.crosswalk import crosswalk
from extract.forms.model import official_forms
from extract.result import Extraction
from pipeline.attachments import Outcome, note_offered, outcomes, plan
from pipeline.documents import grouped, load_documents
from pipeline.executors import executor
from pipeline.progress import Tell
from pipeline.reviewing import corrected
from pipeline.years import check_years
from settings import clock
from storage.archive import captures_to_read
from storage.attachments import pages_beside
from storage.batches import Batch
from storage.cells import CellCode, CellRow, positions
from storage.crosswalk import CrosswalkRow, store_crosswalk
from storage.database import Database, refresh_statistics
from storage.payloads import digest_of
from storage.reports import (
    CheckRow,
    FindingRow,
    GridRow,
    LeftoverRow,
    Reading,
    SectionRow,
    stand_for,
    store_reading,
    withdraw,
)
from storage.sites import note_site_facts
from storage.tables import sites


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
    cluster: str = "",
    tell: Tell = lambda _what, _done, _of: None,
) -> ReadingSummary:
    """Read every capture that may be a report and that today's extractor has not read, or all of them: with
    so many processes here, or on the Dask cluster at an address.
    """
    summary = ReadingSummary()
    with database.read() as connection:
        wanted = list(captures_to_read(connection, EXTRACTOR, everything=everything))
    note_files(database, wanted)
    with database.write() as connection:
        store_crosswalk(connection, crosswalk_rows())
        number_cells(connection)
        units = plan(connection, wanted)
    with executor(database, workers, cluster) as read_all:
        results = read_all([each for unit in units for each in unit.captures])
        for group in grouped(units):
            together = [(unit, list(islice(results, len(unit.captures)))) for unit in group]
            with database.write() as connection:
                store_group(
                    connection, [each for unit, read in together for each in outcomes(unit, read)], summary
                )
            summary.captures += sum(len(unit.captures) for unit in group)
            tell("captures", summary.captures, sum(len(unit.captures) for unit in units))
    if summary.captures:
        refresh_statistics(database)
    return summary


def crosswalk_rows() -> list[CrosswalkRow]:
    return [
        CrosswalkRow(
            measure=measure.code,
            form=measure.form,
            option=measure.option,
            table_code=table,
            row_code=row,
            col_code=column,
            parts=len(measure.cells),
            label=measure.label,
            comparable=int(measure.comparable),
            note=measure.note,
        )
        for measure in crosswalk()
        for table, row, column in measure.cells
    ]


def number_cells(connection: Connection) -> None:
    """Give the forms' cells positions in the forms' order, before a report with few of them gives others."""
    for form in official_forms():
        sheets = [form, *map(form.with_alternate, form.alternates)]
        every = [cell for sheet in sheets for cell in sheet.cells()]
        codes = [CellCode(table.code, row.code, column.code, column.unit) for table, row, column in every]
        positions(connection, form.code, codes)


def note_files(database: Database, capture_ids: Sequence[int]) -> None:
    """Before anything is read, for a file may have been captured before the page that offers it."""
    for group in grouped(load_documents(database, capture_ids)):
        with database.write() as connection:
            note_offered(connection, group)


def store_group(connection: Connection, group: Sequence[Outcome], summary: ReadingSummary) -> None:
    batch = Batch()
    for outcome in group:
        store(connection, outcome, summary, batch)
    batch.write(connection)
    check_years(connection, [url for outcome in group for url in (outcome.url, *outcome.taken)])


def store(connection: Connection, outcome: Outcome, summary: ReadingSummary, batch: Batch) -> None:
    url, result = outcome.url, outcome.result
    if isinstance(result, str):
        summary.unread.append((url, result))
        reading = Reading(url=url, is_report=False, reasons=(result,))
    else:
        note_site(connection, url, result)
        result = corrected(result, url, digest_of(outcome.document.payload), connection)
        reading = reading_of(result, url, region_of(connection, url))
    if outcome.beside and stand_for(connection, pages_beside(connection, url, outcome.beside), reading.year):
        return
    for each in outcome.taken:
        withdraw(connection, each)
    capture_id = outcome.document.capture_id
    change = store_reading(connection, capture_id, EXTRACTOR, reading, clock.now(), outcome.together, batch)
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
        margin=read.margin,
        publisher=identity.publisher,
        region_code=finer_region(identity.region_code, region),
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
        grids=tuple(
            GridRow(cell.grid, cell.row, cell.column, cell.label, cell.text, cell.value, cell.place)
            for cell in read.local_cells
        ),
    )
