"""The invented web on loopback. It answers as an HTTP proxy does, so nothing in the product knows a sample.

    .venv/bin/python -m samples.web --port 8089 &
    http_proxy=http://127.0.0.1:8089 curl http://www.wuyou.gov.cn/

A host that is not invented here answers 502, as a proxy says of a dead host; so does one by a scheme that is
dead. Nothing leaves this machine.
"""

import itertools
import sys
import threading
import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from datetime import time as midnight
from email.utils import format_datetime
from hashlib import sha256
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

import click

from samples.answers import Answer, Question
from samples.certificates import context_for
from samples.nights import sites_on
from samples.pages import OPENED, WALLS, Page, build_pages, listing_page
from samples.plan import Plan
from samples.requisites import requisite
from samples.site import Site, build_sites, build_web
from samples.traps import TRAPS

ABSENT = {"missing": ("missing.html", 404), "soft_404": ("soft_404.html", 200)}


class Asked(NamedTuple):
    """One line of the log. `at` is the monotonic second at which it was asked; `path` has its query; `sent`
    is bytes of body; `is_conditional` where the client said what it has.
    """

    at: float
    host: str
    path: str
    status: int
    method: str = "GET"
    sent: int = 0
    is_conditional: bool = False


class Host:
    """One site's answers. What was drawn once is kept."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.plan = Plan(site)
        self.pages = build_pages(site)
        self.traps = [TRAPS[name] for name in site.traps]
        self.drawn: dict[str, Answer] = {}
        self.questions = itertools.count(1)

    def answer(self, question: Question) -> Answer:
        if question.method == "POST" or question.target not in self.drawn:
            answer = self.find(question)
            if question.method == "POST" or not answer.headers.get("ETag"):
                return answer
            self.drawn[question.target] = answer
        return self.drawn[question.target]

    def find(self, question: Question) -> Answer:
        """A page, else what a script or a form is told, else a trap, else what stands for nothing."""
        trap = next((each for each in self.traps if question.path.startswith(each.root)), None)
        told = self.plan.family.answer(self.plan.shelf, question)
        page = self.posted(question) if question.method == "POST" else self.page_at(question)
        if trap:
            return trap.answer(self.site, question)
        if told:
            return told
        return self.draw(page) if page else self.requisite(question) or self.absent(question)

    def page_at(self, question: Question) -> Page | None:
        home = question.path.removesuffix(f"index.{self.site.extension}")
        addresses = (question.target, question.path, home)
        return next((self.pages[address] for address in addresses if address in self.pages), None)

    def posted(self, question: Question) -> Page | None:
        turn = self.plan.family.posted(self.plan.shelf, question)
        return listing_page(self.plan, *turn, question.target) if turn else None

    def draw(self, page: Page) -> Answer:
        body = page.draw()
        return Answer(page.status, body, page.content_type or self.content_type, stamps(page, body))

    def requisite(self, question: Question) -> Answer | None:
        found = requisite(self.site.host, self.site.name, question.path)
        return found and replace(found, headers=stamps_of(found.body, OPENED))

    def absent(self, question: Question) -> Answer:
        if question.path == "/robots.txt" and self.site.robots:
            body = self.site.robots.encode()
            return Answer(HTTPStatus.OK, body, "text/plain", stamps_of(body, OPENED))
        if self.site.absent == "home" and question.path != "/robots.txt":
            return Answer(HTTPStatus.OK, self.pages["/"].draw(), self.content_type)
        template, status = ABSENT.get(self.site.absent, ABSENT["missing"])
        return Answer(status, Page(self.site, question.path, template).draw(), self.content_type)

    @property
    def content_type(self) -> str:
        """Say nothing of the encoding where the page's own label is a lie, as old servers do."""
        truthful = self.site.declares == self.site.encoding
        return f"text/html; charset={self.site.declares}" if truthful else "text/html"


def stamps(page: Page, body: bytes) -> dict[str, str]:
    """Name the page's age and identity; a wall has neither, nor has a form with a state."""
    if page.template == WALLS[412]:
        return {"Set-Cookie": "FSSBBIl1UgzbN7N80S=invented; path=/; HttpOnly"}
    if page.template in WALLS.values() or b"__VIEWSTATE" in body:
        return {}
    return stamps_of(body, page.modified)


def stamps_of(body: bytes, day: date) -> dict[str, str]:
    modified = datetime.combine(day, midnight(1, 30), UTC)
    identity = sha256(body).hexdigest()[:16]
    return {"Last-Modified": format_datetime(modified, usegmt=True), "ETag": f'"{identity}"'}


class Server(ThreadingHTTPServer):
    """Sites by host, and the log of what was asked."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, sites: Iterable[Site]) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.hosts: dict[str, Host] = {}
        self.log: list[Asked] = []
        self.show(sites)

    def show(self, sites: Iterable[Site]) -> None:
        """Serve these sites from now on; one that is as it was keeps what was drawn of it."""
        hosts = {}
        for site in sites:
            known = self.hosts.get(site.host)
            hosts[site.host] = known if known and known.site == site else Host(site)
        self.hosts = {name: host for name, host in hosts.items() if not host.site.is_dead}

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that was killed or mistrusts us; anything else is a fault of this file."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)

    def draw_all(self) -> None:
        """Draw every page now, so that no client waits for one."""
        for host in self.hosts.values():
            for address in host.pages:
                host.answer(Question(address)).zipped  # noqa: B018 - reading it keeps it


class Handler(BaseHTTPRequestHandler):
    """Answers GET, HEAD and POST, in a proxy's form (with the whole URL) or a server's (with a Host header);
    and CONNECT, behind which it is the host itself.
    """

    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "nginx"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1  # one packet an answer
    tunnel = ""  # the host that it is, after a CONNECT

    def do_GET(self) -> None:
        self.at = time.monotonic()
        url = urlsplit(self.path)
        name = self.tunnel or url.hostname or self.headers.get("Host", "").partition(":")[0]
        question = self.read_question()
        host = self.server.hosts.get(name)
        if host is None or (host.site.linked_by == "http" and not self.tunnel):
            self.write(name, Answer(HTTPStatus.BAD_GATEWAY, b"no such host\n", "text/plain"))
        elif host.site.scheme == "https" and not self.tunnel:
            there = {"Location": f"https://{name}{question.target}"}
            self.write(name, Answer(HTTPStatus.MOVED_PERMANENTLY, b"", headers=there))
        else:
            self.write_tempered(host, question)

    do_HEAD = do_POST = do_GET  # noqa: N815 - the names http.server calls

    def do_CONNECT(self) -> None:
        """Become the host, under a certificate of our own making; most of the invented web is http only."""
        self.at = time.monotonic()
        name = self.path.partition(":")[0]
        host = self.server.hosts.get(name)
        if host is None or host.site.scheme != "https":
            self.write(name, Answer(HTTPStatus.BAD_GATEWAY, b"http only\n", "text/plain"))
            return
        self.send_response(HTTPStatus.OK)
        self.end_headers()
        self.wfile.flush()
        self.connection = self.request = context_for(name).wrap_socket(self.connection, server_side=True)
        self.tunnel = name
        self.setup()
        self.close_connection = False

    def finish(self) -> None:
        super().finish()
        self.connection.close()  # the server closes only what it accepted, not what became of it

    def read_question(self) -> Question:
        url = urlsplit(self.path)
        target = (url.path or "/") + (f"?{url.query}" if url.query else "")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Question(target, self.command, body, headers)

    def write_tempered(self, host: Host, question: Question) -> None:
        """Answer as the host's temper is at this question; robots.txt is always answered well."""
        temper, count = host.site.temper, next(host.questions)
        time.sleep(temper.seconds)
        if question.path != "/robots.txt":
            if is_turn(count, temper.fails_every):
                self.write(host.site.host, Answer(HTTPStatus.SERVICE_UNAVAILABLE, b"busy\n", "text/plain"))
                return
            if is_turn(count, temper.cuts_every):
                self.write(host.site.host, host.answer(question), missing=0.5)
                return
            if is_turn(count, temper.understates_every):
                self.write(host.site.host, host.answer(question), unsaid=0.5)
                return
        self.write(host.site.host, host.answer(question))

    def write(self, host: str, answer: Answer, missing: float = 0, unsaid: float = 0) -> None:
        """`missing` is the part of the body that never comes, `unsaid` the part beyond its Content-Length."""
        is_known = self.is_known(answer)
        status = HTTPStatus.NOT_MODIFIED if is_known else answer.status
        body = b"" if is_known else self.coded_body(answer)
        self.note(host, status, len(body))
        self.send_response(status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if not is_known:
            self.write_body(answer, body, missing, unsaid)
        else:
            self.end_headers()

    def note(self, host: str, status: int, sent: int) -> None:
        url = urlsplit(self.path)
        path = (url.path or "/") + (f"?{url.query}" if url.query else "")
        says_what_it_has = any(name in self.headers for name in ("If-None-Match", "If-Modified-Since"))
        self.server.log.append(
            Asked(self.at, host, path, status, self.command or "", sent, is_conditional=says_what_it_has)
        )

    def coded_body(self, answer: Answer) -> bytes:
        return answer.zipped if self.zips(answer) else answer.body

    def zips(self, answer: Answer) -> bool:
        return "gzip" in self.headers.get("Accept-Encoding", "") and len(answer.body) > 200

    def write_body(self, answer: Answer, body: bytes, missing: float, unsaid: float) -> None:
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(body) - int(len(body) * unsaid)))
        if self.zips(answer):
            self.send_header("Content-Encoding", "gzip")
        if missing or unsaid:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body[: len(body) - int(len(body) * missing)])

    def is_known(self, answer: Answer) -> bool:
        """Hold the client's stamps against the page's; If-None-Match goes first (RFC 9110, 13.2.2)."""
        if "ETag" not in answer.headers:
            return False
        if tag := self.headers.get("If-None-Match"):
            return answer.headers["ETag"] in tag
        return self.headers.get("If-Modified-Since") == answer.headers["Last-Modified"]

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name http.server uses
        """Keep quiet: `log` has it."""


def is_turn(count: int, every: int) -> bool:
    return every > 0 and count % every == 0


class SampleWeb:
    """The invented web while the block lasts: `proxy` is its address, `log` what it was asked.

    Night 0 is before anything happens; another night is set by `show_night`.
    """

    def __init__(self, sites: Iterable[Site] | None = None, port: int = 0, night: int = 0) -> None:
        self.sites = build_sites() if sites is None else tuple(sites)
        self.server = Server(port, sites_on(self.sites, night))
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)

    @property
    def proxy(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def show_night(self, night: int) -> None:
        self.server.show(sites_on(self.sites, night))

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
@click.option("--pages", default=0, help="Grow the demo's sites to about this many pages.")
@click.option("--copies", default=0, help="Copy sites to so many more hosts, which share those pages.")
@click.option("--all", "everything", is_flag=True, help="Every invented site, not the demo's alone.")
@click.option("--night", default=0, help="How many nights have passed.")
def main(port: int, pages: int, copies: int, night: int, *, everything: bool) -> None:
    """Serve the invented web until interrupted."""
    web = SampleWeb(build_web() if everything else build_sites(pages, copies), port, night)
    web.server.draw_all()
    click.echo(f"http_proxy={web.proxy} curl http://www.wuyou.gov.cn/")
    sys.stdout.flush()
    try:
        web.server.serve_forever()
    except KeyboardInterrupt:
        web.server.server_close()


if __name__ == "__main__":
    main()
