"""Opening a database: SQLite in a file or Postgres by URL, with today's schema, and its transactions."""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, exc, inspect, text
from sqlalchemy.engine import URL, make_url

from storage.locks import hold_alone, hold_lock
from storage.tables import metadata

SCHEMA = "0020"  # the newest revision under migrations/, and the one this program knows
# A body of a page and a half wastes half a page; of SQLite's usual 4096 bytes that was a third of the file.
PAGE_SIZE = 1024
ROWS_LOOKED_AT = 1000  # of each index, for the planner's statistics
LOCK_WAIT = 60  # seconds to wait for another writer of a SQLite file
LOCK_PAUSE = 0.05  # seconds between two tries where SQLite itself does not wait
PRIMARY_CODE = 0xFF  # of SQLite's error codes; the bits above say more of the same error
# Who is gone without a word, be it server or worker, is missed within a minute on both sides; what a worker
# had locked is free then. One that hangs in the middle of a write loses its transaction after five.
MISSED = {
    "connect_timeout": 15,
    "keepalives_idle": 20,
    "keepalives_interval": 10,
    "keepalives_count": 4,
    "tcp_user_timeout": 60_000,
}
SESSION = {
    "synchronous_commit": "on",  # a commit returns when the server has it on disk, whatever its own default
    "timezone": "UTC",
    "tcp_keepalives_idle": 20,
    "tcp_keepalives_interval": 10,
    "tcp_keepalives_count": 4,
    "idle_in_transaction_session_timeout": "5min",
    "idle_session_timeout": 0,  # for `alone` waits with its lock
}
DRIVERS = {
    "sqlite": "sqlite+pysqlite",
    "sqlite+pysqlite": "sqlite+pysqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


class DatabaseError(Exception):
    """A database that cannot be used. One line, without any password, that says which and why."""


@dataclass(frozen=True, slots=True)
class Database:
    """`name` is the URL without its password, for messages."""

    name: str
    engine: Engine

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: all of it durable on disk when the block ends, or none of it."""
        with self.engine.execution_options(reads_only=False).begin() as connection:
            yield connection

    @contextmanager
    def rebuild(self) -> Iterator[Connection]:
        """`write` for a change of schema: SQLite moves a table only while nothing is held to refer to it."""
        with self.engine.execution_options(reads_only=False, rebuilds=True).begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One unchanging view of the database; writing inside is an error."""
        with self.engine.execution_options(reads_only=True).begin() as connection:
            yield connection

    def alone(self, name: str) -> AbstractContextManager[None]:
        """One process at a time, the others wait (storage/locks.py)."""
        return hold_alone(self.engine, name)

    def close(self) -> None:
        self.engine.dispose()


def open_database(url: str) -> Database:
    """Make the folder, file and schema where they are missing. Raises DatabaseError."""
    address = parse_url(url)
    name = address.set(drivername=address.get_backend_name()).render_as_string(hide_password=True)
    database = Database(name, make_engine(address))
    try:
        make_folder(address)
        bring_up_to_date(database)
    except (exc.DBAPIError, OSError, UnicodeDecodeError) as error:  # SQLite may quote broken bytes
        database.close()
        raise DatabaseError(f"{database.name}: cannot be opened ({first_line(error)})") from error
    except DatabaseError:
        database.close()
        raise
    return database


def refresh_statistics(database: Database) -> None:
    """Tell SQLite's planner how the tables have grown; Postgres sees for itself."""
    if database.engine.dialect.name == "sqlite":
        with database.write() as connection:
            connection.exec_driver_sql(f"PRAGMA analysis_limit = {ROWS_LOOKED_AT}")
            connection.exec_driver_sql("ANALYZE")


def parse_url(url: str) -> URL:
    try:
        address = make_url(url)
    except (exc.ArgumentError, ValueError) as error:
        # The text itself is not repeated: it may hold a password.
        raise DatabaseError("the database is named by a URL such as sqlite:///data/nianbao.db") from error
    driver = DRIVERS.get(address.drivername)
    if driver is None:
        raise DatabaseError(
            f"{address.drivername}: unknown kind of database; use sqlite:/// or postgresql://"
        )
    if driver.startswith("sqlite") and address.database in {None, "", ":memory:"}:
        raise DatabaseError("sqlite: the URL names no file; write sqlite:///data/nianbao.db")
    return address.set(drivername=driver)


def make_folder(address: URL) -> None:
    if address.get_backend_name() == "sqlite" and address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)


def first_line(error: Exception) -> str:
    cause = error.orig if isinstance(error, exc.DBAPIError) and error.orig else error
    return (str(cause).strip().splitlines() or [type(cause).__name__])[0]


def make_engine(address: URL) -> Engine:
    if address.get_backend_name() == "sqlite":
        engine = create_engine(address, connect_args={"timeout": LOCK_WAIT})
        event.listen(engine, "connect", set_up_sqlite)
        event.listen(engine, "begin", begin_sqlite)
        return engine
    options = " ".join(f"-c {name}={value}" for name, value in SESSION.items())
    ours = {name: value for name, value in MISSED.items() if name not in address.query}
    engine = create_engine(address, connect_args=ours | {"options": options})
    event.listen(engine, "begin", begin_postgres)
    return engine


def set_up_sqlite(connection: Any, _record: object) -> None:
    # None: the driver leaves BEGIN and COMMIT to us, so that a schema change is a transaction like any other.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()


def begin_sqlite(connection: Connection) -> None:
    reads_only = connection.get_execution_options().get("reads_only", False)
    rebuilds = connection.get_execution_options().get("rebuilds", False)
    for pragma, is_on in (("query_only", reads_only), ("foreign_keys", not rebuilds)):
        if connection.info.get(pragma) != is_on:
            connection.exec_driver_sql(f"PRAGMA {pragma} = {'ON' if is_on else 'OFF'}")
            connection.info[pragma] = is_on
    # A writer takes its lock at once: a reader that turns writer half way cannot wait and fails.
    connection.exec_driver_sql("BEGIN DEFERRED" if reads_only else "BEGIN IMMEDIATE")


def begin_postgres(connection: Connection) -> None:
    if connection.get_execution_options().get("reads_only", False):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")  # it holds nobody up


def bring_up_to_date(database: Database) -> None:
    with database.read() as connection:
        found = schema_of(connection)
        if found == SCHEMA:
            return
        refuse_what_is_not_ours(connection, found, database.name)
    if database.engine.dialect.name == "sqlite":
        keep_write_ahead_log(database.engine)
    with database.rebuild() as connection:
        hold_lock(connection, "schema")
        if schema_of(connection) != SCHEMA:  # another process may have been faster
            from storage.schema import upgrade_schema

            upgrade_schema(connection)


def schema_of(connection: Connection) -> str | None:
    """Tell the revision the database stands at; None where it has no schema of ours yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def keep_write_ahead_log(engine: Engine) -> None:
    """Choose the journal; the file remembers it. Not possible inside a transaction.

    Of several processes that choose at once SQLite sends all but one away, whatever its timeout; we wait.
    """
    until = monotonic() + LOCK_WAIT
    while not choose_journal(engine):
        if monotonic() > until:
            raise DatabaseError(f"{engine.url.database}: stays locked by another program; try again later")
        sleep(LOCK_PAUSE)


def choose_journal(engine: Engine) -> bool:
    """Whether the file was ours to change."""
    raw = engine.raw_connection()
    try:
        raw.cursor().execute(f"PRAGMA page_size = {PAGE_SIZE}")  # of a file still empty; others keep theirs
        raw.cursor().execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & PRIMARY_CODE != sqlite3.SQLITE_BUSY:
            raise
        return False
    finally:
        raw.close()
    return True


def refuse_what_is_not_ours(connection: Connection, found: str | None, name: str) -> None:
    """Raise DatabaseError before anything is changed."""
    taken = set(inspect(connection).get_table_names()) & {*metadata.tables, "captures"}
    if found is None and taken:
        raise DatabaseError(f"{name}: holds another program's tables ({', '.join(sorted(taken))})")
    from storage.schema import is_known

    if found is None or is_known(found):
        return
    if found < SCHEMA:
        raise DatabaseError(
            f"{name}: has schema {found}, from before the first release; let the nianbao that made it"
            " `export warc`, and import that"
        )
    raise DatabaseError(f"{name}: has schema {found}, newer than this nianbao's {SCHEMA}; upgrade nianbao")
