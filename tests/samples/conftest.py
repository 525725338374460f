"""The invented sites, built once: they are data and nothing changes them."""

import pytest

from samples.pages import Page, build_pages
from samples.site import Site, build_sites, build_web
from samples.truth import Expected, truth


@pytest.fixture(scope="session")
def sites() -> tuple[Site, ...]:
    return build_sites()


@pytest.fixture(scope="session")
def whole() -> tuple[Site, ...]:
    """Every invented site, the demo's among them."""
    return build_web()


@pytest.fixture(scope="session")
def expected(sites) -> tuple[Expected, ...]:
    return truth(sites)


@pytest.fixture(scope="session")
def pages(sites) -> dict[str, Page]:
    """Every page of every site by its URL."""
    return {f"http://{site.host}{path}": page for site in sites for path, page in build_pages(site).items()}
