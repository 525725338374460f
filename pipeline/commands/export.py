"""`nianbao export`"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.commands.choosing import with_region, with_year
from pipeline.commands.opening import opened, with_database
from pipeline.commands.releases import need_pyarrow, refusing_releases, released
from pipeline.errors import UsageProblem
from settings import clock

if TYPE_CHECKING:
    from storage.export.formats import Format
    from storage.export.selection import Selection

LEVELS = ("ministry", "province", "prefecture", "county", "township", "department")
OUT = click.argument("out", type=click.Path(path_type=Path))
HOST = click.option("--host", default="", metavar="H", help="Only captures of this host.")
YEAR = click.option(
    "--year", type=click.IntRange(1990, 2999), metavar="Y", help="Only captures fetched in this year."
)
SINCE = click.option(
    "--since",
    type=click.Path(path_type=Path),
    metavar="RELEASE",
    help="Tell what has changed since that one.",
)
KEY = click.option(
    "--key", type=click.Path(path_type=Path), metavar="FILE.pem", help="Sign with this elliptic-curve key."
)


@click.group()
def export() -> None:
    """For researchers: a data package, tables. For archivists: WARC files, WACZ, a manifest of seals."""


def with_selection(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(
        (
            click.option("--host", default="", metavar="H", help="Only reports of this host."),
            with_year,
            with_region,
            click.option("--level", type=click.Choice(LEVELS), help="Only bodies of this level."),
        )
    ):
        command = option(command)
    return command


@export.command()
@OUT
@with_selection
@SINCE
@with_database
def datapackage(out: Path, since: Path | None, db: str | None, **chosen: Any) -> None:
    """A release: every table as CSV and Parquet, and datapackage.json, into the new folder OUT."""
    from pipeline.codebook import dictionary
    from pipeline.progress import shown_progress
    from storage.export.datapackage import export_datapackage

    check_new_folder(out)
    need_pyarrow()
    earlier = released(since) if since else None
    with opened(db) as database, shown_progress("export") as tell, refusing_releases():
        rows = export_datapackage(database, out, selection(**chosen), dictionary(), tell, earlier)
    click.echo(f"wrote {rows['reports']} reports in {len(rows)} tables to {out}")
    if earlier:
        click.echo(f"{rows['changes']} changes since the release of {earlier.descriptor['created']}")


def tables_command(written: "Format", words: str) -> click.Command:
    """The command that exports tables in one format; `words` are its help."""

    def command(out: Path, tables: tuple[str, ...], db: str | None, **chosen: Any) -> None:
        export_as(written, out, tables, db, selection(**chosen))

    argument = click.argument("tables", nargs=-1, metavar="[TABLE ...]")
    return click.command(written, help=words)(OUT(argument(with_selection(with_database(command)))))


export.add_command(tables_command("csv", "The named tables, or all, as CSV (UTF-8) into the new folder OUT."))
export.add_command(tables_command("parquet", "The named tables, or all, as Parquet into the new folder OUT."))


def export_as(
    written: "Format", out: Path, names: tuple[str, ...], db: str | None, chosen: "Selection"
) -> None:
    from pipeline.codebook import dictionary
    from pipeline.progress import shown_progress
    from storage.export.datapackage import export_tables, release_tables

    if written == "parquet":
        need_pyarrow()
    words = dictionary()
    known = release_tables(words)
    unknown = [name for name in names if name not in known]
    if unknown:
        raise UsageProblem(f"{unknown[0]}: no such table; there are {', '.join(known)}")
    check_new_folder(out)
    with opened(db) as database, shown_progress("export") as tell:
        rows = export_tables(database, out, names or tuple(known), (written,), chosen, words, tell)
    reports = f" of {rows['reports']} reports" if "reports" in rows else ""
    click.echo(f"wrote {sum(rows.values())} rows{reports} in {len(rows)} tables to {out}")


def selection(**chosen: Any) -> "Selection":
    from storage.export.selection import Selection

    return Selection(**chosen)


@export.command()
@OUT
@HOST
@YEAR
@with_database
def warc(out: Path, host: str, year: int | None, db: str | None) -> None:
    """Captures as WARC 1.1 (.warc.gz) with a sorted CDXJ index, into the new folder OUT."""
    from pipeline.progress import shown_progress
    from storage.export.packages import Chosen, export_warc

    check_new_folder(out)
    with opened(db) as database, shown_progress("export") as tell:
        package = export_warc(database, out, Chosen(host, year), tell)
    click.echo(f"wrote {package.captures} captures in {len(package.files)} WARC files to {out}")


@export.command()
@OUT
@HOST
@YEAR
@KEY
@with_database
def wacz(out: Path, host: str, year: int | None, key: Path | None, db: str | None) -> None:
    """Captures as one WACZ 1.1.1, with pages and their text."""
    from pipeline.progress import shown_progress
    from storage.export.packages import Chosen, export_wacz

    check_new_file(out)
    signer = key_from(key)
    with opened(db) as database, shown_progress("export") as tell:
        package = export_wacz(database, out, Chosen(host, year), tell, signer)
    click.echo(f"wrote {package.captures} captures and {len(package.pages)} pages to {out}")


@export.command()
@OUT
@KEY
@with_database
def manifest(out: Path, key: Path | None, db: str | None) -> None:
    """Every run's seal, to be kept elsewhere and time-stamped; OUT-digest.json has the signature."""
    from storage.export.packages import export_manifest

    check_new_file(out)
    signer = key_from(key)
    with opened(db) as database:
        digest = export_manifest(database, out, signer, clock.now())
    click.echo(f"wrote {out}, {digest['hash']}")


def check_new_folder(out: Path) -> None:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageProblem(f"{out}: exists and is not an empty folder")


def check_new_file(out: Path) -> None:
    if out.exists() or not out.parent.is_dir():
        raise UsageProblem(f"{out}: is there already, or its folder is not")


def key_from(path: Path | None) -> Any:
    from storage.signing import KeyFileError, load_key

    try:
        return None if path is None else load_key(path)
    except KeyFileError as error:
        raise UsageProblem(str(error)) from error
