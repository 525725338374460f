"""Where captures are read: in processes of this machine, or by a Dask cluster that sees the same database.

Either way the answers come in the order they were asked for and only this process writes, so what is stored
is the same. Nothing is kept elsewhere: who stops half way runs the command again and goes on.
"""

import pickle
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4

from extract.extraction import EXTRACTOR
from pipeline.attachments import Unit
from pipeline.documents import GROUP, grouped
from pipeline.errors import UsageProblem
from pipeline.portions import Asked, Errand, FindFiles, ReadUnit, ReadUnits
from pipeline.processes import reading_processes
from pipeline.remote import answer_here
from pipeline.work import answer
from pipeline.workers import Read, read
from storage.database import Database

if TYPE_CHECKING:
    from distributed import Client, Future

PATIENCE = 20  # seconds for a scheduler to answer
AHEAD = 3  # portions under way for each thread of the cluster: one read, one waiting, one on its way back
LOOKED_AT = 250  # captures of a portion of which only the links are looked at
SHARES = 4  # portions for each that reads, at least, so that they end together
Item = TypeVar("Item")
Answers = Callable[[Iterable[bytes]], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Readers:
    """So many that read, wherever they are."""

    number: int
    url: str
    run: str
    answers: Answers
    reads: Read = read

    def files(self, capture_ids: Sequence[int]) -> Iterator[tuple[str, list[str]]]:
        """Pages that offer other files than was noted of them, each with its files."""
        yield from self.done(FindFiles, capture_ids, LOOKED_AT)

    def read(self, units: Sequence[Unit]) -> Iterator[ReadUnit]:
        """What comes of each, in their order."""
        yield from self.done(lambda portion: ReadUnits(portion, self.reads), units, GROUP)

    def done(self, errand: Callable[[list[Item]], Errand], items: Sequence[Item], most: int) -> Iterator[Any]:
        size = max(1, min(most, len(items) // (SHARES * self.number)))
        for found in self.answers(self.asked(errand(portion)) for portion in grouped(items, size)):
            yield from pickle.loads(found)  # noqa: S301 - from processes that we have started or trust

    def asked(self, errand: Errand) -> bytes:
        return pickle.dumps(Asked(self.url, self.run, EXTRACTOR, errand))


def readers(database: Database, workers: int, cluster: str = "") -> AbstractContextManager[Readers]:
    return on_cluster(database, cluster) if cluster else on_this_machine(database, workers)


@contextmanager
def on_this_machine(database: Database, workers: int, read: Read = read) -> Iterator[Readers]:
    with reading_processes(workers) as room:
        yield Readers(workers, address_of(database), uuid4().hex, partial(room.answers, answer), read)


@contextmanager
def on_cluster(database: Database, address: str, read: Read = read) -> Iterator[Readers]:
    """Raises UsageProblem where no scheduler answers; what it gives, WorkFailed for unfit workers."""
    with connected(address) as client:
        cores = threads(client)
        yield Readers(cores, address_of(database), uuid4().hex, partial(answers, client), read)


def answers(client: "Client", portions: Iterable[bytes]) -> Iterator[bytes]:
    begun: deque[tuple[bytes, Future[bytes]]] = deque()
    for asked in portions:
        begun.append((asked, client.submit(answer_here, asked, pure=False)))
        if len(begun) > AHEAD * threads(client):
            yield finished(*begun.popleft())
    while begun:
        yield finished(*begun.popleft())


def address_of(database: Database) -> str:
    """The same database as seen from any folder."""
    url = database.engine.url
    if url.get_backend_name() == "sqlite":
        url = url.set(database=str(Path(url.database or "").resolve()))
    return url.render_as_string(hide_password=False)


@contextmanager
def connected(address: str) -> Iterator["Client"]:
    try:
        from distributed import Client
        from distributed.comm.addressing import get_address_host_port
    except ImportError as error:
        raise UsageProblem(
            "--cluster needs Dask: install nianbao with its extra, `uv sync --extra cluster`"
        ) from error
    try:
        get_address_host_port(address, strict=True)
    except ValueError as error:
        raise UsageProblem(f"{address}: a scheduler's address is written as tcp://10.0.0.1:8786") from error
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError) as error:
        raise UsageProblem(f"{address}: no Dask scheduler answers there") from error
    with client:
        yield client


def threads(client: "Client") -> int:
    return sum(client.nthreads().values())  # type: ignore[no-untyped-call]


def finished(asked: bytes, future: "Future[bytes]") -> bytes:
    """A portion that killed its workers, or seemed to, is read here, each document in bounds of its own."""
    from distributed import KilledWorker

    try:
        return future.result()
    except KilledWorker:
        with reading_processes(1) as room:
            [found] = room.answers(answer, [asked])
            return found
