"""What the archive survives: kills, failures at every write, full disks, locks, and bits that flip.

    .venv/bin/python -m benchmarks.faults [--kills 1000] [--flips 2000] [--db URL of an empty Postgres]

After each fault: every acknowledged capture is there, nothing is half visible, `verify` finds nothing wrong,
and recording goes on without a manual step. For flips the other way round: `verify` must find each. On
Postgres: kills of ours and of the server, lost connections, and failures at every statement and commit.
"""

import random
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from benchmarks.faults.failures import (
    Fresh,
    backwards,
    every_call,
    every_statement,
    full_disk,
    locked,
    read_only,
)
from benchmarks.faults.flips import flips_in_file, flips_in_rows
from benchmarks.faults.ingest import Row
from benchmarks.faults.kills import kills, lost_connection, server_crashes
from benchmarks.machine import describe_machine


def on_sqlite(folder: Path, number: int, flipped: int, chance: random.Random) -> Iterator[Row]:
    fresh = Fresh(folder)
    yield locked(fresh)
    yield backwards(fresh)
    yield read_only(fresh)
    yield full_disk(fresh)
    yield from every_statement(fresh)
    yield from every_call(fresh)
    yield from flips_in_rows(folder, flipped, chance)
    yield flips_in_file(folder, flipped // 2, chance)
    yield kills(f"sqlite:///{folder}/kills.db", number, chance)


def on_postgres(folder: Path, url: str, number: int, chance: random.Random) -> Iterator[Row]:
    yield from every_statement(Fresh(folder, url))
    yield lost_connection(url)
    yield kills(url, number, chance)
    yield server_crashes(url)


@click.command()
@click.option("--kills", "number", default=1000, show_default=True)
@click.option("--flips", "flipped", default=2000, show_default=True)
@click.option("--db", default="", help="An empty Postgres database, to be tried instead of SQLite.")
@click.option("--seed", default=1, show_default=True)
def main(number: int, flipped: int, db: str, seed: int) -> None:
    """Run the campaign and print its table. Exit status 1 if anything was lost or missed."""
    console = Console()
    console.print(describe_machine(), soft_wrap=True)
    table = Table("fault", "tried", "found")
    clean = True
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="nianbao-faults-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # one of the tries gives up being root
        rows = on_postgres(folder, db, number, chance) if db else on_sqlite(folder, number, flipped, chance)
        for what, tried, found in rows:
            table.add_row(what, str(tried), found)
            console.print(f"{what}: {tried} tried, {found}")
            clean = clean and re.search(r"\b0 (problems|missed)", found) is not None
    console.print(table)
    raise SystemExit(not clean)


if __name__ == "__main__":
    main()
