"""Which value of a line belongs to which official cell: by the header, or by order where that is certain."""

from collections.abc import Sequence
from dataclasses import dataclass

from extract.document import Cell

Target = tuple[str, str]  # row code, column code


@dataclass(frozen=True, slots=True)
class Head:
    """A header's lowest cell and the slots it covers; `target` is None where its words say nothing known.
    A foreign head is known from another form and names another quantity: nothing is put under it by order.
    """

    target: Target | None
    start: int
    stop: int
    is_foreign: bool = False


@dataclass(frozen=True, slots=True)
class Assignment:
    """A target or None for each value. `doubt` is a finding's code: why this is less than plain, or empty."""

    targets: tuple[Target | None, ...]
    doubt: str = ""

    @property
    def is_ambiguous(self) -> bool:
        return self.doubt == "ambiguous"


def assign(targets: Sequence[Target], values: Sequence[Cell], heads: Sequence[Head]) -> Assignment:
    """The official cell of each value of a line with geometry. Where only a guess would do, all are None."""
    if any(head.is_foreign for head in heads):
        return by_slot(values, heads)
    if heads and len(heads) == len(values):
        return by_header(targets, [head.target for head in heads])
    if len(values) == len(targets):
        return Assignment(tuple(targets), "header_differs" if heads else "")
    if len(values) > len(targets) and not any(cell.text for cell in values[len(targets) :]):
        return Assignment(fill(targets, len(values)))
    return by_slot(values, heads)


def by_header(targets: Sequence[Target], known: Sequence[Target | None]) -> Assignment:
    """Heads and values are equally many. Unknown heads take their place in the form's order if all known
    ones stand in theirs; otherwise the labels win, and values under unknown heads stay without a target.
    """
    in_order = len(known) == len(targets) and all(
        head in (None, target) for head, target in zip(known, targets, strict=True)
    )
    if in_order:
        return Assignment(tuple(targets), "" if None not in known else "header_incomplete")
    named = [head for head in known if head is not None]
    if len(set(named)) < len(named):
        is_whole = len(known) == len(targets)
        return Assignment(tuple(targets), "header_repeats") if is_whole else ambiguous(len(known))
    if not named:
        return ambiguous(len(known))
    return Assignment(tuple(known), "" if set(targets) <= set(named) else "header_differs")


def by_slot(values: Sequence[Cell], heads: Sequence[Head]) -> Assignment:
    """Each value under the one head whose slots it shares, as a reader of the page would see it."""
    found = [heads_over(cell, heads) for cell in values]
    targets = [over[0].target if len(over) == 1 else None for over in found]
    named = [target for target in targets if target is not None]
    is_plain = all(len(over) <= 1 for over in found) and len(set(named)) == len(named) > 0
    return Assignment(tuple(targets), "row_differs") if is_plain else ambiguous(len(values))


def by_order(targets: Sequence[Target], values: Sequence[Cell]) -> Assignment:
    """The official cell of each value of a run, where only order is known. Trailing blanks are padding;
    blanks around exactly as many values as there are targets are padding too.
    """
    solid = [cell for cell in values if cell.text]
    if len(values) != len(targets) and len(solid) == len(targets):
        order = iter(targets)
        return Assignment(tuple(next(order) if cell.text else None for cell in values))
    if len(values) >= len(targets) and not any(cell.text for cell in values[len(targets) :]):
        return Assignment(fill(targets, len(values)))
    return ambiguous(len(values))


def heads_over(cell: Cell, heads: Sequence[Head]) -> list[Head]:
    stop = cell.column + cell.column_span
    return [head for head in heads if head.start < stop and cell.column < head.stop]


def fill(targets: Sequence[Target], length: int) -> tuple[Target | None, ...]:
    return (*targets, *([None] * (length - len(targets))))


def ambiguous(length: int) -> Assignment:
    return Assignment((None,) * length, "ambiguous")
