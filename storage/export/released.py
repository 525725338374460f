"""A release that was made before, read from its folder."""

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from storage.export.descriptor import DATA, DESCRIPTOR, digest_of_file
from storage.meanings import Meaning
from storage.tables import runs

LONGEST_TEXT = 2**31 - 1  # a section may be longer than the csv module reads of itself
UNSORTED = ("codebook", "measures")  # in the order of their forms; they are small
Line = list[str]  # a row of a CSV table as it stands there, "" for null, in the order of today's columns
Pair = tuple[Line | None, Line | None]


class ReleaseError(Exception):
    """A folder that is no release, or not the one that it should be. One line."""


@dataclass(frozen=True)
class Release:
    folder: Path
    descriptor: dict[str, Any]

    @property
    def made_from(self) -> dict[str, Any]:
        """What the descriptor says of the archive, the software and the selection."""
        return dict(self.descriptor["nianbao"])

    @cached_property
    def files(self) -> dict[str, str]:
        """The SHA-256 of each file, by its path in the folder, as the descriptor has it."""
        return {each["path"]: each["hash"].removeprefix("sha256:") for each in self.descriptor["resources"]}

    @property
    def digest(self) -> str:
        """Over everything in it: the descriptor has the digests of all files."""
        return digest_of_file(self.folder / DESCRIPTOR)

    def lines(self, meaning: Meaning) -> Iterator[Line]:
        """The rows of a table by its key; none where the release has no such table."""
        path = self.folder / DATA / f"{meaning.name}.csv"
        if not path.exists():
            return
        csv.field_size_limit(LONGEST_TEXT)
        with path.open(encoding="utf-8", newline="") as file:
            rows = in_todays_columns(csv.reader(file), meaning.names)
            yield from sorted(rows, key=key_of(meaning)) if meaning.name in UNSORTED else rows

    def refuse_changed(self, *paths: str) -> None:
        """Raise ReleaseError where one of its files is not what its descriptor says."""
        for path in paths:
            if digest_of_file(self.folder / path) != self.files[path]:
                raise ReleaseError(f"{self.folder / path}: was changed after its release was made")


def open_release(folder: Path) -> Release:
    """Raises ReleaseError."""
    try:
        descriptor = json.loads((folder / DESCRIPTOR).read_bytes())
        release = Release(folder, descriptor)
        lacking = [path for path in release.files if not (folder / path).is_file()]
        lacking += [name for name in ("seal", "run_id", "selection") if name not in release.made_from]
    except OSError as error:
        raise ReleaseError(f"{folder}: is no release; name a folder with a {DESCRIPTOR}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReleaseError(f"{folder / DESCRIPTOR}: is no descriptor of a release of nianbao") from error
    if lacking:
        raise ReleaseError(f"{folder}: is not whole, {lacking[0]} is not there")
    return release


def refuse_another_archive(connection: Connection, release: Release) -> None:
    """Raise ReleaseError where the archive has no run with the release's seal."""
    made_from = release.made_from
    seal = connection.scalar(select(runs.c.seal).where(runs.c.run_id == made_from["run_id"]))
    if seal is None or seal != made_from["seal"]:
        raise ReleaseError(f"{release.folder}: is of another archive; this one has no run with its seal")


def in_todays_columns(rows: Iterator[Line], names: Sequence[str]) -> Iterator[Line]:
    """What an earlier release does not have is empty."""
    header = next(rows, [])
    if header == list(names):
        yield from rows
        return
    places = [header.index(name) if name in header else None for name in names]
    for row in rows:
        yield ["" if place is None else row[place] for place in places]


def key_of(meaning: Meaning) -> Callable[[Line], Any]:
    """What rows are sorted by: the key, else the whole row; whole numbers as numbers."""
    names = meaning.key or meaning.names
    places = [meaning.names.index(name) for name in names]
    kinds = [meaning.columns[place].kind for place in places]
    if "integer" not in kinds:
        return itemgetter(*places)
    read = [int if kind == "integer" else str for kind in kinds]
    return lambda line: tuple(as_read(line[place]) for as_read, place in zip(read, places, strict=True))


def paired(old: Iterator[Line], new: Iterator[Line], key: Callable[[Line], Any]) -> Iterator[Pair]:
    """Two tables, both by their key, side by side; None where one of them has no such row."""
    before, after = keyed(old, key), keyed(new, key)
    left, right = next(before, None), next(after, None)
    while left or right:
        if right is None or (left is not None and left[0] < right[0]):
            yield left[1] if left else None, None
            left = next(before, None)
        elif left is None or right[0] < left[0]:
            yield None, right[1]
            right = next(after, None)
        else:
            yield left[1], right[1]
            left, right = next(before, None), next(after, None)


def keyed(lines: Iterator[Line], key: Callable[[Line], Any]) -> Iterator[tuple[Any, Line]]:
    return ((key(line), line) for line in lines)
