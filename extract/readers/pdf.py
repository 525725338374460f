"""PDF files: their own text where they have it, else as the scans they are."""

from collections.abc import Iterator, Sized
from dataclasses import replace
from functools import lru_cache

from extract.document import Document, Finding
from extract.readers import printed, scan
from extract.readers.boxes import Box
from extract.readers.formats import NotReadable
from extract.readers.glyphs import text_of, within
from extract.readers.inflation import refuse_bombs
from extract.readers.pdfium import opened, page_at, picture_of
from extract.readers.ruling import Rules

MOST_PAGES = 300
"""No annual report is longer; gazettes and yearbooks are, and are none."""
MOST_GLYPHS = 200_000
"""Signs of all pages together."""
MOST_SCANS = 30
"""Pages read by OCR, at a few seconds each."""


def read_pdf(payload: bytes) -> Document:
    """NotReadable for a PDF that does not open, or is a scan where the ocr extra is not installed."""
    refuse_bombs(payload)
    with opened(payload) as document:
        count = len(document)
        pages = list(_pages(document))
    scans = [page.number for page in pages if not (page.glyphs or page.is_blank)]
    if len(scans) == len(pages):
        scan.require()
    pages = [_read_scan(payload, page) if page.number in scans[:MOST_SCANS] else page for page in pages]
    if not any(page.glyphs for page in pages):
        raise NotReadable("a PDF without text")
    read = printed.document(pages)
    return replace(read, findings=(*read.findings, *_cuts(count, len(pages), len(scans))))


def _cuts(count: int, read: int, scans: int) -> Iterator[Finding]:
    if read < count:
        yield Finding("pages_cut", f"{read} of {count} pages were read")
    if scans > MOST_SCANS:
        yield Finding("scans_cut", f"{MOST_SCANS} of {scans} scanned pages were read")


def _pages(document: Sized) -> Iterator[printed.Page]:
    """As many pages as the limits allow. A broken page costs only itself."""
    left = MOST_GLYPHS
    for number in range(1, min(len(document), MOST_PAGES) + 1):
        try:
            page = page_at(document, number)
        except NotReadable as error:
            page = _unread(printed.Page(number, 0, 0, (), Rules(), is_blank=True), error)
        yield page
        left -= len(page.glyphs)
        if left < 0:
            return


def _unread(page: printed.Page, error: NotReadable) -> printed.Page:
    return replace(page, findings=(Finding("page_unread", str(error), f"page:{page.number}"),))


def _read_scan(payload: bytes, page: printed.Page) -> printed.Page:
    try:
        return _scanned(payload, page.number)
    except NotReadable as error:
        return _unread(page, error)


@lru_cache(maxsize=4)
def _scanned(payload: bytes, number: int) -> printed.Page:
    """Kept, for every place on the page asks for it again."""
    scan.require()
    with opened(payload) as document:
        picture = picture_of(document, number)
    return scan.read_picture(picture, number)


def text_in(payload: bytes, page: int, box: Box) -> str:
    """What stands in a box of a page; LookupError where there is no such page."""
    found = _page_of(payload, page)
    return text_of(within(found.glyphs, box), box.width)


@lru_cache(maxsize=4)
def _page_of(payload: bytes, number: int) -> printed.Page:
    with opened(payload) as document:
        if number > len(document):
            raise LookupError(f"no page {number} in this document")
        found = page_at(document, number)
    return found if found.glyphs else _scanned(payload, number)
