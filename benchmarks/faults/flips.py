"""Bits that flip and ends that are cut off, in rows and in the file as it lies: verify must find each."""

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from benchmarks.faults.ingest import Row, record, wrong
from storage.database import Database, DatabaseError, open_database
from storage.tables import metadata
from storage.verify import verify

ARCHIVE = ("runs", "dictionaries", "payloads", "addresses", "requests", "heads", "capture_rows")
# What a living run keeps for itself proves nothing and is not sealed.
UNSEALED = {("runs", "owner"), ("runs", "seen_at")}
NIGHTS = 3
MANY_NIGHTS = 40  # so that less of the file is empty pages of other tables


def flips_in_rows(folder: Path, number: int, chance: random.Random) -> Iterator[Row]:
    """Change one value of one row by a bit or by cutting its end off, `number` times."""
    missed: dict[str, int] = dict.fromkeys(ARCHIVE, 0)
    tried: dict[str, int] = dict.fromkeys(ARCHIVE, 0)
    with closing(open_database(f"sqlite:///{folder}/flips.db")) as database:
        fill(database, NIGHTS)
        while sum(tried.values()) < number:
            table = chance.choice(("payloads", "payloads", "dictionaries", *ARCHIVE))
            with changed(database, table, chance) as what:
                if what and not any(True for _ in verify(database)):
                    missed[table] += 1
                    print("missed", table, what)
                tried[table] += bool(what)
    for table in ARCHIVE:
        yield f"bit flips and truncations of rows: {table}", tried[table], f"{missed[table]} missed"


def fill(database: Database, nights: int) -> None:
    for night in range(nights):
        record(database, night, 1)


@contextmanager
def changed(database: Database, table: str, chance: random.Random) -> Iterator[str]:
    columns = [each.name for each in metadata.tables[table].columns if (table, each.name) not in UNSEALED]
    key = next(iter(metadata.tables[table].primary_key.columns)).name
    column = "body" if "checksum" in columns and chance.random() < 0.7 else chance.choice(columns)
    with closing(database.engine.raw_connection()) as raw:
        cursor = raw.cursor()
        cursor.execute("PRAGMA foreign_keys = OFF")
        cursor.execute("PRAGMA query_only = OFF")
        cursor.execute(f"SELECT rowid, {column} FROM {table} ORDER BY random() LIMIT 1")
        found = cursor.fetchone()
        assert found is not None
        at, value = found
        other = damaged(value, chance)
        if other == value:
            yield ""
            return
        try:
            cursor.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (other, at))
        except sqlite3.Error:  # a constraint will not have it: the database itself refuses
            yield ""
            return
        now = other if column == key else at
        try:
            yield f"{column}: {value!r:.60} -> {other!r:.60}"
        finally:
            cursor.execute("PRAGMA foreign_keys = OFF")
            cursor.execute("PRAGMA query_only = OFF")
            cursor.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (value, now))


def damaged(value: Any, chance: random.Random) -> Any:
    if isinstance(value, int):
        return value ^ (1 << chance.randrange(16))
    if isinstance(value, str):
        return damaged(value.encode(), chance).decode("latin-1") if value else value
    if not value:
        return value
    if chance.random() < 0.2:
        return value[: chance.randrange(len(value))]
    at = chance.randrange(len(value))
    return value[:at] + bytes([value[at] ^ (1 << chance.randrange(7))]) + value[at + 1 :]


def flips_in_file(folder: Path, number: int, chance: random.Random) -> Row:
    """Flip a bit of the SQLite file, wherever it falls. Found, or nothing of the archive is another for it:
    the bit lay in room that is not used.
    """
    whole, hurt = folder / "whole.db", folder / "hurt.db"
    with closing(open_database(f"sqlite:///{whole}")) as database:
        fill(database, MANY_NIGHTS)
        with closing(database.engine.raw_connection()) as raw:
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content, said = whole.read_bytes(), contents_of(whole)
    harmless = missed = 0
    for _ in range(number):
        bit = chance.randrange(8 * len(content))
        for old in folder.glob("hurt.db*"):
            old.unlink()
        shutil.copy(whole, hurt)
        with hurt.open("r+b") as file:
            file.seek(bit // 8)
            file.write(bytes((content[bit // 8] ^ 1 << bit % 8,)))
        if is_found(hurt):
            continue
        if contents_of(hurt) == said:
            harmless += 1
        else:
            missed += 1
            print("missed bit", bit, "of the file")
    return "bit flips of the file", number, f"{harmless} in room not used, {missed} missed"


def is_found(file: Path) -> bool:
    try:
        return bool(wrong(f"sqlite:///{file}"))
    except DatabaseError:
        return True


def contents_of(file: Path) -> list[object]:
    """Every row of the archive, but for what is not sealed."""
    rows: list[object] = []
    with closing(sqlite3.connect(file)) as raw:
        for table in ARCHIVE:
            columns = [
                each.name for each in metadata.tables[table].columns if (table, each.name) not in UNSEALED
            ]
            rows += raw.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY 1").fetchall()
    return rows
