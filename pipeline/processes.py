"""Processes that can be stopped: a document may cost itself, and never the night.

A document gets so much CPU, so much time and so much memory. What wants more, or brings its process down,
is not readable, with that as the reason; another process takes over and reads its portion again, without that
document. So a single worker, too, is a process of its own.
"""

import os
import resource
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from multiprocessing.context import BaseContext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from pipeline.errors import WorkFailed

AHEAD = 2  # portions for each process, worked on or waiting, beyond the one whose turn it is to be written
NOWHERE = 0  # the number of no capture
MEGABYTE = 1024 * 1024
Portion = TypeVar("Portion")
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost: seconds of CPU, seconds by the clock, and bytes beyond those that an idle
    process has. Pages that only OCR can read have so many seconds more each, and bytes for its models.
    """

    cpu: float = 5.0
    wall: float = 900.0  # only for what waits and does not work
    memory: int = 500 * MEGABYTE
    scan_cpu: float = 20.0  # a page takes 3 to 8 s, the models 2 s to load
    scan_memory: int = 1500 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a process works: `note` is an open file that says at which capture it is, for who finds it dead;
    `doomed` are the captures that were found out so, each with why it cannot be read.
    """

    limits: Limits
    note: int
    doomed: Mapping[int, str]

    @contextmanager
    def at(self, capture_id: int) -> Iterator[None]:
        """What is done in this block is stopped at the limits."""
        self.write(capture_id)
        signal.setitimer(signal.ITIMER_REAL, self.limits.wall)
        bound(self.limits.cpu, self.limits.memory)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.setitimer(signal.ITIMER_REAL, 0)
            self.write(NOWHERE)

    def write(self, capture_id: int) -> None:
        os.pwrite(self.note, b"%20d" % capture_id, 0)


Work = Callable[[Portion, Desk], Answer]


@dataclass(frozen=True, slots=True)
class Room:
    """Desks, and the folder in which the process at each notes where it is."""

    pool: ProcessPool
    workers: int
    notes: Path
    limits: Limits

    def answers(self, work: Work[Portion, Answer], portions: Iterable[Portion]) -> Iterator[Answer]:
        """In the order of the portions; processes go on with later ones while the caller is busy.

        `work` must be a function of a module, for it is called in other processes; again with the same
        portion, where a document has brought its process down.
        """
        begun: deque[tuple[Portion, ProcessFuture[Answer]]] = deque()
        for portion in portions:
            begun.append((portion, self.begin(work, portion, {})))
            if len(begun) > AHEAD * self.workers:
                yield self.finish(work, *begun.popleft())
        while begun:
            yield self.finish(work, *begun.popleft())

    def begin(
        self, work: Work[Portion, Answer], portion: Portion, doomed: Mapping[int, str]
    ) -> "ProcessFuture[Answer]":
        return self.pool.schedule(at_desk, (work, portion, self.notes, self.limits, doomed))

    def finish(
        self, work: Work[Portion, Answer], portion: Portion, future: "ProcessFuture[Answer]"
    ) -> Answer:
        """Raises WorkFailed where the process dies twice without being at a document."""
        doomed: dict[int, str] = {}
        while True:
            try:
                return future.result()
            except ProcessExpired as error:
                at, why = self.last_at(error.pid), why_expired(error.exitcode, self.limits)
                if at in doomed:
                    raise WorkFailed(why) from error
                doomed[at] = why
            future = self.begin(work, portion, doomed)

    def last_at(self, pid: int) -> int:
        note = self.notes / str(pid)
        return int(note.read_text(encoding="ascii") or NOWHERE) if note.exists() else NOWHERE


@contextmanager
def reading_processes(workers: int, limits: Limits = Limits()) -> Iterator[Room]:
    pool = ProcessPool(workers, initializer=idle_memory, context=server())
    with TemporaryDirectory(prefix="nianbao-notes-") as notes:
        try:
            yield Room(pool, workers, Path(notes), limits)
        finally:
            pool.stop()  # type: ignore[no-untyped-call]
            pool.join()


def server() -> BaseContext:
    """Workers fork from a process that has imported what they need, and has no threads and no database."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["pipeline.warm"])
    return context


def at_desk(
    work: Work[Portion, Answer], portion: Portion, notes: Path, limits: Limits, doomed: Mapping[int, str]
) -> Answer:
    note = os.open(notes / str(os.getpid()), os.O_CREAT | os.O_WRONLY, 0o600)
    try:
        return work(portion, Desk(limits, note, doomed))
    finally:
        os.close(note)


def bound(cpu: float, memory: int) -> None:
    """After `cpu` seconds of CPU the kernel ends this process, in whatever library it is; beyond `memory`
    bytes malloc() fails. Only Linux counts what is really asked for (RLIMIT_DATA) and not mapped files.
    """
    signal.setitimer(signal.ITIMER_PROF, cpu)
    if sys.platform == "linux":
        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (idle_memory() + memory, most))


@cache
def idle_memory() -> int:
    """Bytes of data that this process had when it was asked first, before its first document."""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="ascii").splitlines() if status.exists() else []
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmData:")), 0)


def why_expired(exitcode: int, limits: Limits) -> str:
    if exitcode == -signal.SIGPROF:
        return (
            f"reading it takes more CPU than the {limits.cpu:g} s that a document may have "
            f"({limits.scan_cpu:g} s more for a scanned page)"
        )
    if exitcode == -signal.SIGALRM:
        return f"reading it takes longer than the {limits.wall:g} s that a document may have"
    ended = signal.Signals(-exitcode).name if exitcode < 0 else f"exit status {exitcode}"
    return f"the reading process died of it ({ended}), which is a fault of nianbao or of a library"
