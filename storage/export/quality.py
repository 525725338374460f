"""What a release is worth, from its own rows: counted as they are written, so that nothing is read twice."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from storage.export.selection import Row
from storage.meanings import Meaning

# By table, the columns whose combinations are counted.
COUNTED = {
    "reports": ("form", "level", "status"),
    "cells": ("form", "state"),
    "checks": ("rule", "severity", "passed"),
    "leftovers": ("kind",),
    "findings": ("code",),
    "coverage": ("year", "state"),
    "captures": ("outcome",),
    "changes": ("change", "cause", "column", "table_code"),
}
Counts = Mapping[str, Counter[tuple[Any, ...]]]  # by table


@dataclass(frozen=True, slots=True)
class Measured:
    """Documents of one form in one format, made from known figures, and how they were read: cells that are
    wrong, and of these the ones that nothing points at.
    """

    form: str
    format: str
    documents: int
    not_read: int
    cells: int
    wrong: int
    silent: int

    @property
    def right(self) -> float:
        """In percent."""
        return 100 * (1 - self.wrong / self.cells) if self.cells else 100.0


@dataclass(frozen=True, slots=True)
class Accuracy:
    extractor: str
    measured: tuple[Measured, ...]


def counted(rows: Iterator[Row], meaning: Meaning, counts: Counter[tuple[Any, ...]]) -> Iterator[Row]:
    """The rows as they are, counted on their way."""
    columns = COUNTED.get(meaning.name)
    if columns is None:
        yield from rows
        return
    places = [meaning.names.index(name) for name in columns]
    key = itemgetter(*places) if len(places) > 1 else lambda row: (row[places[0]],)
    for row in rows:
        counts[key(row)] += 1
        yield row


def summed(counts: Counter[tuple[Any, ...]], *places: int) -> dict[Any, int]:
    """The counts by some of their columns, sorted; by the bare value where that is one."""
    sums: Counter[Any] = Counter()
    for key, number in counts.items():
        sums[key[places[0]] if len(places) == 1 else tuple(key[place] for place in places)] += number
    return dict(sorted(sums.items(), key=lambda item: str(item[0])))
