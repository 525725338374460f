"""A release: every table as CSV and Parquet with a Frictionless descriptor, the same bytes whenever and from
whichever database it is made. No clock is read: its date is that of the archive's last run.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, astuple, dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from storage.database import Database
from storage.export.cells import FROM_LISTS
from storage.export.changes import change_rows, refuse_another
from storage.export.codebook import Dictionary, codebook_rows, wide_meaning, wide_rows
from storage.export.descriptor import DATA, file_resource, provenance, table_resource, write_descriptor
from storage.export.documents import write_documents
from storage.export.formats import FORMATS, Format, write_rows
from storage.export.quality import counted
from storage.export.released import Release
from storage.export.selection import Row, Selection, Tell, chosen_reports, rows_of
from storage.meanings import Meaning, load_meanings

CHANGES = "changes"  # the table that only a release after another one has


@dataclass(frozen=True, slots=True)
class Source:
    """What rows are made of: one view of the database, the chosen reports, the forms. `counts` grow as rows
    are written.
    """

    connection: Connection
    selection: Selection
    reports: Sequence[str]
    dictionary: Dictionary
    counts: dict[str, Counter[Any]] = field(default_factory=lambda: defaultdict(Counter))

    def rows(self, meaning: Meaning, tell: Tell) -> Iterator[Row]:
        form = meaning.name.removeprefix("form_")
        if meaning.name == "codebook":
            return codebook_rows(self.connection, self.dictionary.cells, self.reports, tell)
        if meaning.name == "measures":
            return map(astuple, self.dictionary.measures)
        if meaning.name in FROM_LISTS:
            return FROM_LISTS[meaning.name](self.connection, self.reports, tell)
        if form != meaning.name:
            cells = [cell for cell in self.dictionary.cells if cell.form == form]
            return wide_rows(self.connection, form, cells, self.reports, tell)
        return rows_of(self.connection, meaning, self.selection, self.reports, tell)

    def write(
        self, folder: Path, meanings: Iterable[Meaning], formats: Sequence[Format], tell: Tell
    ) -> dict[str, int]:
        return {each.name: self.put(folder, each, self.rows(each, tell), formats) for each in meanings}

    def put(self, folder: Path, meaning: Meaning, rows: Iterator[Row], formats: Sequence[Format]) -> int:
        seen = counted(rows, meaning, self.counts[meaning.name])
        return write_rows(folder / meaning.name, meaning.columns, seen, formats)


def release_tables(dictionary: Dictionary) -> dict[str, Meaning]:
    """The tables of every release by name: those of the contract, the codebook, a wide one for each form."""
    forms = {form: [cell for cell in dictionary.cells if cell.form == form] for form in dictionary.forms()}
    wide = {f"form_{form}": wide_meaning(form, cells) for form, cells in forms.items()}
    return {name: meaning for name, meaning in load_meanings().items() if name != CHANGES} | wide


def export_tables(
    database: Database,
    folder: Path,
    names: Sequence[str],
    formats: Sequence[Format],
    selection: Selection,
    dictionary: Dictionary,
    tell: Tell,
) -> dict[str, int]:
    """Write each named table into the folder; give how many rows each has."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = release_tables(dictionary)
    with database.read() as connection:
        source = Source(connection, selection, chosen_reports(connection, selection), dictionary)
        return source.write(folder, [tables[name] for name in names], formats, tell)


def export_datapackage(
    database: Database,
    folder: Path,
    selection: Selection,
    dictionary: Dictionary,
    tell: Tell,
    earlier: Release | None = None,
) -> dict[str, int]:
    """Write all tables, what a reader must know of them and, last, the descriptor; give how many rows each
    table has. With an earlier release, also what is otherwise than in it. Raises ReleaseError, before
    anything is written, where that is not one of this archive.
    """
    with database.read() as connection:
        if earlier:
            refuse_another(connection, earlier, selection)
        made_from = provenance(connection) | {"selection": asdict(selection)} | since(earlier)
        source = Source(connection, selection, chosen_reports(connection, selection), dictionary)
        folder.joinpath(DATA).mkdir(parents=True, exist_ok=True)
        tables = release_tables(dictionary)
        rows = source.write(folder / DATA, tables.values(), FORMATS, tell)
        if earlier:
            tables[CHANGES] = load_meanings()[CHANGES]
            changes = change_rows(connection, earlier, Release(folder, {}))
            rows[CHANGES] = source.put(folder / DATA, tables[CHANGES], changes, FORMATS)
    documents = write_documents(folder, made_from, dictionary, source.counts, rows)
    resources = [
        table_resource(folder, meaning, each, rows[meaning.name])
        for each in FORMATS
        for meaning in tables.values()
    ]
    write_descriptor(folder, made_from, [*resources, *(file_resource(folder, path) for path in documents)])
    return rows


def since(earlier: Release | None) -> dict[str, Any]:
    """What is told of the release that `changes` is held against."""
    if earlier is None:
        return {}
    told = {name: earlier.made_from[name] for name in ("run_id", "seal")}
    return {"since": {"created": earlier.descriptor["created"], **told, "digest": earlier.digest}}
