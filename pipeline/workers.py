"""Reading in processes that can be stopped: a document may cost itself, and never the night.

A document gets so much CPU, so much time and so much memory. What wants more, or brings its process down,
is not readable, with that as the reason; another process takes over and the next document goes on. So a
single worker, too, is a process of its own.
"""

import resource
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import TimeoutError as TooLate
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, partial
from multiprocessing import get_context
from multiprocessing.context import BaseContext
from pathlib import Path

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from extract.document import Finding
from extract.extraction import Unreadable, extract
from extract.readers.scanned import scanned_pages
from extract.result import Extraction
from storage.content import Content, ContentError, decode_content, decoded_body

LARGEST_BODY = 64 * 1024 * 1024  # bytes after content decoding; anything larger is a bomb or not a report
AHEAD = 64  # documents read or waiting to be, beyond the one whose turn it is to be written
MEGABYTE = 1024 * 1024


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
class Document:
    """What a reading process is given: all it may know of a capture."""

    capture_id: int
    url: str
    content_type: str
    headers: tuple[tuple[str, str], ...]
    payload: bytes
    said: bool | None = None  # by a person: whether this is an annual report
    sha256: str = ""  # of the payload, also where that is left behind


Result = Extraction | str
Read = Callable[[Document], Result]


def read(document: Document) -> Result:
    """The document's extraction, or in one line why there is none."""
    problems: tuple[Finding, ...] = ()
    try:
        content = decode_content(document.headers, document.payload, LARGEST_BODY)
        problems = tuple(received(content))
        read = extract(content.body, url=document.url, content_type=document.content_type, said=document.said)
        return replace(read, findings=(*problems, *read.findings))
    except (ContentError, Unreadable) as error:
        return "; ".join((str(error), *(problem.text for problem in problems)))
    except MemoryError:
        return "reading it takes more memory than a document may have"
    except Exception as error:  # noqa: BLE001 - a fault of ours; it costs this document and not the night
        return f"the extractor failed, which is a fault of nianbao: {type(error).__name__}: {error}"


def received(content: Content) -> Iterator[Finding]:
    """What was wrong with a body as it came, and was survived."""
    code = "body_cut" if content.is_part else "content_coding"
    yield from (Finding(code, problem) for problem in content.problems)


def body_of(document: Document) -> bytes | None:
    """The body without its content codings; None where they cannot be undone."""
    try:
        return decoded_body(document.headers, document.payload, LARGEST_BODY)
    except ContentError:
        return None


@contextmanager
def reading_processes(
    workers: int, limits: Limits = Limits(), read: Read = read
) -> Iterator[Callable[[Iterable[Document]], Iterator[tuple[Document, Result]]]]:
    """Gives the function that reads: documents with their results, in the order they came.

    `read` must be a function of a module, for it is called in other processes.
    """
    pool = ProcessPool(workers, initializer=idle_memory, context=server())
    try:
        yield partial(in_order, pool, limits, partial(bounded, read, limits))
    finally:
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


def server() -> BaseContext:
    """Workers fork from a process that has imported the readers and has no threads and no database."""
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__, "extract.readers.html", "extract.readers.text"])
    return context


def bounded(read: Read, limits: Limits, document: Document) -> Result:
    bound(limits.cpu, limits.memory)
    try:
        if pages := scanned_pages(body_of(document) or b""):
            bound(limits.cpu + pages * limits.scan_cpu, limits.scan_memory)
        return read(document)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


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


def in_order(
    pool: ProcessPool, limits: Limits, read: Read, documents: Iterable[Document]
) -> Iterator[tuple[Document, Result]]:
    """Workers go on with later documents while the caller is busy with an earlier one."""
    begun: deque[tuple[Document, ProcessFuture[Result]]] = deque()
    for document in documents:
        begun.append((document, pool.schedule(read, (document,), timeout=limits.wall)))
        if len(begun) > AHEAD:
            yield finished(*begun.popleft(), limits)
    while begun:
        yield finished(*begun.popleft(), limits)


def finished(document: Document, future: "ProcessFuture[Result]", limits: Limits) -> tuple[Document, Result]:
    try:
        return document, future.result()
    except TooLate:
        return document, f"reading it takes longer than the {limits.wall:g} s that a document may have"
    except ProcessExpired as error:
        return document, why_expired(error.exitcode, limits)


def why_expired(exitcode: int, limits: Limits) -> str:
    if exitcode == -signal.SIGPROF:
        return (
            f"reading it takes more CPU than the {limits.cpu:g} s that a document may have "
            f"({limits.scan_cpu:g} s more for a scanned page)"
        )
    ended = signal.Signals(-exitcode).name if exitcode < 0 else f"exit status {exitcode}"
    return f"the reading process died of it ({ended}), which is a fault of nianbao or of a library"
