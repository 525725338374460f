"""Make the documents, read them, and say how exactly, by format and by defect."""

import sys
from collections.abc import Callable, Iterable, Mapping
from itertools import islice

import click
from rich.console import Console
from rich.table import Table

from benchmarks.corpus import office
from benchmarks.corpus.measure import measure
from benchmarks.corpus.plan import DIRECT, OFFICE, SCAN, Sheet, sheets
from benchmarks.corpus.score import Score

SHOWN = 2  # silent errors printed for a document
WIDTH = 120  # where the tables go into a file

HEADINGS = ("documents", "not read", "cells", "wrong", "silent", "right, %", "words lost, %", "too many, %")

Scores = Mapping[Sheet, Score]


@click.command()
@click.option("--count", default=3000, show_default=True)
@click.option("--scans", default=60, show_default=True, help="Of them scans; each takes ten seconds.")
@click.option("--workers", default=2, show_default=True)
@click.option("--seed", default=0, show_default=True, help="Another gives other figures, gaps and letters.")
@click.option("--format", "only", multiple=True, help="Only these formats.")
def main(count: int, scans: int, workers: int, seed: int, only: tuple[str, ...]) -> None:
    """Print a table per format and per defect. Exit status 1 if a single wrong cell is silent."""
    console = Console(width=WIDTH if not sys.stdout.isatty() else None)
    formats = [name for name in (*DIRECT, *OFFICE) if name in only or not only]
    if not office.is_installed():
        console.print("skipped: LibreOffice is not installed here, so no PDF, DOC, RTF and sheets")
        formats = [name for name in formats if name not in OFFICE]
    written = max(count - scans, 0)
    wanted = [
        *sheets(written if formats else 0, formats, seed),
        *sheets(min(scans, count), [SCAN], seed, first=written),
    ]
    scores = measure(wanted, workers, lambda done: console.print(f"{done} of {len(wanted)}", style="dim"))
    console.print(table("form", scores, lambda sheet: sheet.form))
    console.print(table("format", scores, lambda sheet: sheet.format))
    console.print(table("defect", scores, lambda sheet: sheet.defect))
    for sheet, each in scores.items():
        for wrong in islice((wrong for wrong in each.wrong if wrong.is_silent), SHOWN):
            console.print(f"{sheet}: {wrong}", markup=False, highlight=False, soft_wrap=True)
    sys.exit(1 if summed(scores.values()).silent else 0)


def summed(scores: Iterable[Score]) -> Score:
    total = Score()
    for each in scores:
        total.add(each)
    return total


def table(what: str, scores: Scores, name_of: Callable[[Sheet], str]) -> Table:
    drawn = Table(title=f"by {what}", title_justify="left")
    drawn.add_column(what, no_wrap=True)
    for heading in HEADINGS:
        drawn.add_column(heading, justify="right")
    for name in dict.fromkeys(map(name_of, scores)):
        add_row(drawn, name, summed(each for sheet, each in scores.items() if name_of(sheet) == name))
    drawn.add_section()
    add_row(drawn, "all", summed(scores.values()))
    return drawn


def add_row(drawn: Table, name: str, each: Score) -> None:
    numbers = (each.documents, len(each.unread), each.cells, len(each.wrong), each.silent)
    words = (f"{100 * number / max(each.words, 1):.2f}" for number in (each.words_lost, each.words_added))
    drawn.add_row(name, *(f"{number:,}" for number in numbers), f"{each.accuracy:.3f}", *words)


if __name__ == "__main__":
    main()
