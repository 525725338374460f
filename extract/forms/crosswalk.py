"""What measure a cell of each form is: the crosswalk that makes fifteen years one series (crosswalk.toml)."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

EACH = "*"  # in a measure's code and cells: once for each of its columns


@dataclass(frozen=True, slots=True)
class Measure:
    """One way of having a measure from a form's cells: their sum. Where real pages print the form in two ways
    there are two `option`s, of which a report has one. `comparable`: means what the latest form's means.
    """

    code: str
    label: str
    form: str
    option: int
    cells: tuple[tuple[str, str, str], ...]
    comparable: bool
    note: str


@lru_cache(maxsize=1)
def crosswalk() -> tuple[Measure, ...]:
    data = tomllib.loads(files(__package__).joinpath("crosswalk.toml").read_text(encoding="utf-8"))
    return tuple(measure for entry in data["measures"] for measure in measures_of(entry, data["columns"]))


def measures_of(entry: Mapping[str, Any], columns: Mapping[str, str]) -> Iterator[Measure]:
    if EACH not in entry["code"]:
        yield from measures_in(entry, entry["code"], entry["label"])
        return
    for column, label in columns.items():
        code = entry["code"].replace(EACH, column)
        yield from measures_in(entry, code, f"{entry['label']}：{label}", column)


def measures_in(entry: Mapping[str, Any], code: str, label: str, column: str = "") -> Iterator[Measure]:
    """The measure in each form that has it; one said of a single column is not that of the others."""
    for form, source in entry["forms"].items():
        if column in ("", *source.get("only", [column])):
            for option, total in enumerate(source["sums"], 1):
                cells = tuple(address(cell.replace(EACH, column)) for cell in total)
                comparable, note = source.get("comparable", True), source.get("note", "")
                yield Measure(code, label, form, option, cells, comparable, note)


def address(text: str) -> tuple[str, str, str]:
    table, row, column = text.split("/")
    return table, row, column
