"""`nianbao verify`"""

import click

from pipeline.commands.opening import opened, with_database
from pipeline.errors import WorkFailed


@click.command()
@with_database
def verify(db: str | None) -> None:
    """Re-read every payload, record and run seal. Exit status 1 and a list if anything is wrong."""
    from pipeline.present import print_fault
    from pipeline.progress import shown_progress
    from storage.verify import verify as find_faults

    faults = 0
    with opened(db) as database, shown_progress("verify") as tell:
        for fault in find_faults(database, tell):
            print_fault(fault)
            faults += 1
    if faults:
        raise WorkFailed(f"verify: {faults} faults found, listed above")
    click.echo("verify: every payload, record and seal is as it was written")
