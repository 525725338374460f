"""What ends a command, and the exit status it ends with.

UsageProblem   2   wrong usage or unreadable input; nothing changed, the message says what to do
WorkFailed     1   the work itself failed; what was done stays, the message says what was not
Stopped        4   asked to stop before the end; what was done stays, and the next run goes on

A crawl that ends well and found something a person should look at ends with 3 (pipeline/nightly.py).
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import click


class UsageProblem(click.ClickException):
    exit_code = 2


class WorkFailed(click.ClickException):
    exit_code = 1


class Stopped(click.ClickException):
    exit_code = 4


@contextmanager
def stoppable(command: str) -> Iterator[None]:
    """SIGTERM ends the block with Stopped, as it does what Scrapy runs. Only in the main thread."""

    def stop(*_: object) -> None:
        raise Stopped(f"{command}: stopped; what was committed stays, run it again to go on")

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
