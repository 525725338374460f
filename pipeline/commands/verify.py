"""`nianbao verify`"""

from itertools import chain

import click

from pipeline.commands.opening import opened, with_database
from pipeline.errors import WorkFailed


@click.command()
@click.option(
    "--locators", is_flag=True, help="Also find every cell of every report again in the archived bytes."
)
@with_database
def verify(locators: bool, db: str | None) -> None:  # noqa: FBT001 - click passes flags so
    """Re-read every payload, record and run seal. Exit status 1 and a list if anything is wrong."""
    from pipeline.locators import locator_faults
    from pipeline.present import print_fault
    from pipeline.progress import shown_progress
    from storage.verify import verify as find_faults

    faults = 0
    with opened(db) as database, shown_progress("verify") as tell:
        found = find_faults(database, tell)
        for fault in chain(found, locator_faults(database, tell)) if locators else found:
            print_fault(fault)
            faults += 1
    if faults:
        raise WorkFailed(f"verify: {faults} faults found, listed above")
    click.echo("verify: every payload, record and seal is as it was written")
    if locators:
        click.echo("verify: every cell says what its place in the archived bytes says")
