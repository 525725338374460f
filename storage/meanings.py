"""What the tables of the contract and their columns mean: storage/views.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from settings.tables import load_toml

Kind = Literal["string", "integer", "number", "boolean", "date", "datetime"]


@dataclass(frozen=True, slots=True)
class Column:
    """`unit` is that of all its values; empty where there is none or each row has its own."""

    name: str
    zh: str
    en: str
    kind: Kind = "string"
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """Values of `columns` are a key of `table`, whose columns of the key are `keys`."""

    columns: tuple[str, ...]
    table: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Meaning:
    """`key` is empty where nothing but the whole row tells one row from another."""

    name: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    refers: tuple[Reference, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


@cache
def load_meanings() -> Mapping[str, Meaning]:
    """By the name of the table."""
    data = load_toml("storage", "views.toml")
    keys = {name: tuple(entry.get("key", ())) for name, entry in data.items()}
    return {name: meaning_of(name, entry, keys) for name, entry in data.items()}


def meaning_of(name: str, entry: Mapping[str, Any], keys: Mapping[str, tuple[str, ...]]) -> Meaning:
    columns = tuple(Column(*column) for column in entry["columns"])
    refers = tuple(
        Reference(tuple(said.split()), table, keys[table]) for said, table in entry.get("refers", ())
    )
    return Meaning(name, entry["zh"], entry["en"], columns, keys[name], refers)
