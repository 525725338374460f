"""Reading again on a Dask cluster of two local workers: how well it uses two cores, and the same rows.

    .venv/bin/python -m benchmarks.cluster [--captures 5000] [--kill]

The pages are invented; each turn reads all of them in a SQLite file of its own, in a process of its own:

    one core        one reading process and the one that writes share it
    two cores       two reading processes here, and the one that writes
    the cluster     two workers of one thread, on the same two cores as the scheduler and the one that writes

Efficiency is the time on one core over twice the cluster's: 1 would be two cores that do twice the work of
one, with nothing spent on telling each other what to do. The rows are compared, and with --kill a worker is
killed half way. What the one that writes takes of the CPU says how many workers it could keep busy.
"""

import os
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle, islice
from multiprocessing import get_context
from multiprocessing.connection import Connection

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
GROUP = 500  # captures filled in at a time


@dataclass(frozen=True, slots=True)
class Turn:
    """`victim` is the process that is killed half way."""

    url: str
    cores: int
    workers: int
    cluster: str = ""
    victim: int | None = None


@click.command()
@click.option("--captures", default=5000, show_default=True)
@click.option("--kill", is_flag=True, help="Kill a worker of the cluster half way.")
def main(captures: int, *, kill: bool) -> None:
    """Print seconds and the efficiency."""
    click.echo(describe_machine())
    with tempfile.TemporaryDirectory(prefix="nianbao-cluster-") as folder, ExitStack() as stack:
        urls = [f"sqlite:///{folder}/{name}.db" for name in "abc"]
        databases = [stack.enter_context(closing(open_database(url))) for url in urls]
        for each in databases:
            fill(each, captures)
        alone = timed("one core", Turn(urls[0], 1, 1), captures)
        local = timed("two cores", Turn(urls[1], WORKERS, WORKERS), captures)
        with local_cluster() as cluster:
            victim = next(iter(cluster.workers.values())).pid if kill else None
            turn = Turn(urls[2], WORKERS, 1, cluster.scheduler_address, victim)
            remote = timed("the cluster" + ", a worker killed" * kill, turn, captures)
        click.echo(f"the cluster is {local / remote:.2f} as fast as two processes here")
        click.echo(f"efficiency {alone / (WORKERS * remote):.2f}")
        same = len({tuple(digests(each)) for each in databases}) == 1
        click.echo("the same rows" if same else "OTHER ROWS")


@contextmanager
def local_cluster() -> Iterator[LocalCluster]:
    os.sched_setaffinity(0, cores(WORKERS))
    with (
        dask.config.set({"distributed.worker.daemon": False}),
        LocalCluster(n_workers=WORKERS, threads_per_worker=1, dashboard_address=None) as cluster,  # type: ignore[no-untyped-call]
    ):
        yield cluster


def cores(number: int) -> list[int]:
    return sorted(os.sched_getaffinity(0))[:number]


def timed(name: str, turn: Turn, captures: int) -> float:
    """Seconds by the clock."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=take, args=(theirs, turn, captures))
    process.start()
    seconds, worked = ours.recv()
    process.join()
    click.echo(
        f"{name}: {seconds:.1f} s, of the one that writes {1000 * worked / captures:.2f} ms of CPU a capture"
    )
    return float(seconds)


def take(pipe: Connection, turn: Turn, captures: int) -> None:
    """Read everything again, and send the seconds by the clock and of this process's CPU."""
    os.sched_setaffinity(0, cores(turn.cores))
    killed: list[int] = []

    def tell(_what: str, done: int, _of: int) -> None:
        if turn.victim is not None and not killed and done >= captures // 2:
            os.kill(turn.victim, signal.SIGKILL)
            killed.append(turn.victim)

    with closing(open_database(turn.url)) as database:
        begun, busy = time.monotonic(), time.process_time()
        read_captures(database, everything=True, workers=turn.workers, cluster=turn.cluster, tell=tell)
        pipe.send((time.monotonic() - begun, time.process_time() - busy))


def fill(database: Database, captures: int) -> None:
    bodies = [page.draw() for pages in map(build_pages, build_sites()) for page in pages.values()]
    pages = (
        Capture(f"http://a.gov.cn/{number}.html", NOW, 200, body, kind="report")
        for number, body in enumerate(islice(cycle(bodies), captures))
    )
    with database.write() as connection:
        run = start_run(connection, "import", NOW)
        while group := list(islice(pages, GROUP)):
            record_captures(connection, run, group)
        finish_run(connection, run, NOW)


def digests(database: Database) -> list[tuple[object, ...]]:
    with database.read() as connection:
        columns = readings.c["reading_id", "report_id", "capture_id", "standing", "version", "digest"]
        return [tuple(row) for row in connection.execute(select(*columns).order_by(readings.c.reading_id))]


if __name__ == "__main__":
    main()
