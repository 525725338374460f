"""`nianbao import`"""

from pathlib import Path

import click

from pipeline.commands.opening import opened, with_database
from settings import clock
from storage.coverage import refresh_coverage


@click.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.option("--url", default="", metavar="URL", help="Where a single file came from.")
@click.option("--fetched-on", default="", metavar="DATE", help="When it was saved, as 2024-01-31.")
@click.option("--skip-broken", is_flag=True, help="Leave broken WARC records out and say where they are.")
@with_database
def import_(
    paths: tuple[Path, ...],
    *,
    url: str,
    fetched_on: str,
    skip_broken: bool,
    db: str | None,
) -> None:
    """Saved pages into the archive as captures, then extracted.

    A PATH is a WARC or WACZ, a page or document, a folder with manifest.csv (file,url,fetched_on), or a
    folder of sites named after hosts.
    """
    from pipeline.importing import import_saved
    from pipeline.present import print_import
    from pipeline.progress import shown_progress
    from pipeline.reading import read_captures
    from pipeline.saved import find_saved

    skipped = (lambda line: click.echo(f"import: left out: {line}", err=True)) if skip_broken else None
    saved = find_saved(paths, url, fetched_on, clock.now(), skipped)
    with opened(db) as database, shown_progress("import") as tell:
        imported = import_saved(database, saved, clock.now())
        summary = read_captures(database, tell=tell)
        refresh_coverage(database)
    print_import(imported, summary)
