"""PDF files: their own text where they have it, else as the scans they are."""

from collections.abc import Iterator, Sized
from dataclasses import replace
from functools import lru_cache

from extract.document import Document, Finding
from extract.readers import printed, scan
from extract.readers.boxes import Box
from extract.readers.formats import NotReadable
from extract.readers.glyphs import text_of, within
from extract.readers.pdfium import opened, page_at, picture_of
from extract.readers.ruling import Rules

MOST_PAGES = 300
"""No annual report is longer; gazettes and yearbooks are, and are none."""
MOST_GLYPHS = 300_000


MOST_SCANS = 30
"""Pages read by OCR, at a few seconds each."""


def read_pdf(payload: bytes) -> Document:
    """NotReadable for a PDF that does not open, or is a scan where the ocr extra is not installed."""
    with opened(payload) as document:
        count = len(document)
        pages = list(_pages(document))
    if not any(page.glyphs for page in pages):
        pages = [_scanned(payload, page.number) for page in pages[:MOST_SCANS]]
    if not any(page.glyphs for page in pages):
        raise NotReadable("a PDF without text")
    read = printed.document(pages)
    if len(pages) < count:
        cut = Finding("pages_cut", f"{len(pages)} of {count} pages were read")
        return replace(read, findings=(*read.findings, cut))
    return read


def _pages(document: Sized) -> Iterator[printed.Page]:
    """As many pages as the limits allow. A broken page costs only itself."""
    left = MOST_GLYPHS
    for number in range(1, min(len(document), MOST_PAGES) + 1):
        page = _page(document, number)
        left -= len(page.glyphs)
        if left < 0:
            return
        yield page


def _page(document: Sized, number: int) -> printed.Page:
    try:
        return page_at(document, number)
    except NotReadable as error:
        told = Finding("page_unread", str(error), f"page:{number}")
        return printed.Page(number, 0, 0, (), Rules(), findings=(told,))


def _scanned(payload: bytes, number: int) -> printed.Page:
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
    """Kept, for every place on the page asks for it again."""
    with opened(payload) as document:
        if number > len(document):
            raise LookupError(f"no page {number} in this document")
        found = page_at(document, number)
    return found if found.glyphs else _scanned(payload, number)
