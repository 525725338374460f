"""What a reading process makes of a portion: from captures to what is ready to be kept, but for its keys.

It reads the database and writes nothing. What it found there may have changed by the time its answer is kept
(keeping.py), so an answer says what it rests on.
"""

import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, TypeVar

from msgspec import structs

from crawler.addresses import host_of
from extract.codes import finer_region
from extract.extraction import EXTRACTOR
from extract.identity import dated_by_list
from extract.result import Extraction, SiteFacts
from pipeline.attachments import Outcome, Unit, newly_offered, outcomes
from pipeline.documents import document_of
from pipeline.errors import WorkFailed
from pipeline.processes import MEGABYTE, Desk
from pipeline.reviewing import corrected, standing
from pipeline.workers import Document, Read, Result, read, read_documents
from storage.archive import load_captures, sizes_of
from storage.book import Book, load_book
from storage.cells import CellRow, code_of
from storage.database import Database, open_database
from storage.listed import Days, days_of
from storage.reviews import Review, reviews_of
from storage.rows import (
    CheckRow,
    FindingRow,
    GridRow,
    LeftoverRow,
    Reading,
    ReadingRows,
    SectionRow,
    rows_of,
)
from storage.sites import load_regions

MOST_HELD = 16 * MEGABYTE  # of payloads that are loaded at once
Reviews = Mapping[str, Sequence[Review]]  # by page
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Ready:
    """An outcome with its rows; with its reading instead where cells have no place yet. `region` is what the
    page says of itself, beside which its site's counts, and `site` what a report says of its site.
    """

    capture_id: int
    url: str
    rows: ReadingRows | None
    reading: Reading | None
    together: tuple[int, ...]
    taken: tuple[str, ...]
    beside: str
    region: str = ""
    site: SiteFacts | None = None
    unread: str = ""  # why it could not be read


@dataclass(frozen=True, slots=True)
class ReadUnit:
    """What came of a unit, and the reviews of its pages that were heeded."""

    captures: int
    urls: tuple[str, ...]
    reviews: Reviews
    outcomes: tuple[Ready, ...]

    def is_still(self, reviews: Reviews) -> bool:
        """Whether these are the reviews that it heeds."""
        return self.reviews == {url: reviews[url] for url in self.urls if url in reviews}


@dataclass(frozen=True, slots=True)
class Asked:
    """An errand and its database. `run` is of whoever asks, and no other's: what a process has learnt of one
    database is not true of the next at the same address.
    """

    url: str
    run: str
    extractor: str
    errand: "Errand"


class Errand(Protocol):
    """Something to be done for whoever writes."""

    def done(self, place: "Place", desk: Desk) -> object: ...


@dataclass(slots=True)
class Place:
    """A database as one process sees it."""

    database: Database
    book: Book

    def look_again(self) -> None:
        with self.database.read() as connection:
            self.book = load_book(connection)


def answer(asked: bytes, desk: Desk) -> bytes:
    """Raises WorkFailed where this is another nianbao than asks."""
    given: Asked = pickle.loads(asked)  # noqa: S301 - from whoever started this process
    if given.extractor != EXTRACTOR:
        raise WorkFailed(
            f"a worker reads with extractor {EXTRACTOR}, and {given.extractor} is asked for: "
            "install the same nianbao on every machine"
        )
    return pickle.dumps(given.errand.done(place_of(given.url, given.run), desk), pickle.HIGHEST_PROTOCOL)


@lru_cache(maxsize=1)
def place_of(url: str, run: str) -> Place:  # noqa: ARG001 - another run looks again
    place = Place(open_database(url), Book())
    place.look_again()
    return place


@dataclass(frozen=True, slots=True)
class FindFiles:
    """Which pages among the captures offer other files than was noted of them, each with its files."""

    capture_ids: Sequence[int]

    def done(self, place: Place, desk: Desk) -> list[tuple[str, list[str]]]:
        with place.database.read() as connection:
            sizes = sizes_of(connection, self.capture_ids)
            slices = held_together(self.capture_ids, sizes.__getitem__)
            return [page for some in slices for page in newly_offered(connection, some, desk)]


@dataclass(frozen=True, slots=True)
class ReadUnits:
    units: Sequence[Unit]
    read: Read = read

    def done(self, place: Place, desk: Desk) -> list[ReadUnit]:
        with place.database.read() as connection:
            sizes = sizes_of(connection, [each for unit in self.units for each in unit.captures])
        slices = held_together(self.units, lambda unit: sum(sizes[each] for each in unit.captures))
        found = [read for some in slices for read in self.read_units(some, place, desk)]
        if any(each.rows is None for unit in found for each in unit.outcomes):
            place.look_again()  # for the next portion; this one is laid out by the one that writes
        return found

    def read_units(self, units: Sequence[Unit], place: Place, desk: Desk) -> Iterator[ReadUnit]:
        documents, around = look_around(place.database, units, place.book)
        for unit in units:
            yield around.ready(unit, self.results(unit, documents, desk))

    def results(
        self, unit: Unit, documents: Mapping[int, Document], desk: Desk
    ) -> list[tuple[Document, Result]]:
        wanted = [documents[each] for each in unit.captures]
        return list(zip(wanted, read_documents(self.read, wanted, desk), strict=True))


def held_together(items: Sequence[Item], size: Callable[[Item], int]) -> Iterator[list[Item]]:
    """The same in the same order, as many together as memory should hold besides what reading takes."""
    held: list[Item] = []
    for item in items:
        if held and sum(map(size, held)) + size(item) > MOST_HELD:
            yield held
            held = []
        held.append(item)
    if held:
        yield held


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known of the pages of a portion: the reviews by page, the regions by host, and what lists say
    of the days of files.
    """

    reviews: Reviews
    regions: Mapping[str, str]
    days: Mapping[str, Days]
    book: Book

    def ready(self, unit: Unit, read: Sequence[tuple[Document, Result]]) -> ReadUnit:
        urls = tuple(document.url for document, _ in read)
        heeded = {url: self.reviews[url] for url in urls if url in self.reviews}
        return ReadUnit(len(unit.captures), urls, heeded, tuple(map(self.made, outcomes(unit, read))))

    def made(self, outcome: Outcome) -> Ready:
        of = (outcome.together, outcome.taken, outcome.beside)
        if isinstance(outcome.result, str):
            reading = Reading(url=outcome.url, is_report=False, reasons=(outcome.result,))
            rows = rows_of(reading, self.book)
            return Ready(outcome.document.capture_id, outcome.url, rows, None, *of, unread=outcome.result)
        identity = dated_by_list(outcome.result.identity, self.days.get(outcome.url, ()))
        said, read = identity.region_code, structs.replace(outcome.result, identity=identity)
        region = self.regions.get(host_of(outcome.url), "")
        seen = corrected(read, outcome.document.sha256, self.reviews.get(outcome.url, ()))
        reading = reading_from(seen, outcome.url, finer_region(said, region))
        is_known = self.book.knows(reading.form, map(code_of, reading.cells))
        laid = rows_of(reading, self.book) if is_known else None
        if laid is not None and region:
            laid = laid.settled()
        site = read.site if reading.is_report else None
        unlaid = reading if laid is None else None
        return Ready(outcome.document.capture_id, outcome.url, laid, unlaid, *of, said, site)


def look_around(
    database: Database, units: Sequence[Unit], book: Book
) -> tuple[dict[int, Document], Surroundings]:
    with database.read() as connection:
        stored = load_captures(connection, [each for unit in units for each in unit.captures])
        urls = {each.capture.url for each in stored}
        reviews = reviews_of(connection, urls)
        regions = load_regions(connection, {host_of(url) for url in urls})
        days = days_of(connection, urls)
    documents = {
        each.capture_id: document_of(each, standing(reviews.get(each.capture.url, ()))) for each in stored
    }
    return documents, Surroundings(reviews, regions, days, book)


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
