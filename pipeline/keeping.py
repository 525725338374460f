"""The only place where what was read becomes what is kept: a group of units in one transaction."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from sqlalchemy import Connection

from crawler.addresses import host_of
from extract.codes import finer_region
from extract.extraction import EXTRACTOR
from pipeline.portions import ReadUnit, Ready
from pipeline.years import check_years
from settings import clock
from storage.attachments import pages_beside
from storage.batches import Batch
from storage.book import Book
from storage.reports import stand_for, store_rows, withdraw
from storage.reviews import reviews_of
from storage.rows import ReadingRows, report_id
from storage.sites import KnownSites
from storage.versions import Change

SHOWN = 20  # of each kind that a summary remembers
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Rejected:
    url: str
    title: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """`failed` counts the checks that do not hold and should."""

    publisher: str
    year: int | None
    form: str
    cells: int
    expected: int
    failed: int


@dataclass(slots=True)
class First(Generic[Item]):
    """How many there were, and the first of them."""

    count: int = 0
    items: list[Item] = field(default_factory=list)

    def add(self, item: Item) -> None:
        self.count += 1
        if len(self.items) < SHOWN:
            self.items.append(item)


@dataclass(slots=True)
class ReadingSummary:
    """`changes` counts readings by what they changed; `reports` are those that are new or otherwise than
    before, `unread` captures archived but not readable yet.
    """

    captures: int = 0
    changes: Counter[str] = field(default_factory=Counter)
    reports: First[Report] = field(default_factory=First)
    rejected: First[Rejected] = field(default_factory=First)
    unread: First[tuple[str, str]] = field(default_factory=First)


@dataclass(frozen=True, slots=True)
class Keeper:
    """One group in one transaction: what is known of its pages, asked for once, and what is to be written."""

    connection: Connection
    batch: Batch
    sites: KnownSites
    summary: ReadingSummary

    def keep(self, ready: Ready) -> None:
        """What rests on something that has changed since is left to the next reading."""
        if ready.unread:
            self.summary.unread.add((ready.url, ready.unread))
        rows = self.rows_now(ready)
        if rows is None:
            return
        if ready.beside and self.stands_for(ready, rows):
            return
        for each in ready.taken:
            withdraw(self.connection, each, self.batch)
        now = clock.now()
        change = store_rows(
            self.connection, ready.capture_id, EXTRACTOR, rows, now, ready.together, self.batch
        )
        self.summary.changes[change] += 1
        self.tell(ready, rows, change)

    def rows_now(self, ready: Ready) -> ReadingRows | None:
        """None where only a new reading can tell."""
        if ready.unread:
            return ready.rows
        host, said = host_of(ready.url), ready.site
        if host and said:
            self.sites.note(host, said.name, said.site_id_code, said.icp_number, said.police_number)
        region = finer_region(ready.region, self.sites.region(host))
        if ready.reading:
            return self.batch.rows_of(self.connection, replace(ready.reading, region_code=region))
        return ready.rows.moved(region) if ready.rows else None

    def stands_for(self, ready: Ready, rows: ReadingRows) -> bool:
        """Whether another page that offers the file has a report of its year."""
        self.batch.write(self.connection)
        pages = pages_beside(self.connection, ready.url, ready.beside)
        return stand_for(self.connection, pages, rows.own["year"])

    def tell(self, ready: Ready, rows: ReadingRows, change: Change) -> None:
        if rows.is_report:
            if change != "unchanged":
                self.summary.reports.add(report_of(rows))
        elif not ready.unread:
            reasons = tuple(json.loads(rows.own["reasons"]))
            self.summary.rejected.add(Rejected(ready.url, rows.own["title"], reasons))


def report_of(rows: ReadingRows) -> Report:
    own, checks = rows.own, rows.parts["checks"]
    failed = sum(not passed and severity == "error" for *_, passed, severity in checks)
    figures = (own["cells_read"], own["cells_expected"], failed)
    return Report(own["publisher"], own["year"], own["form"], *figures)


def store_group(
    connection: Connection, group: Sequence[ReadUnit], summary: ReadingSummary, book: Book
) -> Book:
    """Gives the book with what the group has added to it."""
    urls = {url for unit in group for url in unit.urls}
    reviews = reviews_of(connection, urls)
    kept = [each for unit in group if unit.is_still(reviews) for each in unit.outcomes]
    batch = Batch(book)
    batch.look_up(connection, {report_id(each.url) for each in kept}, {each.capture_id for each in kept})
    batch.reserve(connection, sum(map(batch.is_news, (each.rows for each in kept))))
    keeper = Keeper(connection, batch, KnownSites(connection, set(map(host_of, urls))), summary)
    for each in kept:
        keeper.keep(each)
    batch.write(connection)
    check_years(connection, [url for each in kept for url in (each.url, *each.taken)], batch.book)
    return batch.book
