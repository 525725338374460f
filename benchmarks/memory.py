"""Memory of a crawl over a long queue: 50,000 addresses on 500 hosts, and how it grows meanwhile.

    .venv/bin/python benchmarks/memory.py [--hosts 500] [--urls 100] [--seconds 60]

The pages are 40 kB, served by this process to the client, whose resident memory is looked at twice a second.
Flat means that its most is what it was after a third of the time.
"""

import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import click
from sqlalchemy import create_engine, text

from benchmarks.machine import describe_machine
from crawler.visit import Link
from settings.registry import Site
from storage import frontier
from storage.database import open_database
from storage.sites import register_sites

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
PAGE = ("<title>乌有县</title>" + "<p>政府信息公开工作年度报告正文。</p>" * 700).encode()
RESIDENT = re.compile(r"VmRSS:\s+(\d+) kB")
CAP = 250  # MB


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        is_robots = self.path.endswith("/robots.txt")
        self.send_response(404 if is_robots else 200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        body = b"" if is_robots else PAGE
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@click.command()
@click.option("--hosts", default=500, show_default=True)
@click.option("--urls", default=100, show_default=True, help="On each host.")
@click.option("--seconds", default=60, show_default=True)
def main(hosts: int, urls: int, seconds: int) -> None:
    """Print resident memory in MB."""
    click.echo(describe_machine())
    with tempfile.TemporaryDirectory(prefix="nianbao-bench-") as folder, serving() as proxy:
        url = f"sqlite:///{folder}/queue.db"
        queue(url, hosts, urls)
        limits = {"NIANBAO_MAX_SECONDS": seconds, "DOWNLOAD_DELAY": 1, "LOG_LEVEL": "ERROR"}
        options = [part for name, value in limits.items() for part in ("-s", f"{name}={value}")]
        environ = os.environ | {"http_proxy": proxy, "NIANBAO_DB": url}  # noqa: TID251 - inherited by the client
        environ.pop("no_proxy", None)
        with subprocess.Popen(
            [BIN / "scrapy", "crawl", "reports", *options], cwd=ROOT, env=environ
        ) as client:
            sizes = list(watch(client))
        click.echo(f"{count_captures(url):,} captures in {seconds} s")
    third = sizes[len(sizes) // 3]
    click.echo(
        f"{hosts * urls:,} addresses on {hosts} hosts: a third of the way {third} MB, most {max(sizes)} MB"
    )
    click.echo(f"grew by {max(sizes) - third} MB since; {'within' if max(sizes) <= CAP else 'OVER'} {CAP} MB")


@contextmanager
def serving() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def queue(url: str, hosts: int, urls: int) -> None:
    names = [f"www.bench{number}.gov.cn" for number in range(hosts)]
    database = open_database(url)
    with database.write() as connection:
        register_sites(connection, [Site(name, start=(f"http://{name}/",)) for name in names])
        for name in names:
            links = [Link(f"http://{name}/{number}.html", "report", 50, 1) for number in range(urls)]
            frontier.add_links(connection, {"": links}, {name}, datetime.now(UTC))
    database.close()


def count_captures(url: str) -> int:
    with closing(create_engine(url).connect()) as connection:
        return int(connection.execute(text("SELECT count(*) FROM captures")).scalar_one())


def watch(client: "subprocess.Popen[bytes]") -> Iterator[int]:
    """Resident memory in MB, twice a second, while the crawl goes on."""
    status = Path(f"/proc/{client.pid}/status")
    while client.poll() is None:
        found = RESIDENT.search(status.read_text(encoding="utf-8"))
        if found:
            yield int(found[1]) // 1024
        time.sleep(0.5)


if __name__ == "__main__":
    main()
