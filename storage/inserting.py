"""Rows into tables, and the keys for them."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Executable, Select, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite


def insert_rows(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Rows as they are, a value for every column of the table in their order, as `storage.values.as_bound`
    gives them. SQLAlchemy spends five times as long on a row, for each value of it is looked at and named.
    """
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


def insert_new(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Rows that another worker may have stored since we looked; whether all of them are ours."""
    statement = insertion_of_new(connection.dialect.name, table)
    stored = connection.execute(statement, rows, execution_options={"preserve_rowcount": True})
    return stored.rowcount == len(rows)


@cache
def insertion_of_new(dialect: str, table: Table) -> Executable:
    """Made once, for that takes longer than to run it."""
    return insert_of(dialect, table).on_conflict_do_nothing()


def dialect_insert(connection: Connection, table: Table) -> "sqlite.Insert | postgresql.Insert":
    """Spell an INSERT that can go on to `on_conflict_do_nothing` or `on_conflict_do_update`."""
    return insert_of(connection.dialect.name, table)


def insert_of(dialect: str, table: Table) -> "sqlite.Insert | postgresql.Insert":
    """`dialect_insert` for a statement that is made once and kept."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def allot_ids(connection: Connection, table: Table, number: int) -> list[int]:
    """Reserve keys for rows to be inserted in this transaction. Asking for each new row's key costs ten times
    the row.
    """
    if connection.dialect.name == "postgresql":
        [key] = table.primary_key.columns
        series = select(func.nextval(f"{table.name}_{key.name}_seq")).select_from(
            func.generate_series(1, number)
        )
        return list(connection.scalars(series))
    last = connection.scalar(last_key(table)) or 0  # a writer of SQLite is alone
    return list(range(last + 1, last + 1 + number))


@cache
def last_key(table: Table) -> Select[int]:
    """Made once, for that takes longer than to run it."""
    [key] = table.primary_key.columns
    return select(func.max(key))
