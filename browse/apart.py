"""Work on archived documents in a process apart: what one of them costs or breaks, it costs and breaks there.

Readers of PDF, Word and scans are large libraries in C, and pdfium does not bear two threads. So one process
does one thing after the other, within limits, and another takes its place if it dies.
"""

import resource
import sys
from collections.abc import Callable
from concurrent.futures import TimeoutError as TooLate
from functools import cache
from multiprocessing import get_context
from typing import ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessPool

SECONDS = 20.0  # by the clock, for one document
MEMORY = 2_000_000_000  # bytes of data; the models of OCR alone take half of it

P = ParamSpec("P")
T = TypeVar("T")


class TooMuch(Exception):  # noqa: N818 - an outcome, not a fault
    """A document that took too long or brought its process down. One line."""


def apart(function: Callable[P, T], *values: P.args, **_: P.kwargs) -> T:
    """What a module's function gives, from the process apart. Raises TooMuch and what the function raises."""
    future = process().schedule(function, values, timeout=SECONDS)
    try:
        found: T = future.result()
    except TooLate as error:
        raise TooMuch(f"it takes longer than the {SECONDS:g} s that a document may have") from error
    except (ProcessExpired, MemoryError) as error:
        raise TooMuch("reading it takes more than a document may have") from error
    return found


@cache
def process() -> ProcessPool:
    return ProcessPool(1, initializer=bound, context=get_context("spawn"))


def bound() -> None:
    if sys.platform == "linux":
        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, most))


def stop() -> None:
    """End the process, if there is one."""
    if process.cache_info().currsize:
        process().stop()  # type: ignore[no-untyped-call]
        process().join()
        process.cache_clear()
