"""`nianbao replicate`"""

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.commands.opening import opened, with_database
from pipeline.errors import UsageProblem
from settings import clock

if TYPE_CHECKING:
    from pipeline.progress import Tell
    from storage.database import Database


@click.command()
@click.argument("target", metavar="TARGET")
@with_database
def replicate(target: str, db: str | None) -> None:
    """Keep a copy in step; run it again after every run. TARGET is a second database (an SQLAlchemy URL) or
    a folder, which gets a WACZ for each run.
    """
    from pipeline.progress import shown_progress
    from storage.replicate import ReplicaError

    with opened(db) as database, shown_progress("replicate") as tell:
        try:
            said = (
                to_database(database, target, tell) if "://" in target else to_folder(database, target, tell)
            )
        except ReplicaError as error:
            raise UsageProblem(str(error)) from error
    click.echo(f"replicate: {said}")


def to_database(database: "Database", target: str, tell: "Tell") -> str:
    from storage.database import DatabaseError, open_database
    from storage.replicate import replicate as copy_to

    try:
        copy = open_database(target)
    except DatabaseError as error:
        raise UsageProblem(str(error)) from error
    with closing(copy):
        return f"copied {copy_to(database, copy, tell)} rows"


def to_folder(database: "Database", target: str, tell: "Tell") -> str:
    from storage.export.folder import replicate_to_folder

    folder = Path(target)
    if folder.exists() and not folder.is_dir():
        raise UsageProblem(f"{target}: is a file; name a folder, or a database as sqlite:///copy.db")
    written = replicate_to_folder(database, folder, clock.now(), tell)
    return f"wrote {len(written)} runs to {target}"
