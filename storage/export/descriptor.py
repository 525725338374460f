"""A release's descriptor, datapackage.json: its files, what their columns mean, what it was made from."""

import hashlib
import json
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select

from storage.export.formats import Format
from storage.meanings import Column, Meaning, Reference
from storage.tables import captures, read_captures, readings, reviews, runs

DESCRIPTOR = "datapackage.json"
DATA = "data"  # the folder of the tables
TITLE = "政府信息公开工作年度报告数据 / China's yearly government-information-disclosure reports"
LICENSE = {
    "name": "CC0-1.0",
    "path": "https://creativecommons.org/publicdomain/zero/1.0/",
    "title": "CC0 1.0 Universal; see LICENSE.md",
}
MEDIA_TYPES = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "md": "text/markdown",
    "cff": "application/yaml",
}


def provenance(connection: Connection) -> dict[str, Any]:
    """What identical bytes depend on: the archive up to its newest seal, what persons said, the software."""
    query = select(*runs.c["run_id", "finished_at", "seal"]).where(runs.c.seal.is_not(None))
    last = connection.execute(query.order_by(runs.c.run_id.desc()).limit(1)).mappings().first()
    standing = read_captures.join(readings, readings.c.reading_id == read_captures.c.reading_id)
    read = select(read_captures.c.extractor).select_from(standing).where(readings.c.standing == "current")
    return {
        "finished_at": last["finished_at"] if last else None,
        "run_id": last["run_id"] if last else None,
        "seal": last["seal"] if last else None,
        "captures": connection.scalar(select(func.count()).select_from(captures)),
        "last_review": connection.scalar(select(func.max(reviews.c.review_id))) or 0,
        "extractors": sorted(connection.scalars(read.distinct())),
        "software": {name: version(name) for name in ("nianbao", "pyarrow")},
    }


def write_descriptor(folder: Path, made_from: Mapping[str, Any], resources: list[dict[str, Any]]) -> None:
    descriptor = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "nianbao",
        "title": TITLE,
        "created": made_from["finished_at"],
        "licenses": [LICENSE],
        "nianbao": {name: value for name, value in made_from.items() if name != "finished_at"},
        "resources": resources,
    }
    text = json.dumps(descriptor, ensure_ascii=False, indent=2)
    folder.joinpath(DESCRIPTOR).write_text(f"{text}\n", encoding="utf-8", newline="\n")


def table_resource(folder: Path, meaning: Meaning, written: Format, rows: int) -> dict[str, Any]:
    told = file_resource(folder, folder / DATA / f"{meaning.name}.{written}")
    told |= {"title": meaning.zh, "description": meaning.en}
    if written == "parquet":
        return told  # it carries its own schema
    schemed = {"type": "table", "rows": rows, "encoding": "utf-8", "schema": schema(meaning)}
    return told | {"name": meaning.name} | schemed


def file_resource(folder: Path, path: Path) -> dict[str, Any]:
    written = path.suffix.removeprefix(".")
    return {
        "name": f"{path.stem.lower()}-{written}",
        "type": "file",
        "path": path.relative_to(folder).as_posix(),
        "format": written,
        "mediatype": MEDIA_TYPES[written],
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest_of_file(path)}",
    }


def digest_of_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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
