"""CPU per page of reading a report in full, beside trafilatura alone on the same bytes, in the same process.

    .venv/bin/python benchmarks/extract.py [--repeats 5] [--real ../shared/real]

trafilatura only takes the text off a page; the full extraction does that too, and reads, aligns and checks
every figure. The two take turns page by page, so that a busy machine slows both. Then all pages through one
reading process and through two, by the clock: that needs a quiet machine with two processors.
"""

import gc
import statistics
import time
from collections import deque
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import click
import trafilatura
from rich.console import Console
from rich.table import Table

from benchmarks.machine import describe_machine
from extract.extraction import extract
from pipeline.workers import Document, reading_processes
from samples.pages import build_pages
from samples.site import build_sites
from samples.truth import truth

PAGES_TIMED = 600
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
    for heading in ("pages", "number", *READERS):
        table.add_column(heading, justify="left" if heading == "pages" else "right")
    for name, payloads in sets(real):
        if payloads:
            table.add_row(name, str(len(payloads)), *shown(measure(payloads, repeats)))
        else:
            console.print(f"skipped: {name} are not at {real}")
    console.print(table)
    one, two = (pages_a_second(sample_reports(), workers) for workers in (1, 2))
    console.print(f"reading processes: one {one:.0f} pages a second, two {two:.0f}: {two / one:.2f} times")


def pages_a_second(payloads: list[Payload], workers: int) -> float:
    """Without the start of the processes, which a long run does not notice."""
    documents = [
        Document(number, url, "text/html", (), body)
        for number, (url, body) in enumerate(islice(cycle(payloads), PAGES_TIMED + WARMING))
    ]
    with reading_processes(workers) as read_all:
        results = read_all(documents)
        deque(islice(results, WARMING), maxlen=0)
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
    return [Payload(url, pages[host_of(url)][urlsplit(url).path].draw()) for url in formed]


def host_of(url: str) -> str:
    return urlsplit(url).hostname or ""


def saved(folder: Path, address: str) -> list[Payload]:
    """Read the saved pages of a folder that stands for an address."""
    files = [file for file in sorted(folder.rglob("*.html")) if not file.name.startswith("index")]
    return [
        Payload(f"http://{address}/{file.relative_to(folder).as_posix()}", file.read_bytes())
        for file in files
    ]


def measure(payloads: list[Payload], repeats: int) -> Costs:
    measure_once(payloads[:3])  # imports and caches
    rounds = [measure_once(payloads) for _ in range(repeats)]
    return {name: statistics.median(costs[name] for costs in rounds) for name in READERS}


def measure_once(payloads: list[Payload]) -> Costs:
    """Let the readers take turns page by page."""
    spent: dict[str, list[float]] = {name: [] for name in READERS}
    for payload in payloads:
        for name, reader in READERS.items():
            spent[name].append(cpu(reader, payload))
    return {name: statistics.fmean(costs) for name, costs in spent.items()}


def cpu(run: Callable[[Payload], None], payload: Payload) -> float:
    """Milliseconds of this process's CPU; each run begins with a swept heap."""
    gc.collect()
    begun = time.process_time_ns()
    run(payload)
    return (time.process_time_ns() - begun) / 1e6


if __name__ == "__main__":
    main()
