"""A line whose figures all stand in one cell: `1 0 0 4`, or as many zeros run together as there are to be."""

from collections.abc import Sequence

from msgspec import structs

from extract.alignment.ledger import Ledger, is_value
from extract.document import Cell

FEWEST_DIVIDED = 4  # figures of a line; `10` may be ten


def divided(values: Sequence[Cell], count: int, ledger: Ledger) -> list[Cell]:
    """The values of a line; `count` of them where they all stand in one cell and it divides in one way."""
    solid = [cell for cell in values if cell.text]
    if len(solid) != 1 or count < FEWEST_DIVIDED:
        return list(values)
    whole = solid[0]
    texts = list(whole.text) if set(whole.text) == {"0"} else whole.text.split()
    parts = [structs.replace(whole, text=text) for text in texts]
    if len(parts) != count or not all(map(is_value, parts)):
        return list(values)
    ledger.mark_label(whole)
    ledger.find("run_together", whole.text, whole)
    return parts
