"""A crawl of one site, played by the test (played.py)."""

from collections.abc import Iterator

import pytest

from tests.crawler.played import A, Crawl, site


@pytest.fixture
def url(tmp_path) -> str:
    return f"sqlite:///{tmp_path}/nianbao.db"


@pytest.fixture
def crawl(url) -> Iterator[Crawl]:
    crawl = Crawl(url, site(A))
    yield crawl
    crawl.scheduler.database.close()
