"""How exactly each form is read from each format: extract/accuracy.toml, which every release quotes.

.venv/bin/python -m benchmarks.corpus.accuracy
"""

import tomllib
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import click

from benchmarks.corpus import office
from benchmarks.corpus.measure import measure
from benchmarks.corpus.plan import DIRECT, OFFICE, SCAN, Sheet, sheets
from benchmarks.corpus.score import Score
from extract.extraction import EXTRACTOR

Rows = dict[tuple[str, str], dict[str, int]]

TARGET = Path(__file__).parents[2] / "extract" / "accuracy.toml"
HEAD = """\
# How exactly the extractor reads documents made from known figures: each form in each format, with every
# defect of benchmarks/corpus/catalogue.py in turn. Written by
#     .venv/bin/python -m benchmarks.corpus.accuracy
# `wrong` cells have another value or state than was printed, or are not there, or were never printed; nothing
# points at the `silent` ones of them.

extractor = "{extractor}"
"""


@click.command()
@click.option("--count", default=3000, show_default=True)
@click.option("--scans", default=60, show_default=True, help="Of them scans; each takes ten seconds.")
@click.option("--workers", default=2, show_default=True)
@click.option(
    "--format", "only", multiple=True, help="Only these formats; what is known of the others stays."
)
def main(count: int, scans: int, workers: int, only: tuple[str, ...]) -> None:
    """Measure, and write the table down."""
    if not office.is_installed():
        raise click.UsageError(
            "LibreOffice is not installed here; without it half of the formats are missing"
        )
    written = [*sheets(count - scans, [*DIRECT, *OFFICE]), *sheets(scans, [SCAN], first=count - scans)]
    wanted = [sheet for sheet in written if sheet.format in only or not only]
    scores = measure(wanted, workers, lambda done: click.echo(f"{done} of {len(wanted)}", err=True))
    rows = {**(known() if only else {}), **measured(scores)}
    lines = [HEAD.format(extractor=EXTRACTOR), *(row(*key, rows[key]) for key in sorted(rows))]
    TARGET.write_text("\n".join(lines), encoding="utf-8")
    click.echo(f"wrote {TARGET.name}: {len(wanted)} documents")


def known() -> Rows:
    """What the table says already; UsageError where another version of the extractor was measured."""
    told = tomllib.loads(TARGET.read_text(encoding="utf-8"))
    if told["extractor"] != EXTRACTOR:
        raise click.UsageError(f"{TARGET.name} is of extractor {told['extractor']}: measure all formats")
    return {(each.pop("form"), each.pop("format")): each for each in told["measured"]}


def measured(scores: Mapping[Sheet, Score]) -> Rows:
    together: dict[tuple[str, str], Score] = defaultdict(Score)
    for sheet, score in scores.items():
        together[sheet.form, sheet.format].add(score)
    return {
        key: {
            "documents": score.documents,
            "not_read": len(score.unread),
            "cells": score.cells,
            "wrong": len(score.wrong),
            "silent": score.silent,
        }
        for key, score in together.items()
    }


def row(form: str, written: str, numbers: Mapping[str, int]) -> str:
    counted = "".join(f"{name} = {number}\n" for name, number in numbers.items())
    return f'[[measured]]\nform = "{form}"\nformat = "{written}"\n{counted}'


if __name__ == "__main__":
    main()
