"""The only place where what was read becomes what is kept: a group of documents in one transaction."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from sqlalchemy import Connection

from extract.codes import finer_region
from extract.extraction import EXTRACTOR
from extract.result import Extraction
from pipeline.attachments import Outcome
from pipeline.reviewing import corrected
from pipeline.years import check_years
from settings import clock
from storage.attachments import pages_beside
from storage.batches import Batch
from storage.cells import CellRow
from storage.reports import (
    CheckRow,
    FindingRow,
    GridRow,
    LeftoverRow,
    Reading,
    SectionRow,
    report_id,
    stand_for,
    store_reading,
    withdraw,
)
from storage.reviews import Review, reviews_of
from storage.sites import KnownSites


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


@dataclass(frozen=True, slots=True)
class Around:
    """What is known of the pages of a group, asked for once, and what is to be written of them."""

    reviews: Mapping[str, Sequence[Review]]
    sites: KnownSites
    batch: Batch


def store_group(connection: Connection, group: Sequence[Outcome], summary: ReadingSummary) -> None:
    around = look_around(connection, group)
    for outcome in group:
        store(connection, outcome, summary, around)
    around.batch.write(connection)
    check_years(connection, [url for outcome in group for url in (outcome.url, *outcome.taken)])


def look_around(connection: Connection, group: Sequence[Outcome]) -> Around:
    urls = {outcome.url for outcome in group}
    batch = Batch()
    batch.look_up(connection, set(map(report_id, urls)), {outcome.document.capture_id for outcome in group})
    hosts = {host for url in urls if (host := urlsplit(url).hostname)}
    return Around(reviews_of(connection, urls), KnownSites(connection, hosts), batch)


def store(connection: Connection, outcome: Outcome, summary: ReadingSummary, around: Around) -> None:
    url, result = outcome.url, outcome.result
    if isinstance(result, str):
        summary.unread.append((url, result))
        reading = Reading(url=url, is_report=False, reasons=(result,))
    else:
        reading = reading_of(result, outcome, around)
    if outcome.beside and stand_for(connection, pages_beside(connection, url, outcome.beside), reading.year):
        return
    for each in outcome.taken:
        withdraw(connection, each, around.batch)
    capture_id, now = outcome.document.capture_id, clock.now()
    change = store_reading(connection, capture_id, EXTRACTOR, reading, now, outcome.together, around.batch)
    summary.changes[change] += 1
    if reading.is_report:
        summary.reports.append(reading)
    elif not isinstance(result, str):
        summary.rejected.append(Rejected(reading.url, reading.title, reading.reasons))


def reading_of(read: Extraction, outcome: Outcome, around: Around) -> Reading:
    """With what persons have said of the page, and what was said of its site."""
    host = urlsplit(outcome.url).hostname or ""
    note_site(host, read, around.sites)
    decided = around.reviews.get(outcome.url, ())
    seen = corrected(read, outcome.document.sha256, decided)
    return reading_from(seen, outcome.url, around.sites.region(host))


def note_site(host: str, read: Extraction, sites: KnownSites) -> None:
    """What the page says of its site. A mirror speaks of the site it copied, under its own address too."""
    said = read.site
    if host and read.is_report:
        sites.note(host, said.name, said.site_id_code, said.icp_number, said.police_number)


def reading_from(read: Extraction, url: str, region: str) -> Reading:
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
