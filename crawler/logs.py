"""What is said of a crawl in the log."""

from typing import Any, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult


class Brief(LogFormatter):
    """Scrapy's words, without those on each page, which the log takes in full before it leaves them out."""

    is_full = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        brief = super().from_crawler(crawler)
        brief.is_full = crawler.settings.get("LOG_LEVEL") == "DEBUG"
        return brief

    # Scrapy's words allow None, its types do not.
    def crawled(  # type: ignore[override]
        self, request: Request, response: Response, spider: Spider
    ) -> LogFormatterResult | None:
        return super().crawled(request, response, spider) if self.is_full else None

    def scraped(  # type: ignore[override]
        self, item: Any, response: Any, spider: Spider
    ) -> LogFormatterResult | None:
        return super().scraped(item, response, spider) if self.is_full else None
