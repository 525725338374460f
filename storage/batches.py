"""New readings, asked about and written together: a statement costs as much as a hundred rows."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import Connection, Table, update

from storage.book import Book, load_book
from storage.cells import code_of, positions
from storage.fulltext import index_wordings
from storage.inserting import allot_ids, dialect_insert, insert_rows
from storage.rows import Reading, ReadingRows, Row, Values, rows_of
from storage.sums import Adds, adds_of, follow
from storage.tables import (
    read_captures,
    reading_cells,
    reading_checks,
    reading_findings,
    reading_grids,
    reading_leftovers,
    reading_places,
    reading_sections,
    readings,
)
from storage.versions import Known, fetched_times, known_readings, stepped_back

TABLES = {  # of the parts of a reading
    "checks": reading_checks,
    "sections": reading_sections,
    "leftovers": reading_leftovers,
    "findings": reading_findings,
    "grids": reading_grids,
}


@dataclass(slots=True)
class Batch:
    """What one transaction has still to write before it ends, and what it knows of the reports it writes."""

    book: Book = field(default_factory=Book)
    fresh: dict[int, Row] = field(default_factory=dict)  # rows of `readings` by their key
    rows: dict[Table, list[Values]] = field(default_factory=lambda: defaultdict(list))
    said: list[tuple[int, str]] = field(default_factory=list)
    read: dict[int, Row] = field(default_factory=dict)  # by capture
    versions: dict[str, list[Known]] = field(default_factory=dict)  # by report, as they now stand
    times: dict[int, str] = field(default_factory=dict)  # by capture, when it was fetched
    back: list[int] = field(default_factory=list)  # readings that were the report and are an earlier version
    stood: Counter[int] = field(default_factory=Counter)  # readings: 1 became the report, -1 no longer is
    adds: dict[int, Adds | None] = field(default_factory=dict)  # by fresh reading
    ids: list[int] = field(default_factory=list)  # reserved for fresh readings, the first one last

    def look_up(self, connection: Connection, keys: Collection[str], capture_ids: Collection[int]) -> None:
        """Ask at once for what storing readings of these captures as these reports will want to know."""
        self.versions |= known_readings(connection, keys)
        self.times |= fetched_times(connection, capture_ids)

    def reserve(self, connection: Connection, number: int) -> None:
        """Keys for so many fresh readings, at once."""
        self.ids = allot_ids(connection, readings, number)[::-1]

    def is_news(self, rows: ReadingRows | None) -> bool:
        """Whether storing it may want a key."""
        return rows is None or all(row.digest != rows.digest for row in self.versions[rows.report_id])

    def known(self, connection: Connection, key: str) -> list[Known]:
        if key not in self.versions:
            self.versions |= known_readings(connection, [key])
        return self.versions[key]

    def fetched_at(self, connection: Connection, capture_id: int) -> str:
        if capture_id not in self.times:
            self.times |= fetched_times(connection, [capture_id])
        return self.times[capture_id]

    def rows_of(self, connection: Connection, reading: Reading) -> ReadingRows:
        """Cells that nobody has met get their places. Raises ValueError where two are the same cell."""
        codes = {code_of(cell) for cell in reading.cells}
        if not self.book.knows(reading.form, codes):
            positions(connection, reading.form, codes)
            self.book = load_book(connection)
        return rows_of(reading, self.book)

    def add(self, connection: Connection, rows: ReadingRows, own: Row) -> int:
        """A fresh reading, its own row with what depends on the others; gives its key."""
        if not self.ids:
            self.write(connection)  # who asks for the next key sees only what is there
            self.reserve(connection, 1)
        reading_id = self.ids.pop()
        self.fresh[reading_id] = {"reading_id": reading_id, **rows.own, **own}
        for name, table in TABLES.items():
            self.rows[table].extend((reading_id, *row) for row in rows.parts[name])
        if rows.cells and rows.places:
            self.rows[reading_cells].append((reading_id, *rows.cells))
            self.rows[reading_places].append((reading_id, *rows.places))
        if rows.said is not None:
            self.said.append((reading_id, rows.said))
        self.adds[reading_id] = None if rows.stated is None else adds_of(rows.own, rows.stated)
        return reading_id

    def step_back(self, key: str, reading_id: int) -> None:
        """The reading is no more the report, but an earlier version of it."""
        if reading_id in self.fresh:
            self.fresh[reading_id]["standing"] = "superseded"
        else:
            self.back.append(reading_id)
        self.versions[key] = stepped_back(self.versions[key], reading_id)
        self.stood[reading_id] -= 1

    def note_read(self, capture_id: int, extractor: str, reading_id: int) -> None:
        self.read[capture_id] = {"capture_id": capture_id, "extractor": extractor, "reading_id": reading_id}

    def write(self, connection: Connection) -> None:
        """What is known of reports and captures stays."""
        if self.back:
            stood = update(readings).where(readings.c.reading_id.in_(self.back))
            connection.execute(stood.values(standing="superseded"))
        names = [column.name for column in readings.columns]
        own = [tuple(row[name] for name in names) for row in self.fresh.values()]
        for table, rows in {readings: own, **self.rows}.items():
            insert_rows(connection, table, rows)
        index_wordings(connection, self.said)
        self.write_read(connection)
        follow(connection, self.stood, self.adds)
        for written in (self.back, self.fresh, self.rows, self.said, self.read, self.stood, self.adds):
            written.clear()

    def write_read(self, connection: Connection) -> None:
        if self.read:
            noted = dialect_insert(connection, read_captures)
            anew = {name: noted.excluded[name] for name in ("extractor", "reading_id")}
            upsert = noted.on_conflict_do_update(index_elements=["capture_id"], set_=anew)
            connection.execute(upsert, list(self.read.values()))
