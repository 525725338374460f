"""What must be known of the forms to lay out a reading's cells: where each lies, and which make a measure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, true

from storage.cells import CellCode, CellLists, CellRow, every_position, lists_of
from storage.sums import Stated, Way, stated, ways_by_form


@dataclass(frozen=True, slots=True, eq=False)
class Book:
    """As the database says when asked. A form only gets more cells, and those that it has stay in place."""

    positions: Mapping[str, Mapping[CellCode, int]] = field(default_factory=dict)
    ways: Mapping[str, Sequence[Way]] = field(default_factory=dict)

    def knows(self, form: str, codes: Iterable[CellCode]) -> bool:
        return self.positions.get(form, {}).keys() >= set(codes)

    def lists(self, form: str, cells: Sequence[CellRow]) -> CellLists:
        """Raises KeyError for a cell that the book does not know, ValueError for the same cell twice."""
        return lists_of(self.positions.get(form, {}), cells)

    def stated(self, form: str, lists: CellLists) -> list[Stated]:
        return stated(self.ways.get(form, ()), lists.items)


def load_book(connection: Connection) -> Book:
    return Book(every_position(connection, true()), ways_by_form(connection))
