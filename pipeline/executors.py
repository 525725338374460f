"""Where captures are read: in processes of this machine, or by a Dask cluster that sees the same database.

Either way the results come in the order they were asked for and only this process writes, so what is stored
is the same. Nothing is kept elsewhere: who stops half way runs the command again and goes on.
"""

import atexit
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from functools import cache
from multiprocessing import current_process
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.engine import URL

from extract.extraction import EXTRACTOR
from pipeline.documents import grouped, load_documents
from pipeline.errors import UsageProblem, WorkFailed
from pipeline.workers import Document, Read, Result, read, reading_processes
from storage.database import Database, open_database

if TYPE_CHECKING:
    from distributed import Client, Future

PATIENCE = 20  # seconds for a scheduler to answer
AHEAD = 3  # ranges under way for each thread of the cluster: one read, one waiting, one on its way back
Results = list[tuple[Document, Result]]
ReadCaptures = Callable[[Sequence[int]], Iterator[tuple[Document, Result]]]


def executor(database: Database, workers: int, cluster: str = "") -> AbstractContextManager[ReadCaptures]:
    """Gives the function that reads: captures' ids into documents with their results, in that order."""
    return on_cluster(database, cluster) if cluster else on_this_machine(database, workers)


@contextmanager
def on_this_machine(database: Database, workers: int) -> Iterator[ReadCaptures]:
    with reading_processes(workers) as read_all:
        yield lambda capture_ids: read_all(load_documents(database, capture_ids))


@contextmanager
def on_cluster(database: Database, address: str, read: Read = read) -> Iterator[ReadCaptures]:
    """Raises UsageProblem where no scheduler answers; what it gives, WorkFailed for unfit workers."""
    url = address_of(database.engine.url).render_as_string(hide_password=False)
    with connected(address) as client:

        def read_all(capture_ids: Sequence[int]) -> Iterator[tuple[Document, Result]]:
            begun: deque[tuple[list[int], Future[Results]]] = deque()
            for ids in grouped(capture_ids):
                begun.append((ids, client.submit(read_range, url, EXTRACTOR, ids, read, pure=False)))
                if len(begun) > AHEAD * threads(client):
                    yield from finished(database, *begun.popleft(), read)
            while begun:
                yield from finished(database, *begun.popleft(), read)

        yield read_all


def address_of(url: URL) -> URL:
    """The same database as seen from any folder."""
    is_file = url.get_backend_name() == "sqlite" and url.database is not None
    return url.set(database=str(Path(url.database or "").resolve())) if is_file else url


@contextmanager
def connected(address: str) -> Iterator["Client"]:
    try:
        from distributed import Client
    except ImportError as error:
        raise UsageProblem(
            "--cluster needs Dask: install nianbao with its extra, `uv sync --extra cluster`"
        ) from error
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError, ValueError) as error:
        raise UsageProblem(f"{address}: no Dask scheduler answers there") from error
    with client:
        yield client


def threads(client: "Client") -> int:
    return sum(client.nthreads().values())  # type: ignore[no-untyped-call]


def finished(database: Database, ids: Sequence[int], future: "Future[Results]", read: Read) -> Results:
    """A range that killed its workers, or seemed to, is read here, each document in bounds of its own."""
    from distributed import KilledWorker

    try:
        return future.result()
    except KilledWorker:
        with reading_processes(1, read=read) as read_all:
            return list(read_all(load_documents(database, ids)))


def read_range(url: str, extractor: str, capture_ids: Sequence[int], read: Read) -> Results:
    """What a worker of the cluster does. Bodies do not travel: it takes them from the database itself."""
    if extractor != EXTRACTOR:
        raise WorkFailed(
            f"a worker reads with extractor {EXTRACTOR}, and {extractor} is asked for: "
            "install the same nianbao on every machine"
        )
    if current_process().daemon:
        raise WorkFailed(
            "a worker may not start processes: start it with `dask worker --no-nanny`,"
            " or with DASK_DISTRIBUTED__WORKER__DAEMON=False"
        )
    documents = load_documents(database_at(url), capture_ids)
    return [(replace(each, headers=(), payload=b""), result) for each, result in readers(read)(documents)]


@cache
def database_at(url: str) -> Database:
    return open_database(url)


@cache
def readers(read: Read) -> Callable[[Iterator[Document]], Iterator[tuple[Document, Result]]]:
    """The reading process of this worker, which lives as long as it does."""
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(reading_processes(1, read=read))
