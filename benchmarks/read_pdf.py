"""CPU per PDF page of the reader beside pdfplumber, on the same file, in the same process, by turns.

    .venv/bin/python -m benchmarks.read_pdf [FILE ...] [--repeats 9]

Both give the words and the tables; ours also joins what page breaks cut and knows the place of every cell.
"""

import gc
import io
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import click
import pdfplumber

from benchmarks.machine import describe_machine
from extract.readers.pdf import read_pdf

REAL = Path(__file__).parents[2] / "shared" / "real" / "reports" / "hongze_2023.pdf"


def read_ours(payload: bytes) -> int:
    return len(read_pdf(payload).grids())


def read_with_pdfplumber(payload: bytes) -> int:
    with pdfplumber.open(io.BytesIO(payload)) as document:
        for page in document.pages:
            page.extract_text()
        return sum(len(page.extract_tables()) for page in document.pages)


def pages_of(payload: bytes) -> int:
    with pdfplumber.open(io.BytesIO(payload)) as document:
        return len(document.pages)


def cpu(read: Callable[[bytes], int], payload: bytes) -> float:
    """Milliseconds of this process's CPU; each run begins with a swept heap."""
    gc.collect()
    begun = time.process_time_ns()
    read(payload)
    return (time.process_time_ns() - begun) / 1e6


@click.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--repeats", default=9, show_default=True)
def main(files: tuple[Path, ...], repeats: int) -> None:
    """Print milliseconds a page and the ratio, for each file."""
    click.echo(describe_machine())
    for file in files or (REAL,):
        if not file.exists():
            click.echo(f"skipped: {file.name} is not there")
            continue
        payload = file.read_bytes()
        pages = pages_of(payload)
        costs = [(cpu(read_ours, payload), cpu(read_with_pdfplumber, payload)) for _ in range(repeats + 1)][
            1:
        ]
        ours, theirs = (statistics.median(column) / pages for column in zip(*costs, strict=True))
        click.echo(
            f"{file.name}: {pages} pages, ours {ours:.1f} ms a page, pdfplumber {theirs:.1f}, "
            f"{theirs / ours:.1f} times as long"
        )


if __name__ == "__main__":
    main()
