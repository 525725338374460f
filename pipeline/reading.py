"""Captures into readings.

Reading is a pure function of the payload, so it is done by any number of processes (executors.py); only this
one writes (keeping.py), in the order of the captures, in small groups.
"""

from collections.abc import Iterable

from sqlalchemy import Connection

from extract.extraction import EXTRACTOR
from extract.forms.crosswalk import crosswalk
from extract.forms.model import official_forms
from pipeline.attachments import plan
from pipeline.documents import grouped
from pipeline.executors import readers
from pipeline.keeping import ReadingSummary, store_group
from pipeline.progress import Tell
from storage.archive import captures_to_read
from storage.attachments import note_offered
from storage.book import load_book
from storage.cells import CellCode, positions
from storage.crosswalk import CrosswalkRow, store_crosswalk
from storage.database import Database, refresh_statistics

__all__ = ["ReadingSummary", "crosswalk_rows", "number_cells", "read_captures"]


def read_captures(
    database: Database,
    *,
    everything: bool = False,
    workers: int = 1,
    cluster: str = "",
    tell: Tell = lambda _what, _done, _of: None,
) -> ReadingSummary:
    """Read every capture that may be a report and that today's extractor has not read, or all of them: with
    so many processes here, or on the Dask cluster at an address.
    """
    summary = ReadingSummary()
    with database.read() as connection:
        wanted = list(captures_to_read(connection, EXTRACTOR, everything=everything))
    with database.write() as connection:
        store_crosswalk(connection, crosswalk_rows())
        number_cells(connection)
        book = load_book(connection)
    if not wanted:
        return summary
    with readers(database, workers, cluster) as hands:
        note_files(database, hands.files(wanted))
        with database.read() as connection:
            units = plan(connection, wanted)
        for group in grouped(hands.read(units)):
            with database.write() as connection:
                book = store_group(connection, group, summary, book)
            summary.captures += sum(unit.captures for unit in group)
            tell("captures", summary.captures, sum(len(unit.captures) for unit in units))
    refresh_statistics(database)
    return summary


def crosswalk_rows() -> list[CrosswalkRow]:
    return [
        CrosswalkRow(
            measure=measure.code,
            form=measure.form,
            option=measure.option,
            table_code=table,
            row_code=row,
            col_code=column,
            parts=len(measure.cells),
            label=measure.label,
            comparable=int(measure.comparable),
            note=measure.note,
        )
        for measure in crosswalk()
        for table, row, column in measure.cells
    ]


def number_cells(connection: Connection) -> None:
    """Give the forms' cells positions in the forms' order, before a report with few of them gives others."""
    for form in official_forms():
        sheets = [form, *map(form.with_alternate, form.alternates)]
        every = [cell for sheet in sheets for cell in sheet.cells()]
        codes = [CellCode(table.code, row.code, column.code, column.unit) for table, row, column in every]
        positions(connection, form.code, codes)


def note_files(database: Database, offered: Iterable[tuple[str, list[str]]]) -> None:
    """Before anything is read, for a file may have been captured before the page that offers it."""
    for group in grouped(offered):
        with database.write() as connection:
            note_offered(connection, dict(group))
