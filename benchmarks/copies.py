"""A database made many times larger in SQL: every reading again, as the report of another body."""

from collections.abc import Mapping

from sqlalchemy import Connection, Table, text

from storage.database import Database
from storage.fulltext import POSTGRES_INDEX, index_wordings, texts, wording
from storage.sums import count_anew
from storage.tables import (
    coverage_gaps,
    reading_cells,
    reading_checks,
    reading_places,
    reading_sections,
    readings,
)

PARTS = (reading_cells, reading_places, reading_checks, reading_sections)


def multiply(database: Database, times: int) -> None:
    """Let there be `times` as many readings as there are."""
    with database.write() as connection:
        base = connection.scalar(text("SELECT MAX(reading_id) FROM readings")) or 0
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("DROP INDEX ix_reading_sections_pairs")
    for number in range(1, times):
        with database.write() as connection:
            copy_all(connection, number, base)
    with database.write() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(POSTGRES_INDEX[1])
            connection.exec_driver_sql(
                "SELECT setval('readings_reading_id_seq', MAX(reading_id)) FROM readings"
            )
        count_anew(connection)


def copy_all(connection: Connection, number: int, base: int) -> None:
    mark = f"'·{number}'"
    body = {"publisher": f"publisher || {mark}"}
    moved = {"reading_id": f"reading_id + {number * base}"}
    copy(connection, coverage_gaps, body, "publisher NOT LIKE '%·%'")
    own = body | moved | {"report_id": f"report_id || {mark}", "url": f"url || '?{number}'"}
    copy(connection, readings, own, f"reading_id <= {base}")
    for table in PARTS:
        copy(connection, table, moved, f"reading_id <= {base}")
    said = texts(connection, readings.c.reading_id <= base)
    index_wordings(
        connection, [(reading_id + number * base, wording(sections)) for reading_id, sections in said]
    )


def copy(connection: Connection, table: Table, other: Mapping[str, str], where: str) -> None:
    names = [column.name for column in table.columns]
    values = ", ".join(other.get(name, name) for name in names)
    connection.execute(
        text(f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {values} FROM {table.name} WHERE {where}")
    )
