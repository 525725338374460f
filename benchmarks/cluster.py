"""Reading again on a Dask cluster of two local workers, beside two processes here, in the same run.

    .venv/bin/python -m benchmarks.cluster [--captures 5000] [--kill]

The pages are invented, in a SQLite file; everything in it is read again by each in turn. Efficiency is the
local time over the cluster's. The rows are compared, and with --kill a worker is killed half way.
"""

import os
import signal
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from itertools import cycle, islice

import click
import dask
from distributed import LocalCluster
from sqlalchemy import select

from benchmarks.machine import describe_machine
from pipeline.reading import read_captures
from samples.pages import build_pages
from samples.site import build_sites
from storage.archive import record_captures
from storage.captures import Capture
from storage.database import Database, open_database
from storage.runs import finish_run, start_run
from storage.tables import readings

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
WORKERS = 2


@click.command()
@click.option("--captures", default=5000, show_default=True)
@click.option("--kill", is_flag=True, help="Kill a worker of the cluster half way.")
def main(captures: int, *, kill: bool) -> None:
    """Print seconds and the efficiency."""
    click.echo(describe_machine())
    with (
        tempfile.TemporaryDirectory(prefix="nianbao-cluster-") as folder,
        closing(open_database(f"sqlite:///{folder}/a.db")) as database,
        closing(open_database(f"sqlite:///{folder}/b.db")) as other,
        dask.config.set({"distributed.worker.daemon": False}),
        LocalCluster(n_workers=WORKERS, threads_per_worker=1, dashboard_address=None) as cluster,  # type: ignore[no-untyped-call]
    ):
        for each in (database, other):
            fill(each, captures)
        local = seconds(database, captures)
        victim = next(iter(cluster.workers.values())).pid if kill else None
        remote = seconds(other, captures, cluster.scheduler_address, victim)
        click.echo(f"{WORKERS} processes here: {local:.1f} s; {WORKERS} workers of a cluster: {remote:.1f} s")
        click.echo(f"efficiency {local / remote:.2f}")
        click.echo("the same rows" if digests(database) == digests(other) else "OTHER ROWS")


def fill(database: Database, captures: int) -> None:
    bodies = [page.draw() for pages in map(build_pages, build_sites()) for page in pages.values()]
    with database.write() as connection:
        run = start_run(connection, "import", NOW)
        pages = [
            Capture(f"http://a.gov.cn/{number}.html", NOW, 200, body, kind="report")
            for number, body in enumerate(islice(cycle(bodies), captures))
        ]
        record_captures(connection, run, pages)
        finish_run(connection, run, NOW)


def seconds(database: Database, captures: int, cluster: str = "", victim: int | None = None) -> float:
    killed: list[int] = []

    def tell(_what: str, done: int, _of: int) -> None:
        if victim is not None and not killed and done >= captures // 2:
            os.kill(victim, signal.SIGKILL)
            killed.append(victim)

    begun = time.monotonic()
    read_captures(database, everything=True, workers=WORKERS, cluster=cluster, tell=tell)
    return time.monotonic() - begun


def digests(database: Database) -> list[tuple[object, ...]]:
    with database.read() as connection:
        columns = readings.c["reading_id", "report_id", "capture_id", "standing", "version", "digest"]
        return [tuple(row) for row in connection.execute(select(*columns).order_by(readings.c.reading_id))]


if __name__ == "__main__":
    main()
