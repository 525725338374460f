"""The command line. Each command is thin: it checks its input, calls one function, prints what came of it.

Exit status: 0 done; 2 wrong usage or unreadable input, one line on standard error, nothing changed; 1 the
work itself failed.
"""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from pipeline.errors import UsageProblem, WorkFailed
from settings.environment import read_environment
from settings.registry import RegistryError, Site, load_sites, parse_site
from storage.database import Database, DatabaseError, open_database

DATABASE_HELP = "SQLAlchemy URL; else NIANBAO_DB, else sqlite:///data/nianbao.db"


def utc_now() -> datetime:
    return datetime.now(UTC)


def with_database(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--db", "db", metavar="URL", help=DATABASE_HELP)(command)


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


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--db", "db", metavar="URL", help=DATABASE_HELP)
@click.version_option(package_name="nianbao", prog_name="nianbao")
def cli(db: str | None) -> None:
    """China's yearly disclosure reports (政府信息公开工作年度报告): crawl, archive, read."""


@cli.command()
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


def sites_from(path: Path) -> list[Site]:
    try:
        return load_sites(path)
    except RegistryError as error:
        raise UsageProblem(str(error)) from error


def register(database: Database, sites: list[Site]) -> None:
    from storage.sites import register_sites

    with database.write() as connection:
        register_sites(connection, sites)


@cli.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.option("--url", default="", metavar="URL", help="Where a single file came from.")
@click.option("--fetched-on", default="", metavar="DATE", help="When it was saved, as 2024-01-31.")
@with_database
def import_(paths: tuple[Path, ...], url: str, fetched_on: str, db: str | None) -> None:
    """Saved pages into the archive as captures, then extracted.

    A PATH is a WARC or WACZ, a page or document, a folder with manifest.csv (file,url,fetched_on), or a
    folder of sites named after hosts.
    """
    from pipeline.importing import import_saved
    from pipeline.present import print_import
    from pipeline.progress import shown_progress
    from pipeline.reading import read_captures
    from pipeline.saved import find_saved

    saved = find_saved(paths, url, fetched_on, utc_now())
    with opened(db) as database, shown_progress("import") as tell:
        imported = import_saved(database, saved, utc_now())
        summary = read_captures(database, tell=tell)
    print_import(imported, summary)


@cli.command()
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
    print_reading(summary)


@cli.command()
@with_database
def verify(db: str | None) -> None:
    """Re-read every payload, record and run seal. Exit status 1 and a list if anything is wrong."""
    from pipeline.present import print_fault
    from pipeline.progress import shown_progress
    from storage.verify import verify as find_faults

    faults = 0
    with opened(db) as database, shown_progress("verify") as tell:
        for fault in find_faults(database, tell):
            print_fault(fault)
            faults += 1
    if faults:
        raise WorkFailed(f"verify: {faults} faults found, listed above")
    click.echo("verify: every payload, record and seal is as it was written")


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@with_database
def status(as_json: bool, db: str | None) -> None:  # noqa: FBT001 - click passes flags so
    """Runs, sites, queue, reports, problems."""
    from pipeline.present import print_overview
    from storage.status import overview

    with opened(db) as database, database.read() as connection:
        seen = overview(connection, utc_now())
    if as_json:
        click.echo(json.dumps(asdict(seen), ensure_ascii=False, indent=2))
    else:
        print_overview(seen)


@cli.group()
def sites() -> None:
    """The registry: which hosts may be visited."""


@sites.command("list")
@with_database
def sites_list(db: str | None) -> None:
    """All registered sites."""
    from pipeline.present import print_sites
    from storage.sites import load_sites as registered_sites

    with opened(db) as database, database.read() as connection:
        print_sites(registered_sites(connection))


@sites.command("add")
@click.argument("host")
@click.option("--name", default="", help="The body that keeps the site.")
@click.option("--region", default="", metavar="CODE", help="GB/T 2260 code.")
@click.option(
    "--start", multiple=True, metavar="URL", help="Where a crawl begins; the home page unless given."
)
@click.option("--listing", default="", metavar="FAMILY", help="Content system, where it must be said.")
@click.option("--delay", type=click.FloatRange(min=0), metavar="S", help="Seconds between two requests.")
@click.option("--note", default="")
@with_database
def sites_add(db: str | None, start: tuple[str, ...], **given: Any) -> None:
    """Register HOST, or change what is registered of it."""
    table = {key: value for key, value in given.items() if value not in ("", None)}
    if start:
        table["start"] = list(start)
    try:
        site = parse_site(table, "sites add")
    except RegistryError as error:
        raise UsageProblem(str(error)) from error
    with opened(db) as database:
        register(database, [site])
    click.echo(f"registered {site.host}, from {', '.join(site.start)}")


@sites.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@with_database
def sites_import(file: Path, db: str | None) -> None:
    """Register the sites of a sites file (TOML)."""
    found = sites_from(file)
    with opened(db) as database:
        register(database, found)
    click.echo(f"registered {len(found)} sites from {file}")


def main() -> None:
    """The entry point: every failure is one line on standard error and the exit status of its kind."""
    try:
        status = cli.main(standalone_mode=False)
    except click.ClickException as error:
        click.echo(f"nianbao: {' '.join(error.format_message().split())}", err=True)
        status = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("nianbao: stopped; what was committed stays, run it again to go on", err=True)
        status = 130
    except BrokenPipeError:
        sys.stderr.close()
        status = 0
    sys.exit(status if isinstance(status, int) else 0)
