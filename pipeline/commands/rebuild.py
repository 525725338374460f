"""`nianbao rebuild`"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from pipeline.commands.opening import opened, with_database, with_workers
from pipeline.commands.releases import need_pyarrow, refusing_releases, released
from pipeline.errors import WorkFailed

if TYPE_CHECKING:
    from storage.export.released import Release


@click.command()
@click.argument("release", type=click.Path(path_type=Path), metavar="RELEASE")
@click.option(
    "--since",
    type=click.Path(path_type=Path),
    metavar="RELEASE",
    help="The one that it was held against.",
)
@with_workers
@with_database
def rebuild(release: Path, since: Path | None, workers: int, db: str | None) -> None:
    """Make RELEASE again from the archive's captures alone and hold the two against each other. Exit status 1
    and a list if a byte differs. Needs room for a copy of the archive in the temporary folder ($TMPDIR).
    """
    from pipeline.progress import shown_progress
    from pipeline.rebuilding import rebuild as make_again

    need_pyarrow()
    made, earlier = released(release), released(since) if since else None
    with TemporaryDirectory(prefix="nianbao-rebuild-") as folder, opened(db) as database:
        with shown_progress("rebuild") as tell, refusing_releases():
            again = make_again(database, made, Path(folder), workers, earlier, tell)
        tell_differences(made, again)
    click.echo(f"rebuild: {len(made.files) + 1} files, every one the same bytes")


def tell_differences(release: "Release", again: "Release") -> None:
    """Raises WorkFailed where there are any."""
    from pipeline.codebook import dictionary
    from storage.export.datapackage import CHANGES, release_tables
    from storage.export.differences import differing_conditions, differing_files
    from storage.meanings import load_meanings

    tables = release_tables(dictionary()) | {CHANGES: load_meanings()[CHANGES]}
    files = 0
    for each in differing_files(release, again, tables):
        files += 1
        click.echo(f"{each.path}: {each.problem}")
        if each.rows:
            click.echo(
                f"  rows: {each.rows.changed} changed, {each.rows.lost} only in the release, "
                f"{each.rows.added} only in the rebuilt"
            )
            for line in each.rows.shown:
                click.echo(f"  {line}")
    if files:
        why = differing_conditions(release, again) or [UNEXPLAINED]
        click.echo("\n".join(f"why: {each}" for each in why))
        raise WorkFailed(f"rebuild: {files} files differ, listed above")


UNEXPLAINED = (
    "same software, reviews and captures; then the registry has changed since, or the archive's readings are"
    " not what its captures give today: `nianbao extract --all` reads them again"
)
