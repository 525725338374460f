"""`nianbao replicate`"""

import click

from pipeline.commands.opening import opened, with_database
from pipeline.errors import UsageProblem


@click.command()
@click.argument("target", metavar="TARGET")
@with_database
def replicate(target: str, db: str | None) -> None:
    """Keep a second database, TARGET (an SQLAlchemy URL), in step. Run it again after every run."""
    from pipeline.progress import shown_progress
    from storage.database import DatabaseError, open_database
    from storage.replicate import ReplicaError
    from storage.replicate import replicate as copy_to

    with opened(db) as database, shown_progress("replicate") as tell:
        try:
            copy = open_database(target)
        except DatabaseError as error:
            raise UsageProblem(str(error)) from error
        try:
            copied = copy_to(database, copy, tell)
        except ReplicaError as error:
            raise UsageProblem(str(error)) from error
        finally:
            copy.close()
    click.echo(f"replicate: copied {copied} rows")
