"""What a worker of a Dask cluster does: it has one reading process, and hands on what is asked and answered.

Bodies do not travel, for that process takes them from the database itself. What is passed on are bytes, so
that a worker has to know nothing of what they mean.
"""

import atexit
from contextlib import ExitStack
from functools import cache
from multiprocessing import current_process

from pipeline.errors import WorkFailed
from pipeline.processes import Room, reading_processes
from pipeline.work import answer, stand


def answer_here(asked: bytes) -> bytes:
    if current_process().daemon:
        raise WorkFailed(
            "a worker may not start processes: start it with `dask worker --no-nanny`,"
            " or with DASK_DISTRIBUTED__WORKER__DAEMON=False"
        )
    [found] = room().answers(answer, [asked])
    return found


def dask_setup(_worker: object) -> None:
    """What `dask worker --preload pipeline.remote` calls, so that the process stands before anybody asks."""
    if not current_process().daemon:
        [_] = room().answers(stand, [b""])


@cache
def room() -> Room:
    """It lives as long as its worker does."""
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(reading_processes(1))
