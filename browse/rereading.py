"""A place read again from the archived bytes, to hold against what the database says."""

from sqlalchemy import Connection

from browse.apart import TooMuch, apart
from extract.readers import places
from extract.readers.scanned import scanned_pages
from storage.archive import load_capture
from storage.content import decoded_body

QUICK = ("xpath:", "line:")  # places that need no large library
LARGEST_BODY = 64 * 1024 * 1024  # bytes after content decoding


def read_place(connection: Connection, capture_id: int, place: str) -> str | None:
    """The text at `place` in the capture's payload; None where the place leads nowhere any more."""
    capture = load_capture(connection, capture_id).capture
    body = decoded_body(capture.headers, capture.payload or b"", LARGEST_BODY)
    try:
        if place.startswith(QUICK):
            return places.resolve(body, place)
        return apart(reread, body, place)
    except (LookupError, ValueError, TooMuch):
        return None


def reread(body: bytes, place: str) -> str | None:
    """None for a scan: reading it takes OCR seconds, and who looks sees the picture itself."""
    payload, _ = places.innermost(body, place)
    return None if scanned_pages(payload) else places.resolve(body, place)
