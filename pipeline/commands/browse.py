"""`nianbao browse`"""

import click

from pipeline.commands.opening import opened, with_database
from pipeline.errors import UsageProblem

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Where to listen.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, metavar="N")
@click.option("--name", default="", metavar="NAME", help="Host name that visitors use.")
@with_database
def browse(host: str, port: int, name: str, db: str | None) -> None:
    """The web pages: reports, figures with their sources, captures, sites and runs."""
    import uvicorn

    from browse.app import LOOPBACK as LOOPBACK_NAMES
    from browse.app import make_app

    if host not in LOOPBACK and not name:
        raise UsageProblem(
            f"browse: listening on {host} opens the pages to others; say --name HOSTNAME they will use"
        )
    with opened(db) as database:
        click.echo(f"nianbao: http://{'127.0.0.1' if host in LOOPBACK else name}:{port}/  (stop with Ctrl-C)")
        app = make_app(database, (*LOOPBACK_NAMES, *([name] if name else [])))
        uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False)
