"""New readings, asked about and written together: a statement costs as much as a hundred rows."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, insert

from storage.cells import CellCode, CellRow, code_of, packed, positions
from storage.database import dialect_insert
from storage.fulltext import index_sections
from storage.sums import follow
from storage.tables import read_captures, reading_cells, reading_places
from storage.versions import Known, fetched_times, known_readings

Row = dict[str, Any]


@dataclass(slots=True)
class Batch:
    """What one transaction has still to write before it ends, and what it knows of the reports it writes."""

    rows: dict[Table, list[Row]] = field(default_factory=lambda: defaultdict(list))
    said: list[tuple[int, list[tuple[str, str]]]] = field(default_factory=list)
    read: dict[int, Row] = field(default_factory=dict)  # by capture
    forms: dict[str, Mapping[CellCode, int]] = field(default_factory=dict)
    versions: dict[str, list[Known]] = field(default_factory=dict)  # by report, as they now stand
    stood: Counter[int] = field(default_factory=Counter)  # readings: 1 became the report, -1 no longer is
    times: dict[int, str] = field(default_factory=dict)  # by capture, when it was fetched

    def look_up(self, connection: Connection, keys: Collection[str], capture_ids: Collection[int]) -> None:
        """Ask at once for what storing readings of these captures as these reports will want to know."""
        self.versions |= known_readings(connection, keys)
        self.times |= fetched_times(connection, capture_ids)

    def known(self, connection: Connection, key: str) -> list[Known]:
        if key not in self.versions:
            self.versions |= known_readings(connection, [key])
        return self.versions[key]

    def fetched_at(self, connection: Connection, capture_id: int) -> str:
        if capture_id not in self.times:
            self.times |= fetched_times(connection, [capture_id])
        return self.times[capture_id]

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
        follow(connection, self.stood)
        self.stood.clear()
        self.rows.clear()
        self.said.clear()
        self.read.clear()
