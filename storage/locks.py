"""Locks by name between the processes that share a database. On SQLite every writer is alone anyway."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

# Keys of Postgres's advisory locks are numbers that all programs of a server share; this one is ours.
ADVISORY_SPACE = 0x6E69616E  # "nian"
LOCKS = {"schema": 1, "seals": 2, "forms": 3, "crawl": 4, "reading": 5, "sums": 6}


def hold_lock(connection: Connection, name: str) -> None:
    """One holder of `name` at a time until the transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({key_of(name)})")


@contextmanager
def hold_alone(engine: Engine, name: str) -> Iterator[None]:
    """One process at a time over many transactions, the others wait; the lock ends with its process."""
    if engine.dialect.name != "postgresql":
        yield
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"SELECT pg_advisory_lock({key_of(name)})")
        try:
            yield
        finally:
            connection.exec_driver_sql(f"SELECT pg_advisory_unlock({key_of(name)})")


def key_of(name: str) -> str:
    return f"{ADVISORY_SPACE}, {LOCKS[name]}"
