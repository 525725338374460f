"""A place read again from the archived bytes, to hold against what the database says."""

from sqlalchemy import Connection

from extract.readers import places
from storage.archive import load_capture
from storage.content import decoded_body

LARGEST_BODY = 64 * 1024 * 1024  # bytes after content decoding


def read_place(connection: Connection, capture_id: int, place: str) -> str | None:
    """The text at `place` in the capture's payload; None where the place leads nowhere any more."""
    capture = load_capture(connection, capture_id).capture
    body = decoded_body(capture.headers, capture.payload or b"", LARGEST_BODY)
    try:
        return places.resolve(body, place)
    except (LookupError, ValueError):
        return None
