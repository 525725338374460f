"""The index for programs: CDX as web archives answer it, Memento as RFC 7089 has it."""

import json
import re
from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest

URL = "http://www.a.gov.cn/zwgk/a.html"


@pytest.fixture(scope="module", autouse=True)
def nights(keep):
    """Three captures of a page, one of another, one of another host."""
    for night in (0, 30, 400):
        keep.put(URL, f"<p>{night}".encode(), at=keep.now + timedelta(days=night))
    keep.put("http://www.a.gov.cn/gone", b"gone", status=404, outcome="missing")
    keep.put("http://www.b.gov.cn/", b"<p>b")
    keep.put("http://www.a.gov.cn/年报.html", "<p>中文".encode())


def ask(pages, **values):
    return pages.get("/cdx", params={name.removesuffix("_"): value for name, value in values.items()})


def test_lines_have_the_seven_fields(pages):
    [first, *_] = ask(pages, url=URL).text.splitlines()
    key, stamp, original, mime, status, digest, length = first.split(" ")
    assert (key, stamp, original) == ("cn,gov,a)/zwgk/a.html", "20260201123000", URL)
    assert (mime, status, length) == ("text/html", "200", "4")
    assert re.fullmatch("[0-9a-f]{64}", digest)


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"url": URL}, 3),
        ({"url": URL, "limit": "2"}, 2),
        ({"url": URL, "from": "20260215"}, 2),
        ({"url": URL, "to": "2026"}, 2),
        ({"url": "www.a.gov.cn/zwgk/*"}, 3),
        ({"url": "www.a.gov.cn", "matchType": "host"}, 5),
        ({"url": "gov.cn", "matchType": "domain"}, 6),
        ({"url": "www.a.gov.cn", "matchType": "host", "filter": "statuscode:404"}, 1),
        ({"url": "www.a.gov.cn", "matchType": "host", "filter": "!statuscode:404"}, 4),
        ({"url": "http://www.a.gov.cn/never"}, 0),
    ],
)
def test_what_is_asked_for_is_given(pages, asked, count):
    assert len(pages.get("/cdx", params=asked).text.splitlines()) == count


def test_json_begins_with_the_names_and_takes_some_fields(pages):
    rows = json.loads(ask(pages, url=URL, output="json", fl="timestamp,original").text)
    assert rows[0] == ["timestamp", "original"]
    assert rows[1] == ["20260201123000", URL]
    assert ask(pages, url="http://www.a.gov.cn/never", output="json").json() == []


def test_cdxj_lines_are_a_key_a_time_and_json(pages):
    key, stamp, values = ask(pages, url=URL, output="cdxj").text.splitlines()[0].split(" ", 2)
    assert (key, stamp) == ("cn,gov,a)/zwgk/a.html", "20260201123000")
    assert json.loads(values)["url"] == URL


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"url": URL, "matchType": "all"},
        {"url": URL, "from": "yesterday"},
        {"url": URL, "output": "xml"},
        {"url": URL, "limit": "many"},
        {"url": URL, "limit": "-1"},
        {"url": URL, "filter": "statuscode:(a+)+$"},
        {"url": URL, "fl": "all"},
    ],
)
def test_what_makes_no_sense_is_told_in_a_line(pages, asked):
    answer = pages.get("/cdx", params=asked)
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text.count("\n") == 1


@pytest.mark.parametrize(
    ("wanted", "stamp"),
    [
        ("Sun, 01 Feb 2026 00:00:00 GMT", "20260201123000"),
        ("Sun, 01 Mar 2026 00:00:00 GMT", "20260303123000"),
        ("Thu, 01 Jan 2015 00:00:00 GMT", "20260201123000"),
        ("Fri, 01 Jan 2038 00:00:00 GMT", "20270308123000"),
        (None, None),
    ],
)
def test_the_timegate_leads_to_the_nearest_memento(pages, wanted, stamp):
    headers = {"Accept-Datetime": wanted} if wanted else {}
    answer = pages.get(f"/timegate/{URL}", headers=headers)
    assert answer.status_code == 302
    assert answer.headers["vary"] == "accept-datetime"
    assert "memento-datetime" not in answer.headers
    assert stamp is None or answer.headers["location"] == f"http://snapshots.test/{stamp}/{URL}"
    for role in (
        'rel="original"',
        'rel="timemap"',
        'rel="timegate"',
        'rel="first memento"',
        'rel="last memento"',
    ):
        assert role in answer.headers["link"]


def test_a_time_that_is_none_is_refused(pages):
    assert pages.get(f"/timegate/{URL}", headers={"Accept-Datetime": "soon"}).status_code == 400


def test_the_timemap_lists_every_memento_in_order(pages):
    answer = pages.get(f"/timemap/link/{URL}")
    assert answer.headers["content-type"] == "application/link-format"
    times = [parsedate_to_datetime(each) for each in re.findall(r'memento"; datetime="([^"]+)"', answer.text)]
    assert len(times) == 3
    assert times == sorted(times)
    assert 'rel="self"; type="application/link-format"; from="Sun, 01 Feb 2026 12:30:00 GMT"' in answer.text


def test_an_address_in_chinese_letters_is_escaped_in_headers_and_found_by_it(pages, snapshots):
    answer = pages.get("/timegate/http://www.a.gov.cn/年报.html")
    there = answer.headers["location"]
    assert there.endswith("http://www.a.gov.cn/%E5%B9%B4%E6%8A%A5.html")
    memento = snapshots.get(there.removeprefix("http://snapshots.test"))
    assert "中文" in memento.text
    assert "%E5%B9%B4" in memento.headers["link"]


@pytest.mark.parametrize(
    "path", ["/timegate/http://www.a.gov.cn/never", "/timemap/link/http://www.a.gov.cn/never"]
)
def test_what_was_never_captured_has_no_time(pages, path):
    assert pages.get(path).status_code == 404
