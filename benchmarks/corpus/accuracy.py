"""How exactly each form is read from each format: extract/accuracy.toml, which every release quotes.

.venv/bin/python -m benchmarks.corpus.accuracy --count 2940
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from benchmarks.corpus import office
from benchmarks.corpus.measure import measure
from benchmarks.corpus.plan import DIRECT, OFFICE, SCAN, Sheet, sheets
from benchmarks.corpus.score import Score
from extract.extraction import EXTRACTOR

TARGET = Path(__file__).parents[2] / "extract" / "accuracy.toml"
HEAD = """\
# How exactly the extractor reads documents made from known figures: each form in each format, with every
# defect of benchmarks/corpus/catalogue.py in turn. Written by
#     .venv/bin/python -m benchmarks.corpus.accuracy --count {count} --scans {scans}
# `wrong` cells have another value or state than was printed, or are not there, or were never printed; nothing
# points at the `silent` ones of them.

extractor = "{extractor}"
"""


@click.command()
@click.option("--count", default=2940, show_default=True)
@click.option("--scans", default=0, show_default=True, help="Of them scans; each takes half a minute.")
@click.option("--workers", default=2, show_default=True)
def main(count: int, scans: int, workers: int) -> None:
    """Measure, and write the table down."""
    if not office.is_installed():
        raise click.UsageError(
            "LibreOffice is not installed here; without it half of the formats are missing"
        )
    wanted = [*sheets(count - scans, [*DIRECT, *OFFICE]), *sheets(scans, [SCAN], first=count - scans)]
    scores = measure(wanted, workers, lambda done: click.echo(f"{done} of {len(wanted)}", err=True))
    lines = [HEAD.format(count=count, scans=scans, extractor=EXTRACTOR), *table(scores)]
    TARGET.write_text("\n".join(lines), encoding="utf-8")
    click.echo(f"wrote {TARGET.name}: {len(wanted)} documents")


def table(scores: Mapping[Sheet, Score]) -> Iterator[str]:
    together: dict[tuple[str, str], Score] = defaultdict(Score)
    for sheet, score in scores.items():
        together[sheet.form, sheet.format].add(score)
    for (form, written), score in sorted(together.items()):
        numbers = {
            "documents": score.documents,
            "not_read": len(score.unread),
            "cells": score.cells,
            "wrong": len(score.wrong),
            "silent": score.silent,
        }
        yield "[[measured]]"
        yield f'form = "{form}"\nformat = "{written}"'
        yield "".join(f"{name} = {number}\n" for name, number in numbers.items())


if __name__ == "__main__":
    main()
