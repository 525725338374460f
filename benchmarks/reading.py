"""CPU per page of reading a report in full, beside trafilatura alone on the same bytes, in the same process.

    .venv/bin/python benchmarks/extract.py [--repeats 5] [--real ../shared/real]

trafilatura only takes the text off a page; the full extraction does that too, and reads, aligns and checks
every figure. They take turns, so that a busy machine slows both, in two ways: page by page, where each finds
in the processor's caches what the other has left there, which hurts the shorter of the two more; and set by
set, each reading all pages before the other does, as a night does.

Neither pays for its imports, for the forms, for the patterns and lists that its first page makes, or for what
the other left: the heap is swept before each turn. That sweep looks through what was read since and not
through the libraries, which would empty the processor's caches before every page, as nothing does where pages
are read. Both remember words across pages, and in each round the pages are the same.

Then all pages through one reading process and through two, by the clock: that needs a quiet machine with two
processors.
"""

import gc
import math
import statistics
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple

import click
import trafilatura
from rich.console import Console
from rich.table import Table

from benchmarks.machine import describe_machine
from crawler.addresses import host_of, path_of
from extract.extraction import extract
from pipeline.documents import grouped
from pipeline.processes import reading_processes
from pipeline.workers import Document, read, read_documents
from samples.pages import build_pages
from samples.site import build_sites
from samples.truth import truth

PAGES_TIMED = 600
TOGETHER = 10  # pages in a portion
FEWEST_IN_A_TURN = 30  # pages; a smaller set is read several times over, for no night has two
WARMING = 100  # pages read before the clock starts, by when all processes are at work
REAL = Path(__file__).parents[2] / "shared" / "real"


class Payload(NamedTuple):
    """A page as received and where it came from."""

    url: str
    body: bytes


Costs = dict[str, float]  # milliseconds of CPU a page, by reader


def read_in_full(payload: Payload) -> None:
    extract(payload.body, url=payload.url, content_type="text/html")


def read_with_trafilatura(payload: Payload) -> None:
    trafilatura.extract(payload.body, url=payload.url, include_tables=True)


def read_fast_with_trafilatura(payload: Payload) -> None:
    trafilatura.extract(payload.body, url=payload.url, include_tables=True, fast=True)


OURS = "full extraction"
READERS: dict[str, Callable[[Payload], None]] = {
    OURS: read_in_full,
    "trafilatura": read_with_trafilatura,
    "trafilatura, fast": read_fast_with_trafilatura,  # without its fall-backs
}


@click.command()
@click.option("--repeats", default=5, show_default=True)
@click.option("--real", default=REAL, type=click.Path(path_type=Path), help="Folder of real pages.")
def main(repeats: int, real: Path) -> None:
    """Print a table of milliseconds and ratios."""
    console = Console()
    console.print(describe_machine(), soft_wrap=True)
    table = Table(title="CPU per page, ms, median; in brackets the ratio of full extraction to it")
    for heading in ("pages", "number", "turns", *READERS):
        table.add_column(heading, justify="left" if heading in ("pages", "turns") else "right")
    for name, payloads in sets(real):
        for turns, costs in measure(payloads, repeats) if payloads else ():
            table.add_row(name, str(len(payloads)), turns, *shown(costs))
        if not payloads:
            console.print(f"skipped: {name} are not at {real}")
    console.print(table)
    one, two = (pages_a_second(sample_reports(), workers) for workers in (1, 2))
    console.print(f"reading processes: one {one:.0f} pages a second, two {two:.0f}: {two / one:.2f} times")


def pages_a_second(payloads: list[Payload], workers: int) -> float:
    """Without the start of the processes, which a long run does not notice."""
    documents = [
        Document(number, url, "text/html", (), body)
        for number, (url, body) in enumerate(islice(cycle(payloads), PAGES_TIMED + WARMING), 1)
    ]
    with reading_processes(workers) as room:
        results = room.answers(partial(read_documents, read), grouped(documents, TOGETHER))
        deque(islice(results, WARMING // TOGETHER), maxlen=0)
        begun = time.monotonic()
        deque(results, maxlen=0)
        return PAGES_TIMED / (time.monotonic() - begun)


def shown(costs: Costs) -> Iterator[str]:
    for cost in costs.values():
        yield f"{cost:.1f} ({costs[OURS] / cost:.2f})"


def sets(real: Path) -> Iterator[tuple[str, list[Payload]]]:
    column = "www.zhecheng.gov.cn/xxgk/xxgknb/bmnb"
    yield "invented reports with tables", sample_reports()
    yield "real reports with tables", saved(real / "reports", "www.example.gov.cn")
    yield "real reports in prose", saved(real / "sites" / column, column)


def sample_reports() -> list[Payload]:
    sites = build_sites()
    pages = {site.host: build_pages(site) for site in sites}
    formed = [report.url for report in truth(sites) if report.figures]
    return [Payload(url, pages[host_of(url)][path_of(url)].draw()) for url in formed]


def saved(folder: Path, address: str) -> list[Payload]:
    """Read the saved pages of a folder that stands for an address."""
    files = [file for file in sorted(folder.rglob("*.html")) if not file.name.startswith("index")]
    return [
        Payload(f"http://{address}/{file.relative_to(folder).as_posix()}", file.read_bytes())
        for file in files
    ]


def measure(payloads: list[Payload], repeats: int) -> Iterator[tuple[str, Costs]]:
    page_by_page(payloads[:3])  # imports and caches
    for turns, measure_once in (("page by page", page_by_page), ("set by set", set_by_set)):
        with libraries_aside():
            rounds = [measure_once(payloads) for _ in range(repeats)]
        yield turns, {name: statistics.median(costs[name] for costs in rounds) for name in READERS}


@contextmanager
def libraries_aside() -> Iterator[None]:
    """What is loaded by now is none of the heap that is swept."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def page_by_page(payloads: list[Payload]) -> Costs:
    spent: dict[str, list[float]] = {name: [] for name in READERS}
    for payload in payloads:
        for name, reader in READERS.items():
            spent[name].append(cpu(reader, [payload]))
    return {name: statistics.fmean(costs) for name, costs in spent.items()}


def set_by_set(payloads: list[Payload]) -> Costs:
    turn = payloads * math.ceil(FEWEST_IN_A_TURN / len(payloads))
    return {name: cpu(reader, turn) / len(turn) for name, reader in READERS.items()}


def cpu(run: Callable[[Payload], None], payloads: list[Payload]) -> float:
    """Milliseconds of this process's CPU; each begins with a swept heap."""
    gc.collect()
    begun = time.process_time_ns()
    for payload in payloads:
        run(payload)
    return (time.process_time_ns() - begun) / 1e6


if __name__ == "__main__":
    main()
