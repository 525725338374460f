"""One run of the crawler, as `nianbao crawl` and `nianbao sites check` start it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pipeline.errors import UsageProblem, WorkFailed
from settings.environment import read_environment
from storage.runs import StillRunningError

if TYPE_CHECKING:  # Scrapy comes with it, and `nianbao --help` needs none
    from pipeline.commit import RunSummary


def fetch(url: str, hosts: Sequence[str], limits: Mapping[str, Any]) -> "RunSummary":
    from crawler.starts import NoSitesError
    from pipeline.crawl import CrawlFailed
    from pipeline.crawl import crawl as crawl_due
    from pipeline.progress import shown_crawl

    try:
        with shown_crawl() as tell:
            return crawl_due(url, environment=read_environment(), hosts=hosts, progress=tell, **limits)
    except (NoSitesError, StillRunningError) as error:
        raise UsageProblem(str(error)) from error
    except CrawlFailed as error:
        raise WorkFailed(str(error)) from error
