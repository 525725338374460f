"""`nianbao status`"""

import json
from dataclasses import asdict

import click

from pipeline.commands.opening import opened, with_database
from settings import clock


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@with_database
def status(as_json: bool, db: str | None) -> None:  # noqa: FBT001 - click passes flags so
    """Runs, sites, queue, reports, problems."""
    from pipeline.present import print_overview
    from storage.status import overview

    with opened(db) as database, database.read() as connection:
        seen = overview(connection, clock.now())
    if as_json:
        click.echo(json.dumps(asdict(seen), ensure_ascii=False, indent=2))
    else:
        print_overview(seen)
