"""The index over a database: which captures an address, a time and a filter choose."""

from datetime import UTC, datetime, timedelta

import pytest

from storage.archive import record_captures
from storage.captures import Capture
from storage.cdx import Query, query_captures, surt
from storage.database import Database
from storage.runs import start_run

NOW = datetime(2026, 1, 1, 10, tzinfo=UTC)
HTML = (("Content-Type", "text/html; charset=gbk"),)


@pytest.fixture
def filled(database: Database) -> Database:
    """Nights 0 to 3 of one page, and one night of others beside it."""
    nights = [
        Capture("http://www.a.gov.cn/x.html", NOW + timedelta(days=day), 200, b"%d" % (day // 2), HTML)
        for day in range(4)
    ]
    beside = [
        Capture("https://a.gov.cn/x.html?b=2&a=1", NOW, 200, b"query", HTML),
        Capture("http://a.gov.cn/x/y.pdf", NOW, 200, b"file", (("Content-Type", "application/pdf"),)),
        Capture("http://a.gov.cn/gone", NOW, 404, b"gone", HTML),
        Capture("http://a.gov.cn/silent", NOW, None, None, error="timeout"),
        Capture("http://b.a.gov.cn/", NOW, 200, b"below", HTML),
        Capture("http://wwwx.a.gov.cn/", NOW, 200, b"another", HTML),
        Capture("http://xa.gov.cn/", NOW, 200, b"stranger", HTML),
    ]
    with database.write() as connection:
        record_captures(connection, start_run(connection, "import", NOW), [*nights, *beside])
    return database


def asked(database: Database, url: str, **values) -> list[str]:
    with database.read() as connection:
        lines = query_captures(connection, Query(url, **values))
    return [f"{line.timestamp[:8]} {line.key}" for line in lines]


NIGHTS = [f"2026010{day} cn,gov,a)/x.html" for day in range(1, 5)]


def test_an_address_however_it_is_written(filled: Database):
    for url in ("http://www.a.gov.cn/x.html", "https://a.gov.cn/x.html", "a.gov.cn/X.html"):
        assert asked(filled, url) == NIGHTS
    assert asked(filled, "a.gov.cn/x.html?a=1&b=2") == ["20260101 cn,gov,a)/x.html?a=1&b=2"]
    assert asked(filled, "a.gov.cn/never") == []


def test_wider_matches(filled: Database):
    assert len(asked(filled, "a.gov.cn/x", match="prefix")) == 6
    assert len(asked(filled, "a.gov.cn/", match="host")) == 7
    domain = asked(filled, "a.gov.cn", match="domain")
    assert len(domain) == 9
    assert {line.split(" ")[1] for line in domain} >= {"cn,gov,a,b)/", "cn,gov,a,wwwx)/"}
    with pytest.raises(ValueError, match="matchType"):
        asked(filled, "a.gov.cn", match="near")


def test_a_stretch_of_time(filled: Database):
    url = "a.gov.cn/x.html"
    assert asked(filled, url, since="20260103") == NIGHTS[2:]
    assert asked(filled, url, until="20260102") == NIGHTS[:2]
    assert asked(filled, url, since="202601", until="2026", limit=3) == NIGHTS[:3]


def test_filters(filled: Database):
    everything = {"match": "host", "url": "a.gov.cn"}
    assert len(asked(filled, **everything, keep=(("status", "404"),))) == 1
    assert len(asked(filled, **everything, keep=(("status", "!404"), ("mime", "text/.*")))) == 5


def test_the_nearest_first(filled: Database):
    days = [line[6:8] for line in asked(filled, "a.gov.cn/x.html", closest="20260103120000", limit=2)]
    assert days == ["03", "04"]


def test_a_line_says_what_was_kept(filled: Database):
    with filled.read() as connection:
        [line] = query_captures(connection, Query("a.gov.cn/gone"))
    assert (line.url, line.status, line.mime, line.length) == ("http://a.gov.cn/gone", "404", "text/html", 4)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://www2.A.gov.cn:80/", "cn,gov,a)/"),
        ("http://a.gov.cn:8080/x/", "cn,gov,a:8080)/x"),
        ("http://a.gov.cn/?b&a", "cn,gov,a)/?a&b"),
    ],
)
def test_keys(url: str, key: str):
    assert surt(url) == key
