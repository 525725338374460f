"""Rows into CSV and Parquet files: the same rows, the same bytes. A row group is all that is in memory.

An empty text is nothing said, and null in both formats. CSV has the exact digits of a number; Parquet has a
double, which holds any count below 9 · 10^15 and any amount of 15 digits as it is.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from storage.export.selection import Row
from storage.meanings import Column, Kind

Format = Literal["csv", "parquet"]
FORMATS: tuple[Format, ...] = ("csv", "parquet")
GROUP_VALUES = 125_000  # of a row group, over all columns
LARGEST_GROUP = 10_000  # rows
GROUP_TEXT = 2_000_000  # characters, about; sections are long
AT_ONCE = 250  # rows that are looked at together


def write_rows(stem: Path, columns: Sequence[Column], rows: Iterable[Row], formats: Sequence[Format]) -> int:
    """Write STEM.csv and STEM.parquet; give how many rows. The files must not be there yet."""
    written = 0
    size = min(LARGEST_GROUP, max(1, GROUP_VALUES // len(columns)))
    with ExitStack() as open_files:
        writers = [WRITERS[name](open_files, stem.with_suffix(f".{name}"), columns) for name in formats]
        for group in groups(rows, size):
            for write in writers:
                write(group)
            written += len(group)
    return written


def groups(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """At most so many rows together, fewer where they are long."""
    remaining, group, characters = iter(rows), list[Row](), 0
    while some := list(islice(remaining, min(AT_ONCE, size - len(group)))):
        group += [tuple(None if value == "" else value for value in row) for row in some]
        characters += sum(len(value) for row in some for value in row if isinstance(value, str))
        if len(group) == size or characters >= GROUP_TEXT:
            yield group
            group, characters = [], 0
    if group:
        yield group


Write = Callable[[list[Row]], None]


def csv_writer(open_files: ExitStack, path: Path, columns: Sequence[Column]) -> Write:
    file = open_files.enter_context(path.open("x", encoding="utf-8", newline=""))
    writer = csv.writer(file)  # as RFC 4180 has it, CRLF: a line feed or return within a text is quoted
    writer.writerow([column.name for column in columns])
    spell = [CSV_SPELLING.get(column.kind, str) for column in columns]

    def write(group: list[Row]) -> None:
        for row in group:
            writer.writerow(
                ["" if value is None else say(value) for say, value in zip(spell, row, strict=True)]
            )

    return write


def parquet_writer(open_files: ExitStack, path: Path, columns: Sequence[Column]) -> Write:
    import pyarrow as pa
    from pyarrow import parquet

    types = {
        "string": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "datetime": pa.timestamp("ms", tz="UTC"),
    }
    schema = pa.schema([pa.field(column.name, types[column.kind]) for column in columns])
    file = open_files.enter_context(path.open("xb"))
    writer = open_files.enter_context(parquet.ParquetWriter(file, schema, compression="zstd"))

    def write(group: list[Row]) -> None:
        arrays = [
            pa.array(
                [None if value is None else ARROW_VALUE[column.kind](value) for value in values], field.type
            )
            for column, field, values in zip(columns, schema, zip(*group, strict=True), strict=True)
        ]
        writer.write_batch(pa.record_batch(arrays, schema=schema))
        del arrays
        pa.default_memory_pool().release_unused()  # it keeps for itself what the largest group took

    return write


def plain_digits(number: Decimal) -> str:
    """12.50 → 12.5 and 1E+2 → 100: one spelling of a number, whatever the database keeps."""
    digits = format(number, "f")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


WRITERS: Mapping[Format, Callable[[ExitStack, Path, Sequence[Column]], Write]] = {
    "csv": csv_writer,
    "parquet": parquet_writer,
}
CSV_SPELLING: Mapping[Kind, Callable[[Any], str]] = {
    "number": plain_digits,
    "boolean": lambda value: str(int(value)),
}
ARROW_VALUE: Mapping[Kind, Callable[[Any], Any]] = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": bool,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
}
