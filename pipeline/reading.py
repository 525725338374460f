"""Captures into readings.

Reading is a pure function of the payload, so it is done by any number of processes (executors.py); only this
one writes (keeping.py), in the order of the captures, in small groups.
"""

from collections.abc import Sequence
from itertools import islice

from sqlalchemy import Connection

from extract.extraction import EXTRACTOR
from extract.forms.crosswalk import crosswalk
from extract.forms.model import official_forms
from pipeline.attachments import newly_offered, outcomes, plan
from pipeline.documents import grouped
from pipeline.executors import executor
from pipeline.keeping import ReadingSummary, store_group
from pipeline.progress import Tell
from storage.archive import captures_to_read
from storage.attachments import note_offered
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
    note_files(database, wanted)
    with database.write() as connection:
        store_crosswalk(connection, crosswalk_rows())
        number_cells(connection)
        units = plan(connection, wanted)
    with executor(database, workers, cluster) as read_all:
        results = read_all([each for unit in units for each in unit.captures])
        for group in grouped(units):
            together = [(unit, list(islice(results, len(unit.captures)))) for unit in group]
            with database.write() as connection:
                store_group(
                    connection, [each for unit, read in together for each in outcomes(unit, read)], summary
                )
            summary.captures += sum(len(unit.captures) for unit in group)
            tell("captures", summary.captures, sum(len(unit.captures) for unit in units))
    if summary.captures:
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


def note_files(database: Database, capture_ids: Sequence[int]) -> None:
    """Before anything is read, for a file may have been captured before the page that offers it."""
    for group in grouped(capture_ids):
        with database.read() as connection:
            changed = dict(newly_offered(connection, group))
        if changed:
            with database.write() as connection:
                note_offered(connection, changed)
