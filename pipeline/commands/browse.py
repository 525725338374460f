"""`nianbao browse`"""

from pathlib import Path

import click

from pipeline.commands.opening import opened, with_database
from pipeline.errors import UsageProblem
from settings.environment import read_environment

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Where to listen.")
@click.option(
    "--port",
    type=click.IntRange(1, 65534),
    default=8000,
    show_default=True,
    metavar="N",
    help="Of the pages.",
)
@click.option(
    "--snapshot-port",
    type=click.IntRange(1, 65535),
    metavar="N",
    help="Of the archived pages, an origin of their own.  [default: the next port]",
)
@click.option("--name", default="", metavar="NAME", help="Host name that visitors use.")
@click.option("--pages-at", default="", metavar="URL", help="Behind a proxy: where visitors reach --port.")
@click.option(
    "--snapshots-at", default="", metavar="URL", help="Behind a proxy: where visitors reach --snapshot-port."
)
@click.option(
    "--releases",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Give out the releases in FOLDER (made by export datapackage).",
)
@with_database
def browse(
    host: str,
    port: int,
    snapshot_port: int | None,
    name: str,
    pages_at: str,
    snapshots_at: str,
    releases: Path | None,
    db: str | None,
) -> None:
    """The web pages: reports, figures with their sources, archived pages, sites and runs."""
    from browse.options import Options
    from browse.reviewers import Reviewing
    from browse.serving import listen, serve
    from browse.snapshots.origins import Origins
    from storage.export.descriptor import DESCRIPTOR

    if host not in LOOPBACK and not name:
        raise UsageProblem(
            f"browse: listening on {host} opens the pages to others; say --name HOSTNAME they will use"
        )
    if bool(pages_at) != bool(snapshots_at) or (pages_at and pages_at == snapshots_at):
        raise UsageProblem("browse: --pages-at and --snapshots-at go together and are two different origins")
    if releases and (releases / DESCRIPTOR).exists():
        raise UsageProblem(
            f"browse: {releases} is a release itself; --releases names the folder that it is in"
        )
    origins = Origins(port, snapshot_port or port + 1, pages_at.rstrip("/"), snapshots_at.rstrip("/"))
    is_local = host in LOOPBACK and not (name or pages_at)
    reviewing = Reviewing(is_local, read_environment().review_password)
    options = Options(origins, (name,) if name else (), reviewing, releases)
    with opened(db) as database:
        try:
            sockets = listen(host, origins)
        except OSError as error:
            raise UsageProblem(f"browse: cannot listen on {host}: {error}; choose another --port") from error
        at = pages_at or f"http://{name or '127.0.0.1'}:{port}"
        click.echo(f"nianbao: {at}/  (stop with Ctrl-C)")
        serve(database, options, sockets)
