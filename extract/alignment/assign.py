"""Which value of a line belongs to which official cell: by the header, or by order where that is certain."""

from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct, structs

from extract.document import Cell

Target = tuple[str, str]  # row code, column code


class Head(Struct, frozen=True, gc=False):
    """A header's lowest cell and the slots it covers; `target` is None where its words say nothing known.
    A foreign head is known from another form and names another quantity: nothing is put under it by order.
    """

    target: Target | None
    start: int
    stop: int
    is_foreign: bool = False
    is_blank: bool = False


class Assignment(Struct, frozen=True, gc=False):
    """A target or None for each value. `doubt` is a finding's code: why this is less than plain, or empty.
    `is_open`: any of its values may be its neighbour's.
    """

    targets: tuple[Target | None, ...]
    doubt: str = ""
    is_open: bool = False

    @property
    def is_ambiguous(self) -> bool:
        return self.doubt == "ambiguous"


def assign(
    targets: Sequence[Target], values: Sequence[Cell], heads: Sequence[Head], *, is_ragged: bool = False
) -> Assignment:
    """The official cell of each value of a line with geometry. Where only a guess would do, all are None.

    `is_ragged`: the header's spans disagree with themselves, so that its labels stand over wrong values.
    """
    if any(head.is_foreign for head in heads):
        return by_slot(targets, values, heads)
    if len(values) == len(targets) and (is_ragged or is_gapped(targets, values, heads)):
        return Assignment(tuple(targets), "header_differs")
    if heads and len(heads) == len(values):
        named = [head.target for head in heads]
        labelled = by_header(targets, named, is_padded=is_padded(targets, values, heads))
        return structs.replace(labelled, is_open=is_unsure(targets, values, heads))
    if len(values) == len(targets) and in_official_order(targets, heads):
        return Assignment(tuple(targets), "header_differs" if heads else "")
    if len(values) > len(targets) and not any(cell.text for cell in values[len(targets) :]):
        return Assignment(fill(targets, len(values)))
    return by_slot(targets, values, heads)


def is_gapped(targets: Sequence[Target], values: Sequence[Cell], heads: Sequence[Head]) -> bool:
    """Whether the header lost a label and closed up over the gap: what it names stands in the form's order,
    and at its end a blank head stands over a value.
    """
    is_open = len(heads) == len(values) and heads[-1].is_blank and bool(values[-1].text)
    return is_open and in_official_order(targets, heads)


def is_padded(targets: Sequence[Target], values: Sequence[Cell], heads: Sequence[Head]) -> bool:
    """Whether all that is too many is blank, and blank in the header too."""
    beyond = zip(values[len(targets) :], heads[len(targets) :], strict=True)
    return len(values) > len(targets) and all(head.is_blank and not cell.text for cell, head in beyond)


def in_official_order(targets: Sequence[Target], heads: Sequence[Head]) -> bool:
    """Whether the heads that name a target do so in the form's order. Heads that name one twice are broken
    and say nothing of an order.
    """
    named = [head.target for head in heads if head.target is not None]
    order = iter(targets)
    return len(set(named)) < len(named) or all(target in order for target in named)


def by_header(
    targets: Sequence[Target], known: Sequence[Target | None], *, is_padded: bool = False
) -> Assignment:
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
        is_whole = len(known) == len(targets) or is_padded
        return Assignment(fill(targets, len(known)), "header_repeats") if is_whole else ambiguous(len(known))
    if not named:
        return ambiguous(len(known))
    closed = between(targets, known)
    if closed != tuple(known):
        return Assignment(closed, "header_incomplete" if set(targets) <= set(closed) else "header_differs")
    return Assignment(closed, "" if set(targets) <= set(named) else "header_differs")


def between(targets: Sequence[Target], known: Sequence[Target | None]) -> tuple[Target | None, ...]:
    """The heads with those unknown named that stand between two known ones, or at an end, where the form has
    exactly as many. Nothing, unless the known ones stand in the form's order.
    """
    places = [targets.index(head) for head in known if head is not None]
    if places != sorted(places):
        return tuple(known)
    found: list[Target | None] = list(known)
    marks = [-1, *(at for at, head in enumerate(known) if head is not None), len(known)]
    for (left, right), (low, high) in zip(
        pairwise(marks), pairwise([-1, *places, len(targets)]), strict=True
    ):
        if right - left == high - low > 1:
            found[left + 1 : right] = targets[low + 1 : high]
    return tuple(found)


def by_slot(targets: Sequence[Target], values: Sequence[Cell], heads: Sequence[Head]) -> Assignment:
    """Each value under the one head whose slots it shares, as a reader of the page would see it."""
    found = [heads_over(cell, heads) for cell in values]
    seen = [over[0].target if len(over) == 1 else None for over in found]
    named = [target for target in seen if target is not None]
    is_plain = all(len(over) <= 1 for over in found) and len(set(named)) == len(named) > 0
    if not is_plain:
        return ambiguous(len(values))
    return Assignment(tuple(seen), "row_differs", is_open=is_short(targets, values, heads))


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


def is_short(targets: Sequence[Target], values: Sequence[Cell], heads: Sequence[Head]) -> bool:
    """Whether the line has too few values and ends before its header does."""
    last = values[-1]
    return len(values) < len(targets) and last.column + last.column_span < max(head.stop for head in heads)


def is_unsure(targets: Sequence[Target], values: Sequence[Cell], heads: Sequence[Head]) -> bool:
    """Whether a line with too few values ends before its header does, or stands beside it."""
    if len(values) >= len(targets):
        return False
    pairs = zip(values, heads, strict=True)
    is_beside = any(head not in heads_over(cell, heads) for cell, head in pairs)
    return is_beside or is_short(targets, values, heads)


def heads_over(cell: Cell, heads: Sequence[Head]) -> list[Head]:
    stop = cell.column + cell.column_span
    return [head for head in heads if head.start < stop and cell.column < head.stop]


def fill(targets: Sequence[Target], length: int) -> tuple[Target | None, ...]:
    return (*targets, *([None] * (length - len(targets))))


def ambiguous(length: int) -> Assignment:
    return Assignment((None,) * length, "ambiguous")
