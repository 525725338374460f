"""A release of many reports: how much memory and time it takes, beside its cells taken out by other hands.

    .venv/bin/python -m benchmarks.national --reports 100000 --copies 20 --db sqlite:///national.db
    .venv/bin/python -m benchmarks.release --db sqlite:///national.db [--since]

The export runs in a process of its own; its memory is the most that ever was resident. The peer is what a
notebook would do: one query for all cells and pandas' to_csv, a hundred thousand rows at a time, on the same
database in the same run. With --since a second release is held against the first.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import click

from benchmarks.machine import describe_machine

BIN = Path(sys.executable).parent
CAP = 300  # MB
PEER = """
import sys
import pandas
from sqlalchemy import create_engine
with create_engine(sys.argv[1]).connect().execution_options(stream_results=True) as connection:
    query = "SELECT * FROM cells ORDER BY report_id, table_code, row_code, col_code"
    for number, frame in enumerate(pandas.read_sql(query, connection, chunksize=100_000)):
        frame.to_csv(sys.argv[2], mode="a", header=number == 0, index=False)
"""


@click.command()
@click.option("--db", required=True, metavar="URL")
@click.option("--since", is_flag=True, help="Also a second release, held against the first.")
@click.option("--peer/--no-peer", default=True, show_default=True)
def main(*, db: str, since: bool, peer: bool) -> None:
    """Print the most resident memory, CPU time and rows."""
    click.echo(describe_machine())
    with tempfile.TemporaryDirectory(prefix="nianbao-bench-") as folder:
        first = f"{folder}/1"
        ours = measured("release", [BIN / "nianbao", "export", "datapackage", first, "--db", db])
        resources = json.loads(Path(first, "datapackage.json").read_bytes())["resources"]
        rows = next(each["rows"] for each in resources if each["name"] == "cells")
        size = sum(each["bytes"] for each in resources)
        click.echo(f"{rows:,} cells, {size / 1e6:,.0f} MB in all; {ours / rows * 1e6:.1f} us of CPU a cell")
        if since:
            second = ["--since", first, "--db", db]
            words: list[str | Path] = [BIN / "nianbao", "export", "datapackage", f"{folder}/2", *second]
            measured("release, with changes", words)
        if peer:
            notebook = [sys.executable, "-c", PEER, db, f"{folder}/cells.csv"]
            theirs = measured("pandas, cells as CSV alone", notebook)
            click.echo(f"all tables, twice: {ours / theirs:.2f} of the CPU of pandas for cells.csv alone")


def measured(what: str, words: Sequence[str | Path]) -> float:
    """Run it to its end; print its peak and its CPU seconds, and give the latter."""
    begun = time.monotonic()
    child = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    peak, cpu = used.ru_maxrss // 1000, used.ru_utime + used.ru_stime
    verdict = "within" if peak <= CAP else "OVER"
    click.echo(
        f"{what}: status {child.returncode}, most {peak} MB ({verdict} {CAP} MB), "
        f"{cpu:.0f} s of CPU, {time.monotonic() - begun:.0f} s by the clock"
    )
    return cpu


if __name__ == "__main__":
    main()
