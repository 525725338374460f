"""`nianbao extract`"""

import click

from pipeline.commands.opening import opened, with_database, with_workers
from storage.coverage import refresh_coverage


@click.command()
@click.option(
    "--all", "everything", is_flag=True, help="Also captures that today's extractor has read before."
)
@with_workers
@click.option(
    "--cluster",
    default="",
    metavar="ADDRESS",
    help="A Dask scheduler, as tcp://10.0.0.1:8786, whose workers read instead.",
)
@with_database
def extract(*, everything: bool, workers: int, cluster: str, db: str | None) -> None:
    """Read captures again with today's extractor. Unchanged results change nothing."""
    from pipeline.present import print_reading
    from pipeline.progress import shown_progress
    from pipeline.reading import read_captures

    with opened(db) as database, shown_progress("extract") as tell:
        summary = read_captures(database, everything=everything, workers=workers, cluster=cluster, tell=tell)
        refresh_coverage(database)
    print_reading(summary)
    if not summary.captures:
        click.echo("nothing new to read; --all reads again what was read before")
