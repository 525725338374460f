"""Reading again on a Dask cluster of two local workers: how well it uses two cores, and the same rows.

    .venv/bin/python -m benchmarks.cluster [--captures 5000] [--kill]

The pages are invented; each turn reads all of them in a SQLite file of its own, in a process of its own:

    one core        one reading process and the one that writes share it
    two cores       two reading processes here, and the one that writes
    the cluster     two workers as the runbook starts them, on the same two cores as the scheduler and the one
                    that writes

Efficiency is the time on one core over twice the cluster's: 1 would be two cores that do twice the work of
one, with nothing spent on telling each other what to do. The rows are compared, and with --kill a worker is
killed half way and started again by its nanny. CPU, too, is given, for a busy machine leaves that comparable:
what the one that writes takes of it says how many reading processes it could keep busy, and the one core's
over the cluster's how efficient it could be at best.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle, islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import click
import psutil  # type: ignore[import-untyped]
from distributed import Client  # loaded before any turn begins, as all else
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
DASK = Path(sys.executable).with_name("dask")
ENVIRON = {"DASK_DISTRIBUTED__WORKER__DAEMON": "False", "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False"}
PATIENCE = 120.0  # seconds for the cluster to stand


@dataclass(frozen=True, slots=True)
class Turn:
    """`others` are processes that work for it and are not its own; the last of them has its worker killed."""

    url: str
    cores: int
    workers: int
    cluster: str = ""
    others: tuple[int, ...] = ()
    kills: bool = False


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds by the clock, of CPU of the one that writes, and of all others."""

    clock: float
    writing: float
    reading: float

    @property
    def cpu(self) -> float:
        return self.writing + self.reading


@click.command()
@click.option("--captures", default=5000, show_default=True)
@click.option("--kill", is_flag=True, help="Kill a worker of the cluster half way.")
def main(captures: int, *, kill: bool) -> None:
    """Print seconds, CPU and the efficiency."""
    click.echo(describe_machine())
    with tempfile.TemporaryDirectory(prefix="nianbao-cluster-") as folder, ExitStack() as stack:
        urls = [f"sqlite:///{folder}/{name}.db" for name in "abc"]
        databases = [stack.enter_context(closing(open_database(url))) for url in urls]
        for each in databases:
            fill(each, captures)
        alone = timed("one core", Turn(urls[0], 1, 1), captures)
        local = timed("two cores", Turn(urls[1], WORKERS, WORKERS), captures)
        with local_cluster(Path(folder)) as (address, pids):
            turn = Turn(urls[2], WORKERS, 1, address, pids, kills=kill)
            remote = timed("the cluster" + ", a worker killed" * kill, turn, captures)
        click.echo(f"the cluster is {local.clock / remote.clock:.2f} as fast as two processes here")
        most = alone.cpu / remote.cpu
        click.echo(f"efficiency {alone.clock / (WORKERS * remote.clock):.2f}, by CPU {most:.2f}")
        same = len({tuple(digests(each)) for each in databases}) == 1
        click.echo("the same rows" if same else "OTHER ROWS")


@contextmanager
def local_cluster(folder: Path) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The scheduler's address, and the processes: first its own, then a nanny for each worker."""
    os.sched_setaffinity(0, cores(WORKERS))
    file = folder / "scheduler.json"
    scheduler = start(folder, "scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
    joins = (
        "--scheduler-file",
        str(file),
        "--nthreads",
        "1",
        "--no-dashboard",
        "--preload",
        "pipeline.remote",
    )
    processes = [scheduler, *(start(folder, "worker", *joins) for _ in range(WORKERS))]
    try:
        yield address_of(file), tuple(process.pid for process in processes)
    finally:
        for process in reversed(processes):
            process.terminate()
            process.wait()


def start(folder: Path, *words: str) -> "subprocess.Popen[bytes]":
    environ = os.environ | ENVIRON  # noqa: TID251 - inherited by Dask
    return subprocess.Popen(
        [DASK, *words], cwd=folder, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def address_of(file: Path) -> str:
    """Of the scheduler, once all workers are there."""
    until = time.monotonic() + PATIENCE
    while not file.exists() and time.monotonic() < until:
        time.sleep(0.1)
    address = str(json.loads(file.read_text(encoding="utf-8"))["address"])
    with Client(address, set_as_default=False) as client:  # type: ignore[no-untyped-call]
        client.wait_for_workers(WORKERS, timeout=PATIENCE)
    return address


def cores(number: int) -> list[int]:
    return sorted(os.sched_getaffinity(0))[:number]


def timed(name: str, turn: Turn, captures: int) -> Cost:
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=take, args=(theirs, turn, captures))
    process.start()
    cost: Cost = ours.recv()
    process.join()
    each = 1000 / captures
    click.echo(
        f"{name}: {cost.clock:.1f} s; CPU a capture {each * cost.writing:.2f} ms of the one that writes,"
        f" {each * cost.reading:.2f} ms of the others"
    )
    return cost


def take(pipe: Connection, turn: Turn, captures: int) -> None:
    """Read everything again, and send what it cost."""
    os.sched_setaffinity(0, cores(turn.cores))
    lost: list[float] = []

    def tell(_what: str, done: int, _of: int) -> None:
        if turn.kills and not lost and done >= captures // 2:
            lost.append(killed(turn.others[-1]))

    with closing(open_database(turn.url)) as database:
        begun, busy, others = time.monotonic(), time.process_time(), spent(turn.others)
        read_captures(database, everything=True, workers=turn.workers, cluster=turn.cluster, tell=tell)
        clock, writing = time.monotonic() - begun, time.process_time() - busy
        own = [child.pid for child in psutil.Process().children()]
        pipe.send(Cost(clock, writing, spent([*turn.others, *own]) - others + sum(lost)))


def killed(nanny: int) -> float:
    """The worker of this nanny; gives the CPU that nobody can be asked for any more."""
    [worker] = [each for each in psutil.Process(nanny).children() if each.children()]
    seconds = sum(spent([child.pid]) for child in worker.children())
    os.kill(worker.pid, signal.SIGKILL)
    return seconds


def spent(pids: Sequence[int]) -> float:
    """Seconds of CPU of processes and all below them, also of those that have ended."""
    every = [
        each for pid in pids for each in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True))
    ]
    return float(sum(sum(each.cpu_times()[:4]) for each in every))


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
