"""One run of the crawl: Scrapy in this process, with the frontier as its scheduler."""

from collections.abc import Sequence

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from crawler.spiders.reports import Reports
from crawler.starts import choose_hosts
from pipeline.commit import Commit, Progress, RunSummary
from settings import clock
from settings.environment import Environment
from storage.database import first_line, open_database
from storage.runs import refuse_second_crawl
from storage.sites import load_sites


class CrawlFailed(Exception):  # noqa: N818 - what happened, in the words of pipeline/errors.py
    """The run ended early because the work itself failed; what was committed stays."""


def crawl(  # noqa: PLR0913 - the bounds of a run, each by its name
    database_url: str,
    *,
    environment: Environment,
    hosts: Sequence[str] = (),
    max_pages: int | None = None,
    max_seconds: float | None = None,
    daily_pages: int | None = None,
    delay: float | None = None,
    requisites: bool = True,
    starts_only: bool = False,
    progress: Progress | None = None,
) -> RunSummary:
    """Fetch what is due on the registered sites, or only on `hosts`; `delay` in seconds between requests.

    Once in a process, for Scrapy's reactor cannot start again. SIGTERM and SIGINT end it after the pages
    under way, which have five seconds. `progress` is called after every commit. Raises NoSitesError,
    DatabaseError, StillRunningError, CrawlFailed.
    """
    check_start(database_url, hosts)
    options: dict[str, object] = {
        "NIANBAO_DATABASE": database_url,
        "NIANBAO_HAS_PROXY": environment.has_proxy,
        "NIANBAO_HOSTS": list(hosts),
        "NIANBAO_MAX_PAGES": max_pages or 0,
        "NIANBAO_MAX_SECONDS": max_seconds or 0,
        "NIANBAO_PROGRESS": progress,
        "USER_AGENT": environment.user_agent or f"nianbao/0.1 (+{environment.contact})",
        "LOG_LEVEL": "WARNING",
    }
    options |= {"NIANBAO_STARTS_ONLY": starts_only, "NIANBAO_REQUISITES": requisites}
    if daily_pages is not None:
        options["NIANBAO_DAILY_PAGES"] = daily_pages
    if delay is not None:
        options["DOWNLOAD_DELAY"] = delay
    return run(options)


def check_start(database_url: str, hosts: Sequence[str]) -> None:
    """Before Scrapy starts, for what is raised inside it ends in its log."""
    database = open_database(database_url)
    try:
        with database.read() as connection:
            choose_hosts({site.host: site for site in load_sites(connection)}, hosts)
            refuse_second_crawl(connection, clock.now())
    finally:
        database.close()


def run(options: dict[str, object]) -> RunSummary:
    settings = Settings()
    settings.setmodule("settings.crawl", priority="project")
    settings.setdict(options, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(Reports)
    task = process.crawl(crawler)
    process.start()
    if task.done() and not task.cancelled() and (error := task.exception()):
        raise error
    commit = crawler.get_item_pipeline(Commit)
    assert commit is not None
    failure = commit.scheduler.failure
    if failure:
        said = f"run {commit.run_id} could not be written: {first_line(failure)}"
        raise CrawlFailed(f"{said}; what was committed stays, run it again to go on") from failure
    return commit.summary()
