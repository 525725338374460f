"""The parts of new readings, written together: a statement costs as much as a hundred rows."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, insert

from storage.cells import CellCode, CellRow, code_of, packed, positions
from storage.database import dialect_insert
from storage.fulltext import index_sections
from storage.tables import read_captures, reading_cells, reading_places

Row = dict[str, Any]


@dataclass(slots=True)
class Batch:
    """What one transaction has still to write before it ends."""

    rows: dict[Table, list[Row]] = field(default_factory=lambda: defaultdict(list))
    said: list[tuple[int, list[tuple[str, str]]]] = field(default_factory=list)
    read: dict[int, Row] = field(default_factory=dict)  # by capture
    forms: dict[str, Mapping[CellCode, int]] = field(default_factory=dict)

    def add_parts(self, table: Table, reading_id: int, parts: Sequence[Row]) -> None:
        self.rows[table].extend({"reading_id": reading_id, **part} for part in parts)

    def add_cells(self, connection: Connection, reading_id: int, form: str, cells: Sequence[CellRow]) -> None:
        """Raises ValueError where two are the same official cell."""
        if not cells:
            return
        codes = [code_of(cell) for cell in cells]
        if not self.forms.get(form, {}).keys() >= set(codes):
            self.forms[form] = positions(connection, form, codes)
        values, places = packed(self.forms[form], codes, cells)
        self.add_parts(reading_cells, reading_id, [values])
        self.add_parts(reading_places, reading_id, [places])

    def note_read(self, capture_id: int, extractor: str, reading_id: int) -> None:
        self.read[capture_id] = {"capture_id": capture_id, "extractor": extractor, "reading_id": reading_id}

    def write(self, connection: Connection) -> None:
        for table, rows in self.rows.items():
            if rows:
                connection.execute(insert(table), rows)
        if self.said:
            index_sections(connection, self.said)
        if self.read:
            noted = dialect_insert(connection, read_captures)
            anew = {name: noted.excluded[name] for name in ("extractor", "reading_id")}
            upsert = noted.on_conflict_do_update(index_elements=["capture_id"], set_=anew)
            connection.execute(upsert, list(self.read.values()))
        self.rows.clear()
        self.said.clear()
        self.read.clear()
