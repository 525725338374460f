"""The archive in two players that share no line with us or each other, seen in Chromium: pywb, which rewrites
pages on a server, and replayweb.page, which does it in the browser.
"""

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Frame, Page, expect
from sqlalchemy import create_engine, text

from samples.nights import moment_of
from samples.requisites import PICTURES, colour_of
from storage.cdx import timestamp

WUYOU, ZIXU = "http://www.wuyou.gov.cn", "http://www.zixu.gov.cn"
PATIENCE = 30_000  # milliseconds
Open = Callable[[Page, str, str], Frame]  # an address and a timestamp in a player

SHELL = """<!DOCTYPE html><meta charset="utf-8"><script src="/ui.js"></script>
<style>html, body, replay-web-page {{ margin: 0; display: block; width: 100%; height: 100% }}</style>
<replay-web-page source="{source}" url="{url}" ts="{at}" replayBase="/replay/" embed="replayonly">
</replay-web-page>"""


class Files(SimpleHTTPRequestHandler):
    """Files by ranges, and the page that plays one: `/play?url&timestamp`."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        if asked.path == "/play":
            url, _, at = asked.query.rpartition("&")
            self.give(SHELL.format(source="/archive.wacz", url=url, at=at).encode(), "text/html")
            return
        file = Path(self.translate_path(asked.path))
        if file.is_dir():
            file /= "index.html"
        if not file.is_file():
            self.send_error(404)
            return
        self.give(file.read_bytes(), self.guess_type(str(file)))

    do_HEAD = do_GET  # noqa: N815 - the name http.server calls

    def give(self, body: bytes, kind: str) -> None:
        first, _, last = self.headers.get("Range", "").removeprefix("bytes=").partition("-")
        start = int(first) if first else max(0, len(body) - int(last)) if last else 0
        end = min(int(last) + 1, len(body)) if first and last else len(body)
        self.send_response(206 if "Range" in self.headers else 200)
        if "Range" in self.headers:
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{len(body)}")
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(end - start))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body[start:end])

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Files, directory=str(folder))) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://localhost:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def replayweb_player(archive, replayweb, tmp_path_factory) -> Iterator[Open]:
    folder = tmp_path_factory.mktemp("replayweb")
    (folder / "replay").mkdir()
    shutil.copy(replayweb / "ui.js", folder)
    shutil.copy(replayweb / "sw.js", folder / "replay")
    shutil.copy(replayweb / "index.html", folder / "replay")
    shutil.copy(replayweb / "ui.js", folder / "replay")
    shutil.copy(archive.wacz, folder)

    with serving(folder) as address:

        def show(page: Page, url: str, at: str) -> Frame:
            page.goto(f"{address}/play?{url}&{at}")
            return shown_in(page, f"mp_/{url}")

        yield show


@pytest.fixture(scope="module")
def pywb_player(archive, peers, tmp_path_factory) -> Iterator[Open]:
    folder = tmp_path_factory.mktemp("pywb")
    manager, player = peers / "wb-manager", peers / "wayback"
    files = sorted(archive.warcs.glob("*.warc.gz"))
    for command in (["init", "ours"], ["add", "ours", *files]):
        subprocess.run([manager, *command], cwd=folder, check=True, capture_output=True)
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://localhost:{port}"
    with (folder / "said").open("wb") as said:
        command = [player, "--bind", "127.0.0.1", "--port", str(port)]
        process = subprocess.Popen(command, cwd=folder, stdout=said, stderr=said)
    try:
        wait_for(address, process, folder / "said")

        def show(page: Page, url: str, at: str) -> Frame:
            page.goto(f"{address}/ours/{at}/{url}")
            return shown_in(page, f"mp_/{url}")

        yield show
    finally:
        process.terminate()
        process.wait()


def wait_for(address: str, process: "subprocess.Popen[bytes]", said: Path) -> None:
    end = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < end:
        assert process.poll() is None, said.read_text()
        try:
            urlopen(address).close()
        except OSError:
            threading.Event().wait(0.1)
        else:
            return
    pytest.fail(f"pywb does not answer: {said.read_text()}")


def shown_in(page: Page, ending: str) -> Frame:
    """The frame with the archived page in it, complete."""
    end = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < end:
        for frame in page.frames:
            if frame.url.endswith(ending):
                frame.wait_for_load_state("load", timeout=PATIENCE)
                return frame
        page.wait_for_timeout(50)
    pytest.fail(f"no frame with {ending}: {[frame.url for frame in page.frames]}")


@pytest.fixture(scope="module", params=["pywb", "replayweb"])
def show(request: pytest.FixtureRequest) -> Open:
    player: Open = request.getfixturevalue(f"{request.param}_player")
    return player


def captured(archive, where: str) -> list[tuple[str, str]]:
    """Addresses and timestamps of captures, in order."""
    query = f"SELECT url, fetched_at FROM captures WHERE {where} ORDER BY capture_id"
    with closing(create_engine(archive.database).connect()) as connection:
        rows = connection.execute(text(query)).all()
    return [(url, "".join(filter(str.isdigit, at))[:14]) for url, at in rows]


@pytest.fixture
def asked(page: Page) -> list[str]:
    """Everything the browser asks for while a test lasts, its service workers included."""
    urls: list[str] = []
    page.context.on("request", lambda request: urls.append(request.url))
    return urls


def report_of(archive, host: str, title: str) -> tuple[str, str]:
    where = f"capture_id IN (SELECT capture_id FROM reports WHERE host = '{host[7:]}' AND title = '{title}')"
    [found] = captured(archive, where)
    return found


def leaving(urls: list[str]) -> list[str]:
    return [
        url
        for url in urls
        if urlsplit(url).scheme in {"http", "https"} and urlsplit(url).hostname != "localhost"
    ]


def test_a_report_looks_as_it_did(archive, show, page, asked):
    url, at = report_of(archive, WUYOU, "乌有县人民政府2025年政府信息公开工作年度报告")
    frame = show(page, url, at)
    expect(frame.locator("h1.title")).to_have_text("乌有县人民政府2025年政府信息公开工作年度报告")
    logo = frame.locator("a.logo img").evaluate("image => [image.naturalWidth, image.naturalHeight]")
    assert tuple(logo) == PICTURES["logo.png"]
    style = frame.locator(".header").evaluate("element => getComputedStyle(element).backgroundColor")
    assert style == "rgb({}, {}, {})".format(*colour_of("www.wuyou.gov.cn"))
    margin = frame.locator("body").evaluate("element => getComputedStyle(element).marginTop")
    assert margin == "0px"  # as the imported style sheet has it
    assert leaving(asked) == []


def test_text_in_gb18030_is_read_as_such(archive, show, page, asked):
    title = "子虚市人民政府2025年政府信息公开工作年度报告"
    url, at = report_of(archive, ZIXU, title)
    frame = show(page, url, at)
    expect(frame.locator("h2")).to_have_text(title)
    words = frame.locator("body").inner_text()
    assert "主动公开" in words
    assert "\ufffd" not in words
    picture = frame.locator("img[src*='top.jpg']").evaluate("image => image.naturalWidth")
    assert picture == PICTURES["top.jpg"][0]
    assert leaving(asked) == []


def test_a_night_on_which_nothing_changed_shows_the_page_as_it_was(archive, show, page, asked):
    [url_at] = captured(archive, f"status = 304 AND url = '{WUYOU}/'")
    assert url_at[1] >= timestamp(moment_of(1))
    frame = show(page, *url_at)
    expect(frame.locator(".top-l")).to_have_text("欢迎访问乌有县人民政府门户网站")
    assert leaving(asked) == []


def test_what_was_not_there_is_not_there(archive, show, page, asked):
    [(url, at)] = captured(archive, f"status = 404 AND url = '{WUYOU}/images/jiucuo.png'")
    frame = show(page, url, at)
    expect(frame.locator("h1")).to_have_text("404")
    expect(frame.locator("p").first).to_have_text("抱歉，您要访问的页面不存在。")
    assert leaving(asked) == []


def test_a_link_out_of_the_archive_leads_nowhere(archive, show, page, asked):
    url, at = report_of(archive, WUYOU, "乌有县人民政府2025年政府信息公开工作年度报告")
    frame = show(page, url, at)
    frame.evaluate("() => fetch('http://www.example.gov.cn/x').then(() => null, () => null)")
    assert [asking for asking in asked if asking.endswith("/http://www.example.gov.cn/x")]
    assert leaving(asked) == []
