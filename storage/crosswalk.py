"""The crosswalk between forms as the database has it: which cells of each form are one measure."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, delete, insert, select

from storage.sums import count_anew
from storage.tables import crosswalk


@dataclass(frozen=True, slots=True)
class CrosswalkRow:
    """One cell of a measure; `parts` is how many cells the measure is the sum of."""

    measure: str
    form: str
    option: int
    table_code: str
    row_code: str
    col_code: str
    parts: int
    label: str
    comparable: int
    note: str


def store_crosswalk(connection: Connection, rows: Sequence[CrosswalkRow]) -> None:
    """Make the crosswalk exactly these rows; nothing is written where it already is. The sums follow it."""
    stored = {CrosswalkRow(**row) for row in connection.execute(select(crosswalk)).mappings()}
    if stored != set(rows):
        connection.execute(delete(crosswalk))
        connection.execute(insert(crosswalk), [asdict(row) for row in rows])
        count_anew(connection)
