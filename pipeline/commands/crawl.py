"""`nianbao crawl`"""

from pathlib import Path

import click

from pipeline.commands.opening import database_url, opened, with_database
from pipeline.commands.sites import register, sites_from
from pipeline.errors import UsageProblem, WorkFailed
from settings.environment import read_environment


@click.command()
@click.argument("hosts", nargs=-1, metavar="[HOST]...")
@click.option(
    "--sites",
    type=click.Path(path_type=Path),
    metavar="FILE.toml",
    help="Register the sites of this file first.",
)
@click.option("--max-pages", type=click.IntRange(min=1), metavar="N", help="Stop after N fetches.")
@click.option(
    "--max-seconds", type=click.FloatRange(min=0, min_open=True), metavar="S", help="Stop after S seconds."
)
@click.option(
    "--delay", type=click.FloatRange(min=0), metavar="S", help="Seconds between two requests to one host."
)
@with_database
def crawl(
    hosts: tuple[str, ...],
    sites: Path | None,
    max_pages: int | None,
    max_seconds: float | None,
    delay: float | None,
    db: str | None,
) -> None:
    """One run: everything that is due on the registered sites, or only on the HOSTs.

    Discovers, archives and extracts. Run it again every night; run it after a crash and it goes on.
    """
    from crawler.scheduler import NoSitesError
    from pipeline.crawl import CrawlFailed
    from pipeline.crawl import crawl as crawl_due
    from pipeline.present import print_run
    from pipeline.progress import shown_crawl, shown_progress
    from pipeline.reading import read_captures

    url = database_url(db)
    found = sites_from(sites) if sites else []
    with opened(db) as database:
        register(database, found)
    try:
        with shown_crawl() as tell_run:
            summary = crawl_due(
                url,
                environment=read_environment(),
                hosts=hosts,
                max_pages=max_pages,
                max_seconds=max_seconds,
                delay=delay,
                progress=tell_run,
            )
    except NoSitesError as error:
        raise UsageProblem(str(error)) from error
    except CrawlFailed as error:
        raise WorkFailed(str(error)) from error
    with opened(db) as database, shown_progress("extract") as tell:
        read = read_captures(database, tell=tell)
    print_run(summary, read)
