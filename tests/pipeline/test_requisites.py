"""Style sheets and pictures of report pages, in a crawl: which, after what, how often, and what they cost."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from crawler.requisites import LARGEST
from samples.demo import proxied
from samples.rehearsal import compiled

ROOT = Path(__file__).parents[2]
PROGRAM = Path(sys.executable).with_name("nianbao")
HOME, OTHER, STATIC = "http://www.wuyou.gov.cn", "http://www.nanke.gov.cn", "http://static.wuyou.gov.cn"
TITLE = "乌有县人民政府2025年政府信息公开工作年度报告"
HTML, CSS, PNG = "text/html; charset=utf-8", "text/css", "image/png"
NOW = "2026-11-22T22:00+08:00"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(100)


def page(body: str, title: str) -> tuple[str, bytes]:
    head = f'<title>{title}</title><link rel="stylesheet" href="/list.css">'
    return HTML, f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode()


def report(more: str = "") -> tuple[str, bytes]:
    styles = f'<link rel="stylesheet" href="{STATIC}/all.css"><img src="/logo.png">{more}'
    return (
        HTML,
        f"<html><title>{TITLE}</title><body>{styles}<p>{'正文' * 400}</p></body></html>".encode(),
    )


def anchors(*hrefs: str) -> str:
    return "".join(f'<a href="{href}">{TITLE}</a>' for href in hrefs)


PAGES = {
    f"{HOME}/robots.txt": ("text/plain", b"User-agent: *\nDisallow: /banned/\n"),
    f"{HOME}/": page(anchors("/nb/1.html", "/nb/2.html"), "乌有县"),
    f"{HOME}/nb/1.html": report(
        '<img src="/banned/a.png"><img src="/gone.png"><img src="/page.png"><img src="/huge.png">'
    ),
    f"{HOME}/nb/2.html": report(f'<img src="http://cdn.example.com/x.png"><img src="{OTHER}/i.png">'),
    f"{HOME}/logo.png": (PNG, PICTURE),
    f"{HOME}/huge.png": (PNG, bytes(LARGEST + 1)),
    f"{HOME}/page.png": page("找不到", "404"),
    f"{STATIC}/all.css": (CSS, b"@import 'base.css'; a{background:url(bg.png)}"),
    f"{STATIC}/base.css": (CSS, b"b{color:red}"),
    f"{STATIC}/bg.png": (PNG, PICTURE + b"2"),
    f"{OTHER}/": page(anchors("/nb/3.html"), "南柯县"),
    f"{OTHER}/nb/3.html": report(),
    f"{OTHER}/logo.png": (PNG, PICTURE),
    f"{OTHER}/i.png": (PNG, PICTURE + b"3"),
}


WITHOUT = {f"{OTHER}/robots.txt"} | {url for url in PAGES if not url.endswith((".css", ".png"))}


class Handler(BaseHTTPRequestHandler):
    asked: list[tuple[str, bool]]
    refused: tuple[str, ...]

    def do_GET(self) -> None:
        conditional = "If-None-Match" in self.headers
        self.asked.append((self.path, conditional))
        kind, body = PAGES.get(self.path, ("", b"nothing"))
        refused = self.path.endswith(self.refused) if self.refused else False
        status = 403 if refused else 304 if conditional else 200 if kind else 404
        self.send_response(status)
        self.send_header("Content-Type", kind or HTML)
        self.send_header("ETag", '"1"')
        self.send_header("Content-Length", str(0 if status == 304 else len(body)))
        self.end_headers()
        self.wfile.write(b"" if status == 304 else body)

    def log_message(self, *_: object) -> None:
        pass


class Web:
    """`play` runs the command line once, and gives what it asked for."""

    def __init__(self, proxy: str, asked: list[tuple[str, bool]], folder: Path) -> None:
        self.proxy, self.asked, self.folder = proxy, asked, folder
        self.bytecode = folder.parent / "bytecode"
        self.database = f"sqlite:///{folder}/nianbao.db"
        (folder / "sites.toml").write_text(
            "".join(f'[[site]]\nhost = "{host[7:]}"\nstart = ["{host}/"]\n' for host in (HOME, OTHER))
        )

    def play(self, *options: str, now: str = NOW) -> list[str]:
        self.asked.clear()
        self.said = self.run("crawl", "--sites", self.folder / "sites.toml", *options, now=now)
        return [url for url, _ in self.asked]

    def run(self, *arguments: str | Path, now: str = NOW) -> str:
        """What the command line says."""
        environment = compiled(proxied(self.proxy), self.bytecode) | {"NIANBAO_NOW": now}
        command = [PROGRAM, "--db", self.database, *arguments, "--delay", "0"]
        done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with closing(create_engine(self.database).connect()) as connection:
            return [tuple(row) for row in connection.execute(text(query))]


@contextmanager
def serving(folder: Path, refused: tuple[str, ...] = ()) -> Iterator[Web]:
    asked: list[tuple[str, bool]] = []
    handler = type("Here", (Handler,), {"asked": asked, "refused": refused})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield Web(f"http://127.0.0.1:{server.server_port}", asked, folder)
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Web, list[str], str]]:
    with serving(tmp_path_factory.mktemp("nights")) as web:
        first = web.play()
        yield web, first, web.said


def test_what_report_pages_show_is_captured_with_what_failed(nights):
    web, _, _ = nights
    query = "SELECT url, status, outcome FROM captures WHERE kind = 'asset' ORDER BY url"
    assert web.rows(query) == [
        (f"{STATIC}/all.css", 200, "new"),
        (f"{STATIC}/base.css", 200, "new"),
        (f"{STATIC}/bg.png", 200, "new"),
        (f"{OTHER}/i.png", 200, "new"),
        (f"{OTHER}/logo.png", 200, "new"),
        (f"{HOME}/gone.png", 404, "missing"),
        (f"{HOME}/huge.png", None, "error"),
        (f"{HOME}/logo.png", 200, "new"),
        (f"{HOME}/page.png", 200, "soft_404"),
    ]


def test_a_listing_shows_nothing_that_is_asked_for(nights):
    assert not [url for url in nights[1] if url.endswith("/list.css")]


def test_what_is_shared_is_asked_for_once(nights):
    assert len(nights[1]) == len(set(nights[1]))


def test_robots_are_asked_and_obeyed_and_no_other_host_is_met(nights):
    _, asked, _ = nights
    assert not [url for url in asked if "/banned/" in url or "cdn.example.com" in url]
    of_static = [url for url in asked if url.startswith(STATIC)]
    assert of_static[0] == f"{STATIC}/robots.txt"


def test_they_come_after_every_page_of_their_host(nights):
    for host in (HOME, OTHER):
        own = [url for url in nights[1] if url.startswith(f"{host}/")]
        shown = [url.endswith((".css", ".png")) for url in own]
        assert shown == sorted(shown)


def test_a_host_that_serves_pages_is_known_as_such_and_no_body_is_expected_there(nights):
    web, _, _ = nights
    assert web.rows("SELECT name, note, last_outcome FROM sites WHERE host = 'static.wuyou.gov.cn'") == [
        ("", "serves www.wuyou.gov.cn", "missing")
    ]


def test_who_checks_the_sites_does_not_expect_pages_there(nights):
    web, _, _ = nights
    assert "2 of 2 sites reached" in web.run("sites", "check")


def test_the_run_says_how_many_of_them_there_were(nights):
    assert "and 9 styles and pictures:" in nights[2]


def test_nothing_about_them_is_a_finding_or_a_report(nights):
    web, _, _ = nights
    assert web.rows("SELECT count(*) FROM reports") == [(3,)]
    assert web.rows("SELECT text FROM run_findings WHERE code != 'host_found'") == []


def test_later_nights_ask_conditionally_and_rarely(nights):
    web, _, _ = nights
    soon = web.play(now="2026-12-01T22:00+08:00")
    assert [url for url in soon if url.endswith((".css", ".png"))] == [f"{HOME}/huge.png"]
    web.play(now="2026-12-28T22:00+08:00")
    shown = {url: conditional for url, conditional in web.asked if url.endswith((".css", ".png"))}
    assert shown[f"{STATIC}/all.css"]
    assert {url for url, conditional in shown.items() if not conditional} == {
        f"{HOME}/{name}.png" for name in ("gone", "huge", "page")
    }
    assert web.rows(
        "SELECT outcome, status FROM captures WHERE url LIKE '%/all.css' ORDER BY capture_id"
    ) == [
        ("new", 200),
        ("unchanged", 304),
    ]


def test_hosts_that_turn_them_away_are_not_taken_for_closed(tmp_path):
    with serving(tmp_path, refused=(".png", ".css")) as web:
        web.play()
        assert web.rows("SELECT count(*) FROM reports") == [(3,)]
        assert web.rows("SELECT host, rests FROM sites WHERE rests > 0") == []
        query = "SELECT host FROM sites WHERE last_outcome = 'blocked'"
        assert web.rows(query) == []
        again = web.play(now="2026-11-23T22:30+08:00")  # a day after the last of the first night, too
        assert f"{HOME}/logo.png" in again
        assert f"{HOME}/logo.png" not in web.play(now="2026-11-24T23:00+08:00")


def test_a_run_of_so_many_pages_spends_none_on_them_before_all_pages(tmp_path):
    with serving(tmp_path) as web:
        asked = web.play("--max-pages", str(len(WITHOUT) + 2))
        assert set(asked[: len(WITHOUT)]) == WITHOUT
        assert len(asked) == len(WITHOUT) + 2


def test_a_setting_switches_them_off(tmp_path):
    with serving(tmp_path) as web:
        asked = web.play("--no-requisites")
        assert not [url for url in asked if url.endswith((".css", ".png"))]
        assert web.rows("SELECT count(*) FROM frontier WHERE kind = 'asset'") == [(0,)]
