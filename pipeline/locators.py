"""Every number walked back: each cell's place read again in the archived bytes, against its text."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, Row, select

from extract.decode import decode
from extract.readers.places import resolve
from extract.restore import wording_of
from pipeline.progress import Tell
from pipeline.workers import LARGEST_BODY
from storage.archive import load_capture
from storage.cells import load_cells
from storage.content import ContentError, decoded_body
from storage.database import Database
from storage.payloads import PayloadError
from storage.tables import readings
from storage.verify import Fault

Words = Callable[[str], str]  # from a place to what stands there


def locator_faults(database: Database, tell: Tell) -> Iterator[Fault]:
    """The cells of the reports that now stand whose place does not say what the cell says."""
    query = (
        select(*readings.c["reading_id", "report_id", "capture_id", "is_mirror", "form"])
        .where(readings.c.standing == "current", readings.c.cells_read > 0)
        .order_by(readings.c.reading_id)
    )
    with database.read() as connection:
        found = connection.execute(query).all()
        for done, reading in enumerate(found, 1):
            yield from reading_faults(connection, reading)
            tell("reports", done, len(found))


def reading_faults(connection: Connection, reading: Row[Any]) -> Iterator[Fault]:
    try:
        words = words_of(connection, reading.capture_id, is_mirror=bool(reading.is_mirror))
    except (LookupError, PayloadError, ContentError) as error:
        yield Fault("report", reading.report_id, f"its capture cannot be read again: {error}")
        return
    try:
        cells = load_cells(connection, reading.reading_id, reading.form)
    except ValueError as error:
        yield Fault("report", reading.report_id, str(error))
        return
    for cell in cells:
        where = f"{reading.report_id} {cell.table_code}/{cell.row_code}/{cell.col_code}"
        try:
            said = words(cell.locator)
        except LookupError as error:
            yield Fault("cell", where, str(error))
            continue
        if not agree(cell.raw_text, said):
            yield Fault("cell", where, f"{cell.locator} says {said!r}, the database {cell.raw_text!r}")


def agree(raw_text: str, said: str) -> bool:
    """The cell's own text; or one of several figures that a page prints in one cell, `1 0 4` or `0000`."""
    return said == raw_text or raw_text in said.split() or set(raw_text) == set(said) == {"0"}


def words_of(connection: Connection, capture_id: int, *, is_mirror: bool) -> Words:
    """What the archived document says at a place, a mirror in the official wording as its readings are.

    Raises LookupError, PayloadError and ContentError; what it gives raises LookupError.
    """
    capture = load_capture(connection, capture_id).capture
    body = decoded_body(capture.headers, capture.payload or b"", LARGEST_BODY)
    if not is_mirror:
        return lambda place: resolve(body, place)
    wording = wording_of(decode(body).text)
    return lambda place: wording(resolve(body, place))
