"""A release: every table as CSV and Parquet with a Frictionless descriptor, the same bytes whenever and from
whichever database it is made. No clock is read: its date is that of the archive's last run.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select

from storage.database import Database
from storage.export.codebook import Dictionary, codebook_rows, wide_meaning, wide_rows
from storage.export.formats import FORMATS, Format, write_rows
from storage.export.selection import Row, Selection, Tell, chosen_reports, rows_of
from storage.meanings import Column, Meaning, Reference, load_meanings
from storage.tables import captures, readings, runs

DESCRIPTOR = "datapackage.json"
MEDIA_TYPES: dict[Format, str] = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
TITLE = "政府信息公开工作年度报告数据 / China's yearly government-information-disclosure reports"


@dataclass(frozen=True, slots=True)
class Source:
    """What rows are made of: one view of the database, the chosen reports, the forms."""

    connection: Connection
    selection: Selection
    reports: Sequence[str]
    dictionary: Dictionary

    def rows(self, meaning: Meaning, tell: Tell) -> Iterator[Row]:
        form = meaning.name.removeprefix("form_")
        if meaning.name == "codebook":
            return codebook_rows(self.connection, self.dictionary.cells, self.reports, tell)
        if meaning.name == "measures":
            return map(astuple, self.dictionary.measures)
        if form != meaning.name:
            cells = [cell for cell in self.dictionary.cells if cell.form == form]
            return wide_rows(self.connection, form, cells, self.reports, tell)
        return rows_of(self.connection, meaning, self.selection, self.reports, tell)


def release_tables(dictionary: Dictionary) -> dict[str, Meaning]:
    """All tables of a release by name: those of the contract, the codebook, one wide table for each form."""
    forms = {form: [cell for cell in dictionary.cells if cell.form == form] for form in dictionary.forms()}
    wide = [wide_meaning(form, cells) for form, cells in forms.items()]
    return {**load_meanings(), **{meaning.name: meaning for meaning in wide}}


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
        return {
            name: write_rows(folder / name, tables[name].columns, source.rows(tables[name], tell), formats)
            for name in names
        }


def export_datapackage(
    database: Database, folder: Path, selection: Selection, dictionary: Dictionary, tell: Tell
) -> dict[str, int]:
    """Write all tables and, last, the descriptor; give how many rows each table has."""
    tables = release_tables(dictionary)
    data = folder / "data"
    rows = export_tables(database, data, list(tables), FORMATS, selection, dictionary, tell)
    with database.read() as connection:
        made_from = provenance(connection)
    resources = [
        resource(data, meaning, each, rows[meaning.name]) for each in FORMATS for meaning in tables.values()
    ]
    descriptor = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "nianbao",
        "title": TITLE,
        "created": made_from.pop("finished_at"),
        "nianbao": made_from | {"selection": asdict(selection)},
        "resources": resources,
    }
    text = json.dumps(descriptor, ensure_ascii=False, indent=2)
    folder.joinpath(DESCRIPTOR).write_text(f"{text}\n", encoding="utf-8", newline="\n")
    return rows


def provenance(connection: Connection) -> dict[str, Any]:
    """The archive's newest seal, and whose readings these are."""
    query = select(*runs.c["run_id", "finished_at", "seal"]).where(runs.c.seal.is_not(None))
    last = connection.execute(query.order_by(runs.c.run_id.desc()).limit(1)).mappings().first()
    read = select(readings.c.extractor).where(readings.c.standing == "current").distinct()
    return {
        "finished_at": last["finished_at"] if last else None,
        "run_id": last["run_id"] if last else None,
        "seal": last["seal"] if last else None,
        "captures": connection.scalar(select(func.count()).select_from(captures)),
        "extractors": sorted(connection.scalars(read)),
    }


def resource(folder: Path, meaning: Meaning, written: Format, rows: int) -> dict[str, Any]:
    path = folder / f"{meaning.name}.{written}"
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    told: dict[str, Any] = {
        "name": meaning.name if written == "csv" else f"{meaning.name}-{written}",
        "path": f"{folder.name}/{path.name}",
        "title": meaning.zh,
        "description": meaning.en,
        "format": written,
        "mediatype": MEDIA_TYPES[written],
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest}",
    }
    if written == "parquet":
        return told | {"type": "file"}  # it carries its own schema
    return told | {"type": "table", "rows": rows, "encoding": "utf-8", "schema": schema(meaning)}


def schema(meaning: Meaning) -> dict[str, Any]:
    told: dict[str, Any] = {"fields": list(map(field, meaning.columns)), "missingValues": [""]}
    if meaning.key:
        told["primaryKey"] = list(meaning.key)
    if meaning.refers:
        told["foreignKeys"] = list(map(foreign_key, meaning.refers))
    return told


def field(column: Column) -> dict[str, Any]:
    told: dict[str, Any] = {"name": column.name, "type": column.kind, "title": column.zh}
    told["description"] = column.en
    if column.unit:
        told["unit"] = column.unit
    if column.kind == "boolean":
        told |= {"trueValues": ["1"], "falseValues": ["0"]}
    if column.kind == "datetime":
        told["format"] = "%Y-%m-%dT%H:%M:%S.%fZ"
    return told


def foreign_key(reference: Reference) -> dict[str, Any]:
    return {
        "fields": list(reference.columns),
        "reference": {"resource": reference.table, "fields": list(reference.keys)},
    }
