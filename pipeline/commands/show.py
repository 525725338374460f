"""`nianbao show`"""

import click

from pipeline.commands.opening import opened, with_database


@click.command()
@click.argument("report", metavar="REPORT_ID")
@click.option("--cell", default="", metavar="TABLE/ROW/COL", help="Where this one number came from.")
@with_database
def show(report: str, cell: str, db: str | None) -> None:
    """One report's tables as the official form has them. REPORT_ID: the beginning of it, or an address.

    · blank, — a dash, 无 not applicable, ∅ not in the report; red where the report's own sums are wrong.
    """
    from pipeline.show import find_source, load_shown, print_shown, print_source

    with opened(db) as database, database.read() as connection:
        if cell:
            print_source(find_source(connection, report, cell))
        else:
            print_shown(load_shown(connection, report))
