"""A line of a form's table as the page prints it, before it is settled where its values belong."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from extract.alignment.assign import Assignment, Head, Target
from extract.document import Cell
from extract.forms.sums import Address
from extract.forms.vocabulary import Entry
from extract.values import read_value

NOTHING = Decimal(0)


class Line(Struct, frozen=True, gc=False):
    """`labelled` is what the labels over the values say; `heads` are those labels, none where only order is
    known. `header` is the same number for all lines under one header. `unit` is the one printed in the line.
    """

    entry: Entry
    label: Cell
    targets: tuple[Target, ...]
    values: tuple[Cell, ...]
    labelled: Assignment
    heads: tuple[Head, ...] = ()
    header: int = 0
    unit: str = ""

    @property
    def table(self) -> str:
        return self.entry.table.code

    @property
    def addresses(self) -> tuple[Address, ...]:
        if self.targets is self.entry.targets:
            return self.entry.addresses
        table = self.table
        return tuple((table, *target) for target in self.targets)

    @property
    def is_over(self) -> bool:
        """Whether there is one value more than cells, and no word in the header for it."""
        if len(self.values) != len(self.targets) + 1:
            return False
        bare = (cell for cell, target in zip(self.values, self.labelled.targets, strict=True) if not target)
        return any(cell.text for cell in bare) and all(head.target or head.is_blank for head in self.heads)

    def addresses_of(self, targets: Sequence[Target | None]) -> Sequence[Address | None]:
        """The official cell of each value."""
        if targets is self.targets:
            return self.addresses
        table = self.table
        return [(table, *target) if target else None for target in targets]

    def numbers(self, targets: Sequence[Target | None]) -> dict[Address, Decimal | None]:
        """What would stand in each official cell; None where words do. Blank and dash count as nothing."""
        pairs = zip(self.addresses_of(targets), self.values, strict=False)
        return {address: number_of(cell) for address, cell in pairs if address}


Numbers = Mapping[Address, Decimal | None]


def number_of(cell: Cell) -> Decimal | None:
    value = read_value(cell.text)
    return None if value.state == "text" else value.number or NOTHING
