"""`nianbao search`"""

import click

from pipeline.commands.choosing import with_region, with_year
from pipeline.commands.opening import opened, with_database
from pipeline.errors import UsageProblem


@click.command()
@click.argument("phrase")
@with_year
@with_region
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="Reports at most.")
@with_database
def search(phrase: str, year: int | None, region: str, limit: int, db: str | None) -> None:
    """Where reports say PHRASE, two characters or more; spaces and punctuation do not count."""
    from pipeline.present import print_found
    from storage.fulltext import PhraseError, Scope
    from storage.fulltext import search as find

    with opened(db) as database, database.read() as connection:
        try:
            print_found(list(find(connection, phrase, Scope(year, region), limit)), limit)
        except PhraseError as error:
            raise UsageProblem(str(error)) from error
