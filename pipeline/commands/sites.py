"""`nianbao sites`"""

from pathlib import Path
from typing import Any

import click

from pipeline.commands.opening import opened, with_database
from pipeline.errors import UsageProblem
from settings.registry import RegistryError, Site, load_sites, parse_site
from storage.database import Database


def sites_from(path: Path) -> list[Site]:
    try:
        return load_sites(path)
    except RegistryError as error:
        raise UsageProblem(str(error)) from error


def register(database: Database, sites: list[Site]) -> None:
    from storage.sites import register_sites

    with database.write() as connection:
        register_sites(connection, sites)


@click.group()
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
