"""`nianbao extract`"""

import click

from pipeline.commands.opening import opened, with_database
from storage.coverage import refresh_coverage


@click.command()
@click.option(
    "--all", "everything", is_flag=True, help="Also captures that today's extractor has read before."
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    metavar="N",
    help="Processes that read.",
)
@with_database
def extract(everything: bool, workers: int, db: str | None) -> None:  # noqa: FBT001 - click passes flags so
    """Read captures again with today's extractor. Unchanged results change nothing."""
    from pipeline.present import print_reading
    from pipeline.progress import shown_progress
    from pipeline.reading import read_captures

    with opened(db) as database, shown_progress("extract") as tell:
        summary = read_captures(database, everything=everything, workers=workers, tell=tell)
        refresh_coverage(database)
    print_reading(summary)
