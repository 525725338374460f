"""`nianbao sites`"""

from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import click

from pipeline.commands.fetching import fetch
from pipeline.commands.opening import database_url, opened, with_database
from pipeline.errors import UsageProblem
from settings.registry import RegistryError, Site, load_sites, parse_site
from storage.database import Database

STARTER = Path(str(files("settings") / "sites" / "starter.toml"))


def sites_from(path: Path) -> list[Site]:
    try:
        found = load_sites(path)
    except RegistryError as error:
        raise UsageProblem(str(error)) from error
    for site in found:
        refuse_unknown_family(site)
    return found


def refuse_unknown_family(site: Site) -> None:
    """For a misspelt one would never be asked."""
    if site.listing:
        from crawler.listings import LISTINGS

        known = sorted(listing.name for listing in LISTINGS)
        if site.listing not in known:
            raise UsageProblem(
                f"site {site.host}: listing {site.listing!r} is no family; known are {', '.join(known)}"
            )


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
@click.option("--name", help="The body that keeps the site.")
@click.option("--region", metavar="CODE", help="GB/T 2260 code.")
@click.option(
    "--start", multiple=True, metavar="URL", help="Where a crawl begins; the home page unless given."
)
@click.option("--listing", metavar="FAMILY", help="Content system, where it must be said.")
@click.option("--delay", type=click.FloatRange(min=0), metavar="S", help="Seconds between two requests.")
@click.option("--note", metavar="TEXT", help="For whoever keeps the registry.")
@with_database
def sites_add(db: str | None, start: tuple[str, ...], **given: Any) -> None:
    """Register HOST, or change what is registered of it: what no option says stays."""
    table = {key: value for key, value in given.items() if value is not None}
    if start:
        table["start"] = list(start)
    try:
        site = parse_site(table, "sites add")
    except RegistryError as error:
        raise UsageProblem(str(error)) from error
    refuse_unknown_family(site)
    with opened(db) as database:
        known = registered(database, site.host)
        if known and known.start:
            site = replace(known, **{key: getattr(site, key) for key in table})
        register(database, [site])
    click.echo(f"registered {site.host}, from {', '.join(site.start)}")


def registered(database: Database, host: str) -> Site | None:
    from storage.sites import load_sites as registered_sites

    with database.read() as connection:
        return next((site for site in registered_sites(connection) if site.host == host), None)


@sites.command("import")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@with_database
def sites_import(file: Path, db: str | None) -> None:
    """Register the sites of FILE.

    A sites file (TOML), the download of the official national directory (CSV, XLS, XLSX, or a ZIP of such),
    or `starter`: a bundled list of ministries, provinces and cities. What you registered of a site is not
    changed by a directory; rows that cannot be used are named with their lines.
    """
    path = STARTER if str(file) == "starter" and not file.exists() else file
    if path.suffix.lower() == ".toml":
        found = sites_from(path)
        with opened(db) as database:
            register(database, found)
        click.echo(f"registered {len(found)} sites from {file}")
    else:
        import_directory(path, db)


def import_directory(path: Path, db: str | None) -> None:
    from pipeline.directory import load_directory
    from pipeline.present import print_some
    from storage.sites import register_listed

    try:
        listed, unusable = load_directory(path)
    except RegistryError as error:
        raise UsageProblem(str(error)) from error
    with opened(db) as database, database.write() as connection:
        new = register_listed(connection, [(each.site, each.site_id_code) for each in listed])
    click.echo(f"{len(listed)} sites in {path}, {new} of them new; {len(unusable)} lines not usable")
    print_some([f"line {each.line}: {each.reason}" for each in unusable])


@sites.command("check")
@click.argument("hosts", nargs=-1, metavar="[HOST]...")
@click.option("--delay", type=click.FloatRange(min=0), metavar="S", help="Seconds between two requests.")
@with_database
def sites_check(hosts: tuple[str, ...], delay: float | None, db: str | None) -> int:
    """See which sites can be reached: robots.txt and the start pages, archived like any capture.

    All registered sites, or only the HOSTs. Exit status 3 where one cannot be reached.
    """
    from pipeline.nightly import PROBLEMS
    from pipeline.present import print_reach
    from storage.reach import reach_of
    from storage.sites import load_sites as registered_sites

    url = database_url(db)
    summary = fetch(url, hosts, {"delay": delay, "starts_only": True})
    with opened(db) as database, database.read() as connection:
        # A host that only serves pictures to others has no page to reach it by.
        registered = [site.host for site in registered_sites(connection) if site.start]
        reached = reach_of(connection, summary.run_id, hosts or registered)
    print_reach(reached)
    return 0 if all(each.is_reached for each in reached) else PROBLEMS
