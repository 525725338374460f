"""The origin of the snapshots: what each answer is, and what it carries."""

import gzip
from datetime import timedelta

import pytest

URL = "http://www.a.gov.cn/zfxxgk/2026/t1.html?id=1&b=%E5%B9%B4"
STAMP = "20260201123000"
ACTING = [("Set-Cookie", "a=b"), ("Link", "</x>; rel=preload"), ("Refresh", "0;url=http://evil.example")]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.fixture(scope="module")
def ids(keep):
    later = keep.now + timedelta(days=30)
    page = "<title>年报</title><script>alert(1)</script><p>一".encode("gb18030")
    return {
        "page": keep.put(URL, page, "text/html; charset=gb2312"),
        "later": keep.put(URL, b"<p>two", at=later),
        "packed": keep.put(
            "http://www.a.gov.cn/packed", gzip.compress(b"<p>packed"), headers=[("Content-Encoding", "gzip")]
        ),
        "sheet": keep.put("http://www.a.gov.cn/s.css", b"a{background:url(/x.png)}", "text/css"),
        "picture": keep.put("http://www.a.gov.cn/x.png", PNG, "text/html"),
        "vector": keep.put(
            "http://www.a.gov.cn/x.svg", b"<svg><script>alert(1)</script></svg>", "image/svg+xml"
        ),
        "text": keep.put("http://www.a.gov.cn/x.txt", "一\n收到 3 5\n<b>".encode(), "text/plain"),
        "gone": keep.put("http://www.a.gov.cn/gone", b"<p>404", status=404, outcome="missing"),
        "moved": keep.put("http://www.a.gov.cn/moved", b"", status=302, headers=[("Location", "/x.txt")]),
        "binary": keep.put("http://www.a.gov.cn/x.rar", b"Rar!" + bytes(50), "application/x-rar"),
        "large": keep.put(
            "http://www.a.gov.cn/large",
            gzip.compress(bytes(100_000_000)),
            headers=[("Content-Encoding", "gzip")],
        ),
        "head": keep.put(
            "http://www.a.gov.cn/head",
            b"x",
            "text/html\r\nSet-Cookie: a=b",
            headers=ACTING,
        ),
    }


PLACES = (
    *(f"/capture/{{{name}}}" for name in ("page", "text", "picture", "vector", "sheet", "gone", "moved")),
    *("/capture/{binary}", "/capture/{large}", "/capture/{head}", "/capture/99999", "/capture/x"),
    *("/capture/{page}/sheets/1.png", "/capture/{page}?at=][", "/nothing", "/", "//", "/2026/"),
    *(f"/{STAMP}/{URL}", f"/{STAMP}id_/{URL}", f"/{STAMP}/http://nowhere.gov.cn/", "/99999999999999/x"),
)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "OPTIONS"])
def test_every_answer_is_in_the_sandbox(snapshots, ids, place, method):
    answer = snapshots.request(method, place.format(**ids))
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox")
    assert "default-src 'none'" in policy
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert not {"set-cookie", "refresh"} & set(answer.headers)
    assert answer.status_code < 500


def test_a_fault_of_ours_is_in_the_sandbox_too(snapshots, ids, monkeypatch):
    monkeypatch.setattr("browse.snapshots.door.shown", lambda *_: 1 / 0)
    answer = snapshots.get("/capture/{page}".format(**ids))
    assert answer.status_code == 500
    assert answer.headers["content-security-policy"].startswith("sandbox")


def test_a_host_name_that_is_not_ours_is_refused_in_the_sandbox(snapshots):
    answer = snapshots.get("/capture/1", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert answer.headers["content-security-policy"].startswith("sandbox")


def test_a_page_is_shown_in_utf8_without_what_acts(snapshots, ids):
    answer = snapshots.get("/capture/{page}".format(**ids))
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "年报" in answer.text
    assert "<script" not in answer.text


def test_the_nearest_capture_stands_for_a_time(snapshots, ids):
    assert "two" in snapshots.get(f"/20260301000000/{URL}").text
    assert "two" not in snapshots.get(f"/2025/{URL}").text
    answer = snapshots.get(f"/{STAMP}/{URL}")
    assert answer.headers["memento-datetime"] == "Sun, 01 Feb 2026 12:30:00 GMT"
    assert f'<{URL}>; rel="original"' in answer.headers["link"]


def test_raw_bytes_are_those_received(snapshots, ids):
    page = snapshots.get(f"/{STAMP}id_/{URL}")
    assert page.content == "<title>年报</title><script>alert(1)</script><p>一".encode("gb18030")
    assert page.headers["content-type"] == "text/html; charset=gb2312"
    assert page.headers["content-disposition"].startswith("attachment")
    packed = snapshots.get(f"/{STAMP}id_/http://www.a.gov.cn/packed")
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == b"<p>packed"


def test_what_loads_is_given_as_what_it_is(snapshots, ids):
    assert snapshots.get("/capture/{picture}".format(**ids)).headers["content-type"] == "image/png"
    sheet = snapshots.get(f"/{STAMP}/http://www.a.gov.cn/s.css")
    assert sheet.headers["content-type"] == "text/css; charset=utf-8"
    assert f'url("http://snapshots.test/{STAMP}/http://www.a.gov.cn/x.png")' in sheet.text


def test_text_is_text_and_its_place_is_marked(snapshots, ids):
    page = snapshots.get("/capture/{text}".format(**ids), params={"at": "line:2/column:6"}).text
    assert '收到 3 <mark id="nianbao-here">5</mark>' in page
    assert "&lt;b&gt;" in page


def test_a_redirect_stays_in_the_archive(snapshots, ids):
    answer = snapshots.get("/capture/{moved}".format(**ids))
    assert answer.status_code == 302
    assert answer.headers["location"].startswith("http://snapshots.test/")


def test_what_was_missing_then_is_missing_now(snapshots, ids):
    assert snapshots.get("/capture/{gone}".format(**ids)).status_code == 404


@pytest.mark.parametrize("name", ["binary", "large"])
def test_what_cannot_be_shown_says_so(snapshots, ids, name):
    answer = snapshots.get(f"/capture/{ids[name]}")
    assert answer.headers["content-type"].startswith("text/plain")
    assert "raw bytes can be downloaded" in answer.text


def test_alone_in_a_window_a_page_gets_its_banner(snapshots, ids):
    answer = snapshots.get("/capture/{page}".format(**ids), headers={"Sec-Fetch-Dest": "document"})
    assert answer.status_code == 302
    assert answer.headers["location"] == "http://pages.test/captures/{page}/page".format(**ids)


def test_nothing_is_there_but_what_is_archived(snapshots):
    answer = snapshots.get(f"/{STAMP}/http://www.a.gov.cn/never")
    assert answer.status_code == 404
    assert "nothing is ever fetched" in answer.text
