"""What commands share: which database, opened and upgraded, and how many processes read."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from pipeline.errors import UsageProblem
from settings.environment import read_environment
from storage.database import Database, DatabaseError, open_database

DATABASE_HELP = "SQLAlchemy URL; else NIANBAO_DB, else sqlite:///data/nianbao.db"


def with_database(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--db", "db", metavar="URL", help=DATABASE_HELP)(command)


def with_workers(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--workers",
        type=click.IntRange(1, 64),
        default=1,
        show_default=True,
        metavar="N",
        help="Processes that read.",
    )(command)


def database_url(db: str | None) -> str:
    """What --db says, behind the command or before it; else the environment; else the default."""
    before: str | None = click.get_current_context().find_root().params.get("db")
    return db or before or read_environment().database


@contextmanager
def opened(db: str | None) -> Iterator[Database]:
    """The database of this command, its schema created or upgraded."""
    try:
        database = open_database(database_url(db))
    except DatabaseError as error:
        raise UsageProblem(str(error)) from error
    try:
        yield database
    finally:
        database.close()
