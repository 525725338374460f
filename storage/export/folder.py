"""A copy for those who trust files: a folder with one WACZ for each run, and the manifest of all seals.

A run never changes once it is sealed, so neither does its file. Bodies that an earlier run had are referred
to there, in its file: the folder is whole together, and every night adds what the night brought.
"""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from storage.database import Database
from storage.export.packages import Chosen, export_manifest, export_wacz, run_name
from storage.replicate import ReplicaError
from storage.tables import runs

MANIFEST = "manifest.json"
Tell = Callable[[str, int, int], None]


def replicate_to_folder(database: Database, folder: Path, now: datetime, tell: Tell) -> list[Path]:
    """Write the runs that the folder lacks; give their files. Raises ReplicaError."""
    folder.mkdir(parents=True, exist_ok=True)
    sealed = sealed_runs(database)
    refuse_strangers(folder, sealed)
    lacking = [run_id for run_id in sealed if not (folder / f"{run_name(run_id)}.wacz").exists()]
    written = []
    for done, run_id in enumerate(lacking, 1):
        file = folder / f"{run_name(run_id)}.wacz"
        export_wacz(database, file, Chosen(run_id=run_id), lambda *_: None)
        written.append(file)
        tell("runs", done, len(lacking))
    half = folder / f".{MANIFEST}"
    export_manifest(database, half, None, now)
    half.replace(folder / MANIFEST)
    return written


def sealed_runs(database: Database) -> dict[int, str]:
    """Seals by run; of runs without captures as well, for the chain goes through them."""
    with database.read() as connection:
        query = select(runs.c.run_id, runs.c.seal).where(runs.c.seal.is_not(None)).order_by(runs.c.run_id)
        return {row.run_id: row.seal for row in connection.execute(query)}


def refuse_strangers(folder: Path, sealed: dict[int, str]) -> None:
    """Raise ReplicaError where the folder holds something else than earlier runs of this database."""
    manifest = folder / MANIFEST
    if not manifest.exists():
        if any(folder.iterdir()):
            raise ReplicaError(f"{folder}: has files in it and no {MANIFEST}; name a new folder")
        return
    try:
        known = {run["run_id"]: run["seal"] for run in json.loads(manifest.read_bytes())["runs"]}
    except (ValueError, KeyError, TypeError) as error:
        raise ReplicaError(f"{manifest}: is no manifest of seals; nothing was copied") from error
    for run_id, seal in known.items():
        if sealed.get(run_id) != seal:
            raise ReplicaError(f"{folder}: its run {run_id} is not one of this database; nothing was copied")
