"""Every family against pages as its system sends them: cases/*.toml, one page or answer a table.

`entries` are [address, words, date] and `next` are [method, address, form]; addresses relative to the page.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urljoin

import pytest

from crawler.listings import listing_of
from crawler.page import Page

CASES = Path(__file__).parent / "cases"


def cases() -> Iterator[Any]:
    for file in sorted(CASES.glob("*.toml")):
        for each in tomllib.loads(file.read_text(encoding="utf-8"))["page"]:
            yield pytest.param(each, id=f"{file.stem}: {each['what']}")


@pytest.mark.parametrize("case", list(cases()))
def test_a_page_gives_its_entries_and_the_next_pages(case):
    page = Page(case["url"], case["text"], "utf-8", case.get("posted", "").encode())
    listing = listing_of(page)
    assert listing.name == case["family"]
    absolute = [(urljoin(page.url, url), *rest) for url, *rest in case.get("entries", [])]
    assert [(entry.url, entry.words, entry.date) for entry in listing.entries(page)] == absolute
    asked = [(each.method, each.url, parse_qsl(each.body.decode())) for each in listing.next_pages(page)]
    assert asked == [
        (method, urljoin(page.url, url), parse_qsl(body)) for method, url, body in case.get("next", [])
    ]
    columns = [(each.url, each.words) for each in listing.columns(page)]
    assert columns == [(urljoin(page.url, url), words) for url, words in case.get("columns", [])]


def test_who_asks_as_a_script_says_so_and_where_it_comes_from():
    [case] = [each.values[0] for each in cases() if each.values[0]["what"] == "jpaas column"]
    page = Page(case["url"], case["text"])
    headers = dict(listing_of(page).next_pages(page)[0].headers)
    assert headers == {"X-Requested-With": "XMLHttpRequest", "Referer": page.url}
