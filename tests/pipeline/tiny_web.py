"""A tiny web that answers as a proxy, and the crawl of it in a process of its own."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from sqlalchemy import text

from settings.registry import Site
from storage.archive import load_capture
from storage.captures import Capture
from storage.database import Database, open_database
from storage.sites import register_sites

ROOT = Path(__file__).parents[2]
WUYOU, NANKE, ZIXU, HUAXU = (f"www.{name}.gov.cn" for name in ("wuyou", "nanke", "zixu", "huaxu"))
DEPARTMENT = "zrzy.wuyou.gov.cn"
CRAWL = """
import json, sys
from dataclasses import asdict
from pipeline.crawl import crawl
from settings.environment import read_environment
options = json.loads(sys.argv[2])
print(json.dumps(asdict(crawl(sys.argv[1], environment=read_environment(), delay=0, **options))))
"""
HTML = "text/html"
DIRECT = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}  # noqa: TID251


@dataclass
class Answer:
    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    promised: int | None = None  # a Content-Length that is not kept


def page(body: str, title: str = "乌有县", **headers: str) -> Answer:
    markup = f"<html><head><title>{title}</title></head><body>{body}</body></html>"
    return Answer(200, markup.encode(), (("Content-Type", HTML), *headers.items()))


def links(*pairs: tuple[str, str]) -> Answer:
    return page("".join(f'<a href="{href}">{words}</a>' for href, words in pairs))


def redirect(location: str) -> Answer:
    return Answer(302, b"", (("Location", location),))


@dataclass
class TinyWeb:
    """`answers` by URL; anything else is 404. `before` is called with each URL before it is answered."""

    answers: dict[str, Answer]
    before: Callable[[str], None] = lambda _url: None
    asked: list[str] = field(default_factory=list)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler_for(self))
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def environ(self) -> dict[str, str]:
        proxy = f"http://127.0.0.1:{self.server.server_port}"
        return DIRECT | {
            "http_proxy": proxy,
            "https_proxy": proxy,
            "NIANBAO_CONTACT": "https://example.org/we",
            "NIANBAO_NOW": datetime.now(UTC).isoformat(),  # a rehearsal: it does not wait for what failed
        }


def handler_for(web: TinyWeb) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            web.before(self.path)
            web.asked.append(self.path)
            web.headers[self.path] = dict(self.headers.items())
            answer = web.answers.get(self.path, Answer(404, b"nothing here"))
            self.send_response(answer.status)
            for name, value in answer.headers:
                self.send_header(name, value)
            length = len(answer.body) if answer.promised is None else answer.promised
            self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(answer.body)
            if answer.promised is not None:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def register(url: str, *sites: Site) -> None:
    database = open_database(url)
    with database.write() as connection:
        register_sites(connection, sites)
    database.close()


def site(host: str, **more: Any) -> Site:
    return Site(host, start=(f"http://{host}/",), **more)


def start_crawl(web: TinyWeb, url: str, **options: Any) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", CRAWL, url, json.dumps(options)]
    return subprocess.Popen(
        command, cwd=ROOT, env=web.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def crawl(web: TinyWeb, url: str, **options: Any) -> dict[str, Any]:
    process = start_crawl(web, url, **options)
    out, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    return json.loads(out)


def rows(database: Database, query: str, **values: Any) -> list[tuple[Any, ...]]:
    with database.read() as connection:
        return [tuple(row) for row in connection.execute(text(query), values)]


def captured(database: Database, url: str) -> Capture:
    [(capture_id,)] = rows(database, "SELECT max(capture_id) FROM captures WHERE url = :url", url=url)
    with database.read() as connection:
        return load_capture(connection, capture_id).capture
