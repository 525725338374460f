"""`nianbao export`"""

from pathlib import Path
from typing import Any

import click

from pipeline.commands.opening import opened, with_database
from pipeline.errors import UsageProblem
from settings import clock

OUT = click.argument("out", type=click.Path(path_type=Path))
HOST = click.option("--host", default="", metavar="H", help="Only captures of this host.")
YEAR = click.option(
    "--year", type=click.IntRange(1990, 2999), metavar="Y", help="Only captures fetched in this year."
)
KEY = click.option(
    "--key", type=click.Path(path_type=Path), metavar="FILE.pem", help="Sign with this elliptic-curve key."
)


@click.group()
def export() -> None:
    """Packages for archivists: WARC files, a WACZ, a signed manifest of all seals."""


@export.command()
@OUT
@HOST
@YEAR
@with_database
def warc(out: Path, host: str, year: int | None, db: str | None) -> None:
    """Captures as WARC 1.1 (.warc.gz) with a sorted CDXJ index, into the new folder OUT."""
    from pipeline.progress import shown_progress
    from storage.export.packages import Chosen, export_warc

    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageProblem(f"{out}: exists and is not an empty folder")
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


def check_new_file(out: Path) -> None:
    if out.exists() or not out.parent.is_dir():
        raise UsageProblem(f"{out}: is there already, or its folder is not")


def key_from(path: Path | None) -> Any:
    from storage.signing import KeyFileError, load_key

    try:
        return None if path is None else load_key(path)
    except KeyFileError as error:
        raise UsageProblem(str(error)) from error
