"""Which reports a release has, and the rows of its tables: sorted, and a piece at a time.

Sorted by code point in both databases, so that a release is the same bytes from either.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    TableClause,
    Text,
    collate,
    column,
    func,
    select,
    table,
)
from sqlalchemy.types import TypeEngine

from storage.meanings import Kind, Meaning, load_meanings
from storage.tables import addresses, capture_rows
from storage.values import ExactNumber

PIECE = 100  # reports whose rows are in memory together
ROWS = 5_000  # rows that are fetched together
TYPES: dict[Kind, TypeEngine[Any]] = {"number": ExactNumber()}
Row = tuple[Any, ...]
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Selection:
    """Which reports; empty or None for all. `region` is a GB/T 2260 code: 340000 is all of Anhui."""

    year: int | None = None
    region: str = ""
    level: str | None = None
    host: str = ""

    @property
    def is_everything(self) -> bool:
        return self == Selection()

    def narrow(self, query: Select[Any], of: TableClause) -> Select[Any]:
        """The query with what of the selection its table can tell."""
        if self.year is not None and "year" in of.c:
            query = query.where(of.c.year == self.year)
        if self.region and "region_code" in of.c:
            query = query.where(of.c.region_code.startswith(stem(self.region), autoescape=True))
        if self.level and "level" in of.c:
            query = query.where(of.c.level == self.level)
        if self.host and "host" in of.c:
            query = query.where(of.c.host == self.host)
        if of.name == "coverage" and (self.level or self.host):
            # Nobody knows of what level, and on which host, a report is that is not there.
            stand = view(load_meanings()["reports"])
            query = query.where(of.c.report_id.in_(self.narrow(select(stand.c.report_id), stand)))
        return query


def stem(region: str) -> str:
    """340000 → 34, 340800 → 3408: what the codes of all its parts begin with."""
    while len(region) > 2 and region.endswith("00"):
        region = region[:-2]
    return region


def view(meaning: Meaning) -> TableClause:
    return table(meaning.name, *(column(each.name, TYPES.get(each.kind)) for each in meaning.columns))


def by_code_point(connection: Connection, of: TableClause, names: Sequence[str]) -> list[ColumnElement[Any]]:
    """Postgres would sort text as its server's language does."""
    kinds = {each.name: each.kind for each in load_meanings()[of.name].columns}
    is_postgres = connection.dialect.name == "postgresql"
    return [
        collate(of.c[name].cast(Text), "C") if is_postgres and kinds[name] == "string" else of.c[name]
        for name in names
    ]


def chosen_reports(connection: Connection, selection: Selection) -> list[str]:
    reports = view(load_meanings()["reports"])
    return sorted(connection.scalars(selection.narrow(select(reports.c.report_id), reports)))


def rows_of(
    connection: Connection, meaning: Meaning, selection: Selection, reports: Sequence[str], tell: Tell
) -> Iterator[Row]:
    """Every row of a table that the chosen reports have; of tables about no report, what is selected."""
    if meaning.name != "coverage" and "report_id" in meaning.names:
        yield from rows_of_reports(connection, meaning, reports, tell)
    elif meaning.name == "captures" and not selection.is_everything:
        yield from captures_of_reports(connection, meaning, reports)
    elif meaning.name == "sites":
        yield from streamed(connection, sites_as_captured(connection, meaning, selection))
    else:
        of = view(meaning)
        query = selection.narrow(select(of), of).order_by(*by_code_point(connection, of, meaning.key))
        yield from streamed(connection, query)


def rows_of_reports(
    connection: Connection, meaning: Meaning, reports: Sequence[str], tell: Tell
) -> Iterator[Row]:
    of = view(meaning)
    key = itemgetter(*map(meaning.names.index, meaning.key or meaning.names))  # of columns never null
    for start in range(0, len(reports), PIECE):
        piece = reports[start : start + PIECE]
        rows = connection.execute(select(of).where(of.c.report_id.in_(piece)))
        yield from sorted(map(tuple, rows), key=key)
        tell(meaning.name, start + len(piece), len(reports))


def captures_of_reports(connection: Connection, meaning: Meaning, reports: Sequence[str]) -> Iterator[Row]:
    """The captures that the chosen reports stand on."""
    of, stand = view(meaning), view(load_meanings()["reports"])
    wanted: set[int] = set()
    for start in range(0, len(reports), PIECE):
        named = stand.c.report_id.in_(reports[start : start + PIECE])
        wanted.update(connection.scalars(select(stand.c.capture_id).where(named)))
    ids = sorted(wanted)
    for start in range(0, len(ids), PIECE):
        query = select(of).where(of.c.capture_id.in_(ids[start : start + PIECE]))
        yield from map(tuple, connection.execute(query.order_by(of.c.capture_id)))


def sites_as_captured(connection: Connection, meaning: Meaning, selection: Selection) -> Select[Any]:
    """With the last visit as the archive has it, which a rebuild has, too."""
    of, last = view(meaning), view(load_meanings()["captures"])
    newest = (
        select(addresses.c.host, func.max(capture_rows.c.capture_id).label("capture_id"))
        .join_from(capture_rows, addresses, addresses.c.address_id == capture_rows.c.address_id)
        .group_by(addresses.c.host)
        .subquery()
    )
    visit = {"last_run_at": last.c.fetched_at, "last_outcome": last.c.outcome}
    query = (
        select(*(visit.get(name, of.c[name]) for name in meaning.names))
        .select_from(of)
        .outerjoin(newest, newest.c.host == of.c.host)
        .outerjoin(last, last.c.capture_id == newest.c.capture_id)
    )
    return selection.narrow(query, of).order_by(*by_code_point(connection, of, meaning.key))


def streamed(connection: Connection, query: Select[Any]) -> Iterator[Row]:
    for row in connection.execution_options(yield_per=ROWS).execute(query):
        yield tuple(row)
