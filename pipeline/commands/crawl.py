"""`nianbao crawl`"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.commands.fetching import fetch
from pipeline.commands.opening import database_url, opened, with_database
from pipeline.commands.sites import register, sites_from
from pipeline.errors import UsageProblem, WorkFailed, stoppable
from settings import clock
from settings.calendar import BEIJING, NightHours, parse_hours
from storage.coverage import refresh_coverage
from storage.database import Database
from storage.nights import Night, night_of, note_told
from storage.runs import DONE
from storage.seals import last_seal

if TYPE_CHECKING:  # Scrapy and the readers come with them, and `nianbao --help` needs none
    from pipeline.commit import RunSummary
    from pipeline.reading import ReadingSummary


class NightHoursType(click.ParamType[NightHours]):
    name = "HH:MM-HH:MM"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> NightHours:
        if isinstance(value, NightHours):
            return value
        try:
            return parse_hours(value)
        except ValueError:
            self.fail(f"{value!r} are no hours; write 22:00-06:00", param, ctx)


@click.command()
@click.argument("hosts", nargs=-1, metavar="[HOST]...")
@click.option(
    "--sites",
    type=click.Path(path_type=Path),
    metavar="FILE.toml",
    help="Register the sites of this file first.",
)
@click.option("--max-pages", type=click.IntRange(min=1), metavar="N", help="Stop after N fetches.")
@click.option(
    "--max-seconds", type=click.FloatRange(min=0, min_open=True), metavar="S", help="Stop after S seconds."
)
@click.option(
    "--delay", type=click.FloatRange(min=0), metavar="S", help="Seconds between two requests to one host."
)
@click.option("--budget", type=click.IntRange(min=1), metavar="N", help="Pages of one host in a day; 5000.")
@click.option(
    "--requisites/--no-requisites",
    default=True,
    help="Style sheets and pictures of report pages too, or not; after all pages.",
)
@click.option("--nightly", is_flag=True, help="Only in the night hours, and until they end.")
@click.option(
    "--hours",
    type=NightHoursType(),
    default="22:00-06:00",
    show_default=True,
    help="The night hours, in Beijing.",
)
@click.option(
    "--report",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Where the run's report goes; runs/ beside the database.",
)
@with_database
def crawl(
    hosts: tuple[str, ...],
    sites: Path | None,
    report: Path | None,
    db: str | None,
    nightly: bool,  # noqa: FBT001 - click passes flags so
    **options: Any,
) -> int:
    """One run: everything that is due on the registered sites, or only on the HOSTs.

    Discovers, archives and extracts. Run it again every night; run it after a crash and it goes on.

    Exit status: 0 done; 1 failed; 2 wrong usage, another crawl is running, or not in the night hours. With
    --nightly also 3, done and the run's report names something to look at; 4, asked to stop before the end.
    """
    from pipeline.nightly import exit_status, report_folder
    from pipeline.present import print_problems, print_run

    limits = limits_from(options, nightly=nightly)
    url = database_url(db)
    found = sites_from(sites) if sites else []
    with opened(db) as database:
        register(database, found)
    summary = fetch(url, hosts, limits)
    with opened(db) as database:
        read = read_what_came(database, summary)
        with database.read() as connection:
            night, seal = night_of(connection, summary.run_id), last_seal(connection)
    print_run(summary, read, seal)
    print_problems(night, tell_of(night, url, report or report_folder(url)))
    return exit_status(night) if nightly else 0


def tell_of(night: Night, url: str, folder: Path) -> Path:
    """Write the run's report; its address. What a stopped run brought is not read yet, and told of later."""
    from pipeline.nightly import write_report

    try:
        page = write_report(night, folder)
    except OSError as error:
        raise WorkFailed(f"the run is kept, but its report could not be written: {error}") from error
    if night.state == DONE:
        with opened(url) as database, database.write() as connection:
            note_told(connection, night)
    return page


def limits_from(options: dict[str, Any], *, nightly: bool) -> dict[str, Any]:
    """What the run is bounded by; a nightly one also by the end of the night."""
    hours: NightHours = options.pop("hours")
    limits = {"daily_pages": options.pop("budget")} | options
    if not nightly:
        return limits
    left = hours.seconds_left(clock.now())
    if not left:
        here = clock.now().astimezone(BEIJING)
        raise UsageProblem(
            f"it is {here:%H:%M} in Beijing, and the night hours are {hours}; nothing was fetched"
        )
    return limits | {"max_seconds": min(left, limits["max_seconds"] or left)}


def read_what_came(database: Database, summary: "RunSummary") -> "ReadingSummary":
    """Nothing where the run was stopped: the next one reads what this one left."""
    from pipeline.progress import shown_progress
    from pipeline.reading import ReadingSummary, read_captures

    if summary.state != DONE:
        return ReadingSummary()
    with stoppable("crawl"), database.alone("reading"), shown_progress("extract") as tell:
        read = read_captures(database, tell=tell)
        refresh_coverage(database)
    return read
