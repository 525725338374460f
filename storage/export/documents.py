"""What a reader must know of a release, as files in it: what it is, how good it is, under which licence, how
to cite it, what has changed. Written from what was counted; the words are in templates/.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from storage.export.codebook import Dictionary
from storage.export.quality import Counts, summed
from storage.meanings import load_meanings

ALWAYS = ("README.md", "QUALITY.md", "LICENSE.md", "CITATION.cff")
AFTER_ANOTHER = ("CHANGES.md",)
KINDS = (("reports", "报告"), ("cells", "数据格"), ("facts", "报告信息"))


def write_documents(
    folder: Path,
    made_from: Mapping[str, Any],
    dictionary: Dictionary,
    counts: Counts,
    rows: Mapping[str, int],
) -> list[Path]:
    """Write them; give their paths."""
    environment = Environment(  # noqa: S701 - Markdown and YAML, of our own words and counts alone
        loader=PackageLoader("storage.export"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    told = {
        "made_from": made_from,
        "accuracy": dictionary.accuracy,
        "codes": dictionary.codes,
        "rows": rows,
        "meanings": load_meanings(),
        "pivots": {
            name: pivot(counts[table], across, down) for name, (table, across, down) in PIVOTS.items()
        },
        "changed": changes_by_kind(counts["changes"]),
    }
    written = []
    for name in (*ALWAYS, *(AFTER_ANOTHER if "since" in made_from else ())):
        path = folder / name
        text = environment.get_template(name).render(told)
        path.write_text(text, encoding="utf-8", newline="\n")
        written.append(path)
    return written


@dataclass(frozen=True, slots=True)
class Pivot:
    """Counts with one column's values across the top; `whole` is the sum of all."""

    across: Sequence[Any]
    lines: Sequence[tuple[tuple[Any, ...], Sequence[int]]]

    @property
    def whole(self) -> int:
        return sum(sum(numbers) for _, numbers in self.lines)


# By name: the table whose counts it has, which of their columns goes across, if any, and which go down.
PIVOTS: dict[str, tuple[str, int | None, tuple[int, ...]]] = {
    "reports": ("reports", 2, (0,)),
    "levels": ("reports", 2, (1,)),
    "cells": ("cells", 1, (0,)),
    "checks": ("checks", 2, (0, 1)),
    "coverage": ("coverage", 1, (0,)),
    "leftovers": ("leftovers", None, (0,)),
    "findings": ("findings", None, (0,)),
    "captures": ("captures", None, (0,)),
}


def pivot(counts: Counter[tuple[Any, ...]], across: int | None, down: tuple[int, ...]) -> Pivot:
    if across is None:
        return Pivot(("",), [((key,), (number,)) for key, number in summed(counts, *down).items()])
    heads = list(summed(counts, across))
    lines: dict[tuple[Any, ...], list[int]] = {}
    for key, number in counts.items():
        line = lines.setdefault(tuple(key[place] for place in down), [0] * len(heads))
        line[heads.index(key[across])] += number
    return Pivot(heads, sorted(lines.items(), key=lambda line: tuple(map(str, line[0]))))


def changes_by_kind(counts: Counter[tuple[Any, ...]]) -> dict[tuple[str, str], dict[tuple[str, str], int]]:
    """Of whole reports, cells and columns of `reports`: how many changes by change and cause."""
    found: dict[tuple[str, str], Counter[tuple[str, str]]] = {kind: Counter() for kind in KINDS}
    for (change, cause, column, table_code), number in counts.items():
        kind = KINDS[1] if table_code else KINDS[2] if column else KINDS[0]
        found[kind][change, cause] += number
    return {kind: dict(sorted(each.items())) for kind, each in found.items()}
