"""Bare Scrapy with this project's settings and none of its parts: what a crawl costs before any work is done.

Two readings of bare are fair, and both are measured: `lean` lacks what the project does without, too, nearly
all of Scrapy's downloader middlewares; `given` has them as Scrapy ships them, and so inflates bodies. Neither
parses, keeps or follows anything. `following` is lean and does follow.

Run by crawl.py in a process of its own. Prints the number of answers it got.
"""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import click
from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.http import HtmlResponse, Response
from scrapy.linkextractors import LinkExtractor
from scrapy.settings import Settings

OURS = ("SCHEDULER", "ITEM_PIPELINES", "DOWNLOADER", "SPIDER_MIDDLEWARES")
# The same pages in the same order of hosts, each answer once.
SAME = {
    "ROBOTSTXT_OBEY": False,
    "HTTPERROR_ALLOW_ALL": True,
    "RETRY_ENABLED": False,
    "DOWNLOAD_FAIL_ON_DATALOSS": False,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "DOWNLOAD_DELAY": 0,
    "LOG_LEVEL": "ERROR",
}
LEAN = {
    "COMPRESSION_ENABLED": False,
    "COOKIES_ENABLED": False,
    "REDIRECT_ENABLED": False,
    "METAREFRESH_ENABLED": False,
    "DOWNLOADER_MIDDLEWARES": {
        "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
        "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
        "scrapy.downloadermiddlewares.stats.DownloaderStats": None,
    },
}


class Given(Spider):
    """Fetches the addresses it is given and looks at none of them."""

    name = "given"
    answers = 0

    def __init__(self, urls: list[str], **arguments: Any) -> None:
        super().__init__(**arguments)
        self.urls = urls

    async def start(self) -> AsyncIterator[Request]:
        for url in self.urls:
            yield Request(url, callback=self.parse)

    def parse(self, response: Response, **_: Any) -> Iterator[Request]:
        del response
        Given.answers += 1
        return iter(())


class Following(Given):
    """Fetches what is linked from the addresses it is given, on their hosts."""

    name = "following"
    custom_settings = {"COMPRESSION_ENABLED": True}  # noqa: RUF012 - Scrapy's own way; these pages are read

    def __init__(self, urls: list[str], **arguments: Any) -> None:
        super().__init__(urls, **arguments)
        hosts = [url.split("/")[2] for url in urls]
        self.links = LinkExtractor(allow_domains=hosts)

    def parse(self, response: Response, **_: Any) -> Iterator[Request]:
        Given.answers += 1
        if isinstance(response, HtmlResponse):
            yield from (Request(link.url) for link in self.links.extract_links(response))


def bare_settings(*, is_lean: bool) -> Settings:
    """Take the project's values; leave Scrapy its own parts, less those that the project turns off."""
    settings = Settings()
    settings.setmodule("settings.crawl")
    off = settings.getdict("SPIDER_MIDDLEWARES")
    off.pop("scrapy.spidermiddlewares.start.StartSpiderMiddleware")
    for name in OURS:
        settings.delete(name)
    kept = settings.copy_to_dict()
    return Settings({**kept, **SAME, **(LEAN if is_lean else {}), "SPIDER_MIDDLEWARES": off})


@click.command()
@click.argument("spider", type=click.Choice(["lean", "given", "following"]))
@click.argument("addresses", type=click.Path(path_type=Path))
def main(spider: str, addresses: Path) -> None:
    """Fetch the ADDRESSES, one a line, or what is linked from them."""
    urls = addresses.read_text(encoding="utf-8").split()
    process = CrawlerProcess(bare_settings(is_lean=spider != "given"))
    process.crawl(Following if spider == "following" else Given, urls=urls)
    process.start()
    click.echo(Given.answers)


if __name__ == "__main__":
    main()
