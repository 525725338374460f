"""Two releases that should be the same bytes: which files are not, which rows, and what they were made by."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import PurePosixPath

from storage.export.descriptor import DESCRIPTOR, digest_of_file
from storage.export.released import Line, Release, key_of, paired
from storage.meanings import Meaning

SHOWN = 5  # rows of a table that are spelled out


@dataclass(slots=True)
class Rows:
    """How many rows of a table are only here, only there, or otherwise; the first of them in words."""

    lost: int = 0
    added: int = 0
    changed: int = 0
    shown: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FileDifference:
    path: str
    problem: str
    rows: Rows | None = None


def differing_files(
    release: Release, rebuilt: Release, tables: Mapping[str, Meaning]
) -> Iterator[FileDifference]:
    """`tables` are those whose rows can be told apart, by name."""
    for path in sorted({DESCRIPTOR, *release.files, *rebuilt.files}):
        problem = problem_of(release, rebuilt, path)
        if problem:
            name = PurePosixPath(path).stem
            has_rows = path.endswith(".csv") and path in release.files and path in rebuilt.files
            rows = differing_rows(release, rebuilt, tables[name]) if has_rows else None
            yield FileDifference(path, problem, rows)


def problem_of(release: Release, rebuilt: Release, path: str) -> str:
    if path != DESCRIPTOR and path not in release.files:
        return "is in the rebuilt release alone"
    if path != DESCRIPTOR and path not in rebuilt.files:
        return "is not in the rebuilt release"
    digest = digest_of_file(release.folder / path)
    if digest == digest_of_file(rebuilt.folder / path):
        return ""
    if digest != release.files.get(path, digest):
        return "was changed after its release was made"
    return "differs"


def differing_rows(release: Release, rebuilt: Release, meaning: Meaning) -> Rows:
    found = Rows()
    for before, after in paired(release.lines(meaning), rebuilt.lines(meaning), key_of(meaning)):
        if before == after:
            continue
        found.lost += after is None
        found.added += before is None
        found.changed += before is not None and after is not None
        if len(found.shown) < SHOWN:
            found.shown.append(in_words(meaning, before, after))
    return found


def in_words(meaning: Meaning, before: Line | None, after: Line | None) -> str:
    line = before or after or []
    key = "/".join(line[meaning.names.index(name)] for name in meaning.key or meaning.names)
    if before is None or after is None:
        return f"{key}: only in the {'rebuilt' if before is None else 'release'}"
    columns = zip(meaning.names, before, after, strict=True)
    said = (f"{name} {was!r} is rebuilt as {now!r}" for name, was, now in columns if was != now)
    return f"{key}: {', '.join(said)}"


def differing_conditions(release: Release, rebuilt: Release) -> list[str]:
    """What the two were not equally made from, a line each."""
    before, after = release.made_from, rebuilt.made_from
    names = chain(before, (name for name in after if name not in before))
    return [
        f"{name}: {before.get(name)} then, {after.get(name)} now"
        for name in names
        if before.get(name) != after.get(name)
    ]
