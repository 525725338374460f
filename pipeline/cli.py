"""The command line. Each command checks its input, calls one function and prints what came of it.

Exit status: 0 done; 2 wrong usage or unreadable input, one line on standard error, nothing changed; 1 the
work itself failed.
"""

import sys

import click
from sqlalchemy.exc import SQLAlchemyError

from pipeline.commands.browse import browse
from pipeline.commands.crawl import crawl
from pipeline.commands.export import export
from pipeline.commands.extract import extract
from pipeline.commands.importing import import_
from pipeline.commands.opening import DATABASE_HELP
from pipeline.commands.rebuild import rebuild
from pipeline.commands.replicate import replicate
from pipeline.commands.search import search
from pipeline.commands.show import show
from pipeline.commands.sites import sites
from pipeline.commands.status import status
from pipeline.commands.verify import verify
from settings.environment import SettingError

COMMANDS = (crawl, import_, extract, export, rebuild, replicate, verify, status, search, show, sites, browse)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--db", "db", metavar="URL", help=DATABASE_HELP)
@click.version_option(package_name="nianbao", prog_name="nianbao")
def cli(db: str | None) -> None:
    """China's yearly disclosure reports (政府信息公开工作年度报告): crawl, archive, read."""


for command in COMMANDS:
    cli.add_command(command)


def main() -> None:
    """The entry point: every failure is one line on standard error and the exit status of its kind;
    who asks for nothing gets the help.
    """
    try:
        status = cli.main(standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        status = error.exit_code
    except click.ClickException as error:
        click.echo(f"nianbao: {' '.join(error.format_message().split())}", err=True)
        status = error.exit_code
    except SettingError as error:
        click.echo(f"nianbao: {error}", err=True)
        status = 2
    except BrokenPipeError:
        sys.stderr.close()
        status = 0
    except (SQLAlchemyError, OSError) as error:
        said = (str(error).splitlines() or [type(error).__name__])[0]
        click.echo(f"nianbao: the work failed, what was committed stays: {said}", err=True)
        status = 1
    except (click.Abort, KeyboardInterrupt):
        click.echo("nianbao: stopped; what was committed stays, run it again to go on", err=True)
        status = 130
    sys.exit(status if isinstance(status, int) else 0)
