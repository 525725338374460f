"""The invented web on loopback. It answers as an HTTP proxy does, so nothing in the product knows a sample.

    .venv/bin/python -m samples.web --port 8089 &
    http_proxy=http://127.0.0.1:8089 curl http://www.wuyou.gov.cn/

A host that is not invented here answers 502, as a proxy says of a dead host. Nothing leaves this machine.
"""

import gzip
import sys
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from datetime import time as midnight
from email.utils import format_datetime
from functools import cached_property
from hashlib import sha256
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

import click

from samples.pages import Page, build_pages
from samples.site import Site, build_sites


class Asked(NamedTuple):
    """One line of the log. `at` is monotonic seconds; `path` has its query."""

    at: float
    host: str
    path: str
    status: int


@dataclass(frozen=True)
class Answer:
    """One page as it goes out; drawn once, then kept."""

    status: int
    body: bytes
    content_type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)

    @cached_property
    def zipped(self) -> bytes:
        return gzip.compress(self.body, compresslevel=6, mtime=0)


class Host:
    """One site's answers."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.pages = build_pages(site)
        self.drawn: dict[str, Answer] = {}

    def answer(self, path: str) -> Answer:
        if path not in self.drawn:
            self.drawn[path] = self.draw(path)
        return self.drawn[path]

    def draw(self, path: str) -> Answer:
        home = path.removesuffix(f"index.{self.site.extension}")
        page = self.pages.get(path) or self.pages.get(home)
        if page is None:
            return self.absent(path)
        body = page.draw()
        return Answer(page.status, body, self.content_type, stamps(page, body))

    def absent(self, path: str) -> Answer:
        if path == "/robots.txt" and self.site.robots:
            return Answer(HTTPStatus.OK, self.site.robots.encode(), "text/plain")
        template, status = ("soft_404.html", 200) if self.site.soft_404 else ("missing.html", 404)
        return Answer(status, Page(self.site, path, template).draw(), self.content_type)

    @property
    def content_type(self) -> str:
        """Say nothing of the encoding where the page's own label is a lie, as old servers do."""
        truthful = self.site.declares == self.site.encoding
        return f"text/html; charset={self.site.declares}" if truthful else "text/html"


def stamps(page: Page, body: bytes) -> dict[str, str]:
    """Name the page's age and identity; a wall has neither."""
    if page.status != HTTPStatus.OK:
        return {"Set-Cookie": "FSSBBIl1UgzbN7N80S=invented; path=/; HttpOnly"}
    modified = datetime.combine(page.modified, midnight(1, 30), UTC)
    identity = sha256(body).hexdigest()[:16]
    return {"Last-Modified": format_datetime(modified, usegmt=True), "ETag": f'"{identity}"'}


class Server(ThreadingHTTPServer):
    """Sites by host, and the log of what was asked."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, sites: Iterable[Site]) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.hosts = {site.host: Host(site) for site in sites}
        self.log: list[Asked] = []

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that was killed; anything else is a fault of this file."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def draw_all(self) -> None:
        """Draw every page now, so that no client waits for one."""
        for host in self.hosts.values():
            for path in host.pages:
                host.answer(path).zipped  # noqa: B018 - reading it keeps it


class Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD, in a proxy's form (with the whole URL) or a server's (with a Host header)."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "nginx"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1  # one packet an answer

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        host = url.hostname or self.headers.get("Host", "").partition(":")[0]
        if host not in self.server.hosts:
            self.write(host, Answer(HTTPStatus.BAD_GATEWAY, b"no such host\n", "text/plain"))
        elif self.command not in {"GET", "HEAD"}:
            self.write(host, Answer(HTTPStatus.METHOD_NOT_ALLOWED, b"", "text/plain"))
        else:
            self.write(host, self.server.hosts[host].answer(url.path or "/"))

    do_HEAD = do_POST = do_GET  # noqa: N815 - the names http.server calls

    def do_CONNECT(self) -> None:
        """Refuse tunnels: the invented web is http only."""
        self.write(self.path.partition(":")[0], Answer(HTTPStatus.BAD_GATEWAY, b"http only\n", "text/plain"))

    def write(self, host: str, answer: Answer) -> None:
        is_known = self.is_known(answer)
        status = HTTPStatus.NOT_MODIFIED if is_known else answer.status
        self.server.log.append(Asked(time.monotonic(), host, self.asked_path(), status))
        self.send_response(status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if is_known:
            self.end_headers()
        else:
            self.write_body(answer)

    def write_body(self, answer: Answer) -> None:
        zips = "gzip" in self.headers.get("Accept-Encoding", "") and len(answer.body) > 200
        body = answer.zipped if zips else answer.body
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(body)))
        if zips:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def is_known(self, answer: Answer) -> bool:
        """Hold the client's stamps against the page's; If-None-Match goes first (RFC 9110, 13.2.2)."""
        if "ETag" not in answer.headers:
            return False
        if tag := self.headers.get("If-None-Match"):
            return answer.headers["ETag"] in tag
        return self.headers.get("If-Modified-Since") == answer.headers["Last-Modified"]

    def asked_path(self) -> str:
        url = urlsplit(self.path)
        return (url.path or "/") + (f"?{url.query}" if url.query else "")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name http.server uses
        """Keep quiet: `log` has it."""


class SampleWeb:
    """The invented web while the block lasts: `proxy` is its address, `log` what it was asked."""

    def __init__(self, sites: Iterable[Site] | None = None, port: int = 0) -> None:
        self.server = Server(port, build_sites() if sites is None else sites)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)

    @property
    def proxy(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    @property
    def log(self) -> list[Asked]:
        return self.server.log

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@click.command()
@click.option("--port", default=8089, show_default=True)
@click.option("--pages", default=0, help="Grow the web to about this many pages.")
def main(port: int, pages: int) -> None:
    """Serve the invented web until interrupted."""
    web = SampleWeb(build_sites(pages), port)
    web.server.draw_all()
    click.echo(f"http_proxy={web.proxy} curl http://www.wuyou.gov.cn/")
    sys.stdout.flush()
    try:
        web.server.serve_forever()
    except KeyboardInterrupt:
        web.server.server_close()


if __name__ == "__main__":
    main()
