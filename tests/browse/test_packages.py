"""WACZ downloads: of an address, of a site, of a report."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from browse import packages

URL = "http://www.a.gov.cn/a.html"


@pytest.fixture(scope="module", autouse=True)
def captured(keep):
    keep.put(URL, b"<p>a")
    keep.put("http://www.a.gov.cn/b.html", b"<p>b")
    keep.put("http://www.b.gov.cn/", b"<p>c")


@pytest.mark.parametrize(("asked", "count"), [({"url": URL}, 1), ({"host": "www.a.gov.cn"}, 2)])
def test_a_package_holds_what_was_asked_for(pages, asked, count):
    answer = pages.get("/wacz", params=asked)
    assert answer.headers["content-type"] == "application/wacz"
    with ZipFile(BytesIO(answer.content)) as archive:
        assert len(archive.read("indexes/index.cdx").splitlines()) == count
        assert "datapackage-digest.json" in archive.namelist()


def test_of_nothing_there_is_no_package(pages):
    for asked in ({}, {"url": "http://never/"}, {"report": "0" * 16}):
        assert pages.get("/wacz", params=asked).status_code == 404


def test_a_site_too_large_is_for_the_command_line(pages, monkeypatch):
    monkeypatch.setattr(packages, "MOST", 1)
    answer = pages.get("/wacz", params={"host": "www.a.gov.cn"})
    assert answer.status_code == 413
    assert "nianbao export wacz" in answer.text


def test_too_many_at_once_are_asked_to_come_again(pages):
    for _ in range(2):
        packages.AT_ONCE.acquire()
    try:
        assert pages.get("/wacz", params={"url": URL}).status_code == 503
    finally:
        packages.AT_ONCE.release(2)
