"""Crawl workers on one Postgres: whether they find what one finds, ask no host twice at once, and are faster.

    .venv/bin/python -m benchmarks.workers [--hosts 200] [--pages 2000] [--workers 4] [--kill 2]

The web is served by a process of its own that answers from memory, after 2 ms, and counts how many questions
each host is busy with. There is no delay between two requests to a host, so that the processors are what is
shared: on a machine with two cores the workers, the web and Postgres all take their part of them.
"""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import urlsplit

import click
from sqlalchemy import text
from sqlalchemy.engine import URL

from benchmarks.machine import describe_machine
from benchmarks.servers import postgres_database, private_server, server_programs
from samples.answers import Question
from samples.site import Site as Sample
from samples.site import build_sites
from samples.web import Host
from settings.registry import Site
from storage.database import Database, open_database
from storage.sites import register_sites

ROOT = Path(__file__).parents[1]
DEMO = len(build_sites())  # hosts that are always there
PAUSE = 0.002  # seconds that an answer takes
WORK = """
import sys
import settings.crawl
from pipeline.crawl import crawl
from settings.environment import read_environment
settings.crawl.NIANBAO_SUBDOMAINS = False  # some are dead, and a run lingers for those
crawl(sys.argv[1], environment=read_environment(), delay=0, requisites=False)
"""


class Web:
    """Hosts by name, and how many questions each was busy with at once, at most."""

    def __init__(self, sites: tuple[Sample, ...]) -> None:
        self.hosts = {site.host: Host(site) for site in sites}
        self.busy: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        for host in self.hosts.values():
            for address in host.pages:
                host.answer(Question(address)).zipped  # noqa: B018 - reading it keeps it

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                name, question = await read_question(reader)
                self.busy[name] += 1
                self.most[name] = max(self.most[name], self.busy[name])
                await asyncio.sleep(PAUSE)
                self.busy[name] -= 1
                writer.write(self.answer(name, question))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()  # the client left

    def answer(self, name: str, question: Question) -> bytes:
        if name not in self.hosts:
            return b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"
        answer = self.hosts[name].answer(question)
        headers = {**answer.headers, "Content-Type": answer.content_type, "Content-Encoding": "gzip"}
        headers["Content-Length"] = str(len(answer.zipped))
        lines = "".join(f"{key}: {value}\r\n" for key, value in headers.items())
        return f"HTTP/1.1 {int(answer.status)} So\r\n{lines}\r\n".encode("latin-1") + answer.zipped


async def read_question(reader: asyncio.StreamReader) -> tuple[str, Question]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    line, *lines = head.split("\r\n")
    method, address, _ = line.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in lines)}
    body = await reader.readexactly(int(headers.get("content-length") or 0))
    url = urlsplit(address)
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    return url.hostname or "", Question(target, method, body, headers)


def serve(pipe: Connection, hosts: int, pages: int) -> None:
    """Send the port; then, to each question, the greatest number of questions at once to one host since."""
    web = Web(build_sites(pages, hosts - DEMO))

    async def run() -> None:
        server = await asyncio.start_server(web.serve, "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        while await asyncio.to_thread(pipe.recv):
            pipe.send(max(web.most.values(), default=0))
            web.most.clear()

    asyncio.run(run())


@contextmanager
def serving(hosts: int, pages: int) -> Iterator[tuple[Connection, int]]:
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=serve, args=(theirs, hosts, pages), daemon=True)
    server.start()
    yield ours, ours.recv()
    server.terminate()
    server.join()


@contextmanager
def registered(server: URL, hosts: int) -> Iterator[Database]:
    with postgres_database(server) as url, closing(open_database(url)) as database:
        names = [site.host for site in build_sites(copies=hosts - DEMO)]
        with database.write() as connection:
            register_sites(connection, [Site(name, start=(f"http://{name}/",)) for name in names])
        yield database


def start(database: Database, port: int) -> "subprocess.Popen[bytes]":
    url = database.engine.url.render_as_string(hide_password=False)
    environ = os.environ | {"http_proxy": f"http://127.0.0.1:{port}"}  # noqa: TID251 - inherited by the worker
    environ.pop("no_proxy", None)
    return subprocess.Popen(
        [sys.executable, "-c", WORK, url], cwd=ROOT, env=environ, stderr=subprocess.DEVNULL
    )


def captured(database: Database) -> set[tuple[str, str]]:
    with database.read() as connection:
        return {(url, sha256) for url, sha256 in connection.execute(text("SELECT url, sha256 FROM captures"))}


def totals(database: Database) -> str:
    with database.read() as connection:
        runs = list(connection.execute(text("SELECT captures, state FROM runs ORDER BY run_id")))
        rows = connection.scalar(text("SELECT count(*) FROM captures"))
    each = ", ".join(f"{run.captures:,} {run.state}" for run in runs)
    return f"{rows:,} captures; by run: {each}; together {sum(run.captures for run in runs):,}"


def crawl(database: Database, port: int, workers: int, kill: int = 0) -> float:
    """Seconds until the last has ended; `kill` of them are killed once there are so many hundred captures."""
    begun = time.monotonic()
    running = [start(database, port) for _ in range(workers)]
    if kill:
        while len(captured(database)) < kill * 100:
            time.sleep(0.1)
        for worker in running[:kill]:
            worker.send_signal(signal.SIGKILL)
    for worker in running:
        worker.wait()
    return time.monotonic() - begun


@click.command()
@click.option("--hosts", default=200, show_default=True)
@click.option("--pages", default=2000, show_default=True)
@click.option("--workers", default=4, show_default=True)
@click.option("--kill", default=2, show_default=True, help="Workers killed with -9 in the last turn.")
def main(hosts: int, pages: int, workers: int, kill: int) -> None:
    """Print seconds, captures, and the greatest number of questions at once to one host."""
    click.echo(describe_machine())
    programs = server_programs()
    if programs is None:
        raise SystemExit("skipped: no PostgreSQL here")
    with private_server(programs, "") as server, serving(hosts, pages) as (web, port):
        found: set[tuple[str, str]] = set()
        alone = 0.0
        for number, killed in ((1, 0), (workers, 0), (workers, kill)):
            with registered(server, hosts) as database:
                seconds = crawl(database, port, number, killed)
                web.send("?")
                alone, found = alone or seconds, found or captured(database)
                same = "the same" if captured(database) == found else "OTHER"
                click.echo(
                    f"{number} workers, {killed} killed: {seconds:.1f} s, {alone / seconds:.2f} as fast;"
                )
                click.echo(f"  {totals(database)}; {same} captures; {web.recv()} at once to one host at most")


if __name__ == "__main__":
    main()
