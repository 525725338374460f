"""How much of a document only OCR can read, at seconds a page where text takes milliseconds."""

from collections.abc import Callable, Mapping

from extract.readers.formats import NotReadable, sniff
from extract.readers.ofd import count_scans
from extract.readers.pdf import MOST_SCANS
from extract.readers.pdfium import opened, page_at


def scanned_pages(payload: bytes) -> int:
    """The pages that will be read as pictures; 0 also for what cannot be read at all."""
    try:
        count = _COUNTED.get(sniff(payload))
        return count(payload) if count else 0
    except NotReadable:
        return 0


def _one(_picture: bytes) -> int:
    return 1


def _without_text(payload: bytes) -> int:
    """All pages or none: a PDF with any text is read by its text."""
    with opened(payload) as document:
        count = min(len(document), MOST_SCANS)
        has_text = any(page_at(document, number).glyphs for number in range(1, count + 1))
    return 0 if has_text else count


_COUNTED: Mapping[str, Callable[[bytes], int]] = {"pdf": _without_text, "image": _one, "ofd": count_scans}
