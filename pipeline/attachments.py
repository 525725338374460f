"""Which captures are read together: a page with the files that it offers.

The answer depends on what the archive holds and not on what came first, so that a page and its file may be
imported in either order. What many pages offer is no report of any of them, but a blank form or a guide.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from crawler.attachments import files_of as files_on_page
from extract.joining import join
from extract.readers.formats import NotReadable, sniff
from extract.result import Extraction
from pipeline.documents import document_of
from pipeline.processes import Desk
from pipeline.workers import Document, Result, body_of
from storage.archive import load_captures
from storage.attachments import files_of, newest_captures, pages_of, urls_of

MOST_PAGES = 3  # that offer one file


@dataclass(frozen=True, slots=True)
class Unit:
    """Captures by id: a page, the files that may be its report, and `older` ones whose place these take.
    What is read by itself is a unit without parts.
    """

    page: int
    parts: tuple[int, ...] = ()
    older: tuple[int, ...] = ()

    @property
    def captures(self) -> tuple[int, ...]:
        return self.page, *self.parts


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is to be kept: `result` as the reading of `document` under the address `url`. `together` are the
    other captures it is made from, `taken` the addresses that are no report by themselves then. A file that
    is not the report of its page has that page in `beside`.
    """

    document: Document
    url: str
    result: Result
    together: tuple[int, ...] = ()
    taken: tuple[str, ...] = ()
    beside: str = ""


def newly_offered(
    connection: Connection, capture_ids: Sequence[int], desk: Desk
) -> Iterator[tuple[str, list[str]]]:
    """The pages among the captures that offer other files than was noted of them, each with its files, as far
    as they are their address's newest. A page that cannot be read in bounds offers none.
    """
    urls = urls_of(connection, capture_ids)
    newest = newest_captures(connection, set(urls.values()))
    noted = files_of(connection, set(urls.values()))
    wanted = [each for each in capture_ids if newest.get(urls[each]) == each]
    for stored in load_captures(connection, wanted):
        files = files_in(document_of(stored), desk)
        if files is not None and files != noted.get(stored.capture.url, []):
            yield stored.capture.url, files


def files_in(document: Document, desk: Desk) -> list[str] | None:
    """None where it is no page."""
    if document.capture_id in desk.doomed:
        return None
    with desk.at(document.capture_id):
        body = body_of(document)
        return list(files_on_page(document.url, body)) if body is not None and is_page(body) else None


def is_page(body: bytes) -> bool:
    try:
        return sniff(body) == "html"
    except NotReadable:
        return False


def plan(connection: Connection, wanted: Sequence[int]) -> list[Unit]:
    """Every wanted capture in a unit, in order; a unit also has what must be read again with it."""
    urls = urls_of(connection, wanted)
    offering = pages_of(connection, set(urls.values()))
    pages = {page for url in urls.values() for page in (url, *offering.get(url, ()))}
    parts, newest = parts_of(connection, pages)
    units: dict[int, Unit] = {}
    for capture_id in wanted:
        url = urls[capture_id]
        found = [page for page in (url, *offering.get(url, ())) if page in parts]
        for page in found:
            unit = units.setdefault(newest[page], Unit(newest[page], parts[page]))
            if capture_id not in unit.captures:
                units[unit.page] = replace(unit, older=(*unit.older, capture_id))
        if not found:
            units[capture_id] = Unit(capture_id)
    return list(units.values())


def parts_of(
    connection: Connection, pages: set[str]
) -> tuple[Mapping[str, tuple[int, ...]], Mapping[str, int]]:
    """The captured files of each page that has any, in its order; and the newest capture of everything."""
    offered = files_of(connection, pages)
    files = {file for some in offered.values() for file in some}
    common = {file for file, some in pages_of(connection, files).items() if len(some) > MOST_PAGES}
    newest = newest_captures(connection, pages | files)
    captured = {
        page: tuple(newest[file] for file in some if file in newest and file not in common | offered.keys())
        for page, some in offered.items()
        if page in newest
    }
    return {page: parts for page, parts in captured.items() if parts}, newest


def outcomes(unit: Unit, read: Sequence[tuple[Document, Result]]) -> Iterator[Outcome]:
    """What comes of a unit: the report of its page first, then the files that are no part of it."""
    (page, said), *parts = read
    readable = [(document, result) for document, result in parts if isinstance(result, Extraction)]
    joined = join(said, [result for _, result in readable]) if isinstance(said, Extraction) else None
    others = (*unit.parts, *unit.older)
    if joined is None:
        yield Outcome(page, page.url, said, others)
        taken = []
    else:
        taken = [readable[at][0] for at in joined.taken]
        source = page if joined.source is None else readable[joined.source][0]
        addresses = tuple(document.url for document in taken)
        yield Outcome(source, page.url, joined.extraction, (unit.page, *others), addresses)
    for document, result in parts:
        if document not in taken:
            yield Outcome(document, document.url, result, beside=page.url)
