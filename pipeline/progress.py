"""How far long work is: a bar on a terminal, a plain line now and then elsewhere. Both on standard error."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, ParamSpec

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:  # Scrapy comes with it, and `nianbao verify` needs none
    from pipeline.commit import RunSummary

Said = ParamSpec("Said")
Tell = Callable[[str, int, int], None]  # what, done, of how many

SECONDS_BETWEEN_LINES = 10.0


@contextmanager
def shown_progress(command: str) -> Iterator[Tell]:
    console = Console(stderr=True)
    if not console.is_terminal:
        yield plain_lines(command, console)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        yield moving_bar(command, bar)


def moving_bar(command: str, bar: Progress) -> Tell:
    tasks: dict[str, TaskID] = {}

    def tell(what: str, done: int, of: int) -> None:
        if what not in tasks:
            tasks[what] = bar.add_task(f"{command} {what}", total=of)
        bar.update(tasks[what], completed=done, total=of)

    return tell


def plain_lines(command: str, console: Console) -> Tell:
    def tell(what: str, done: int, of: int) -> None:
        console.print(f"{command}: {what} {done} of {of}", highlight=False)

    return now_and_then(tell)


def now_and_then(tell: Callable[Said, None]) -> Callable[Said, None]:
    """`tell`, but silent until SECONDS_BETWEEN_LINES have gone by since it last spoke."""
    last = time.monotonic()

    def tell_seldom(*args: Said.args, **kwargs: Said.kwargs) -> None:
        nonlocal last
        if time.monotonic() - last >= SECONDS_BETWEEN_LINES:
            last = time.monotonic()
            tell(*args, **kwargs)

    return tell_seldom


@contextmanager
def shown_crawl() -> Iterator[Callable[["RunSummary"], None]]:
    """The same for a crawl, which does not know how far it has to go."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield now_and_then(lambda run: console.print(crawl_line(run), highlight=False))
        return
    with console.status("crawl: starting") as status:
        yield lambda run: status.update(crawl_line(run))


def crawl_line(run: "RunSummary") -> str:
    return f"crawl: {what_came(run)}"


def what_came(run: "RunSummary") -> str:
    """Of the crawl so far, in words."""
    beside = f" and {run.requisites} styles and pictures" if run.requisites else ""
    return (
        f"{run.fetched - run.requisites} pages{beside}: {run.new} new, {run.unchanged} unchanged, "
        f"{run.missing} missing, {run.blocked} blocked, {run.errors} errors"
    )
