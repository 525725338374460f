"""`nianbao verify`"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING

import click

from pipeline.commands.opening import opened, with_database
from pipeline.errors import Stopped, WorkFailed, stoppable
from settings import clock

if TYPE_CHECKING:
    from pipeline.progress import Tell


@click.command()
@click.option(
    "--locators", is_flag=True, help="Also find every cell of every report again in the archived bytes."
)
@click.option(
    "--sample", type=click.FloatRange(0, 1), default=1.0, metavar="P", help="Only part of the bodies."
)
@click.option("--since-run", type=int, default=0, metavar="N", help="Only runs from N on, and their bodies.")
@click.option("--after-payload", type=int, default=0, metavar="N", help="Go on where a verify was stopped.")
@click.option("--repair-from", default="", metavar="URL|WACZ", help="First mend what is broken from a copy.")
@with_database
def verify(
    *, locators: bool, sample: float, since_run: int, after_payload: int, repair_from: str, db: str | None
) -> None:
    """Re-read every payload, record and run seal. Exit status 1 and a list if anything is wrong."""
    from pipeline.locators import locator_faults
    from pipeline.present import print_fault
    from pipeline.progress import shown_progress
    from pipeline.repairing import mend
    from storage.verify import Scope
    from storage.verify import verify as find_faults

    scope = Scope(since_run, sample, clock.now().toordinal(), after_payload)
    if repair_from:
        with opened(db) as database:
            for mended in mend(database, repair_from, scope):
                click.echo(f"verify: mended {mended} from {repair_from}")
    faults = 0
    with opened(db) as database, shown_progress("verify") as tell, resumable(tell) as told:
        found = find_faults(database, told, scope)
        for fault in chain(found, locator_faults(database, tell)) if locators else found:
            print_fault(fault)
            faults += 1
    if faults:
        raise WorkFailed(f"verify: {faults} faults found, listed above")
    whole = "every payload, record and seal is as it was written"
    click.echo(
        f"verify: {whole if scope.is_whole else 'what was read again is as it was written; not all was'}"
    )
    if locators:
        click.echo("verify: every cell says what its place in the archived bytes says")


@contextmanager
def resumable(tell: "Tell") -> Iterator["Tell"]:
    """Stopped by Ctrl-C or SIGTERM, it says how to go on: bodies are the long part."""
    reached = 0

    def told(what: str, done: int, of: int) -> None:
        nonlocal reached
        reached = done if what == "payload" else reached
        tell(what, done, of)

    try:
        with stoppable("verify"):
            yield told
    except (Stopped, KeyboardInterrupt) as error:
        again = f"nianbao verify --after-payload {reached}"
        raise Stopped(f"verify: stopped; what was read is listed above; go on with {again}") from error
