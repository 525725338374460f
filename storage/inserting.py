"""Rows into a table as they are, whatever its types: values are what `storage.values.as_bound` gives.

SQLAlchemy spends five times as long on a row, for each value of it is looked at and named.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table


def insert_rows(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Each row has a value for every column of the table, in their order."""
    if connection.dialect.name == "postgresql":
        copy_rows(connection, table, rows)
    elif rows:
        connection.exec_driver_sql(insertion(table), [*rows])


@cache
def insertion(table: Table) -> str:
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    return f"INSERT INTO {table.name} ({columns}) VALUES ({', '.join('?' * len(table.columns))})"  # noqa: S608 - names of our own


def copy_rows(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    cursor = connection.connection.cursor()
    with cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
