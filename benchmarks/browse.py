"""The web pages over a national database: how long each takes, and fifty readers while a crawl writes.

    .venv/bin/python -m benchmarks.national --reports 100000 --copies 20 --kind sqlite --db sqlite:///national.db
    .venv/bin/python -m benchmarks.browse --db sqlite:///national.db [--asks 60] [--readers 50] [--seconds 20]

Writes some captures into the database, so give it one of its own. One user: every kind of page is asked for
`--asks` times, each time another one, after one to warm up; milliseconds by the clock and of CPU, of the
whole answer in this process. The peer is Datasette with the same database: its page of the view `reports`,
filtered by year, 50 rows. Then `--readers` threads read all kinds of pages over loopback while this process
writes captures as a crawl commits them, which it has done before without readers for as long.
"""

import http.client
import multiprocessing
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, cycle, islice
from multiprocessing.synchronize import Event
from random import Random
from statistics import median, quantiles
from urllib.parse import quote

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy import text
from starlette.testclient import TestClient

from benchmarks.machine import describe_machine
from browse.app import make_app
from browse.options import Options
from browse.serving import listen, server_of
from browse.snapshots.door import make_snapshots
from browse.snapshots.origins import Origins
from samples.pages import build_pages
from samples.site import build_sites
from storage.archive import record_captures
from storage.captures import Capture
from storage.database import Database, open_database
from storage.runs import finish_run, start_run

PHRASES = ("依申请公开", "政务公开", "教育", "信访", "满意", "培训", "平台", "行政复议")
BATCH = 50  # captures a crawl commits together
BEGUN = datetime(2027, 1, 1, tzinfo=UTC)
Paths = dict[str, list[str]]  # by kind of page


@click.command()
@click.option("--db", required=True, metavar="URL", help="Of a national database; captures are added to it.")
@click.option("--asks", default=60, show_default=True)
@click.option("--readers", default=50, show_default=True)
@click.option("--seconds", default=20.0, show_default=True)
def main(db: str, asks: int, readers: int, seconds: float) -> None:
    """One user, then many while a crawl writes."""
    console = Console(highlight=False, soft_wrap=True)
    console.print(describe_machine())
    with closing(open_database(db)) as database:
        ids = write_captures(database, 4, BEGUN)
        paths = drawn_paths(database, ids, asks)
        console.print(one_user(database, paths))
        alone = writing(database, seconds)
        with reading(db, paths, readers) as counted:
            beside = writing(database, seconds)
        console.print(f"{readers} readers for {seconds:g} s: {told(counted)}")
        console.print(
            f"captures written a second, by the clock: {alone.rate:.0f} alone, "
            f"{beside.rate:.0f} beside them; "
            f"ms of CPU a capture: {alone.cost:.2f} alone, {beside.cost:.2f} beside them "
            f"({beside.cost / alone.cost:.2f} times)"
        )


def drawn_paths(database: Database, ids: list[int], asks: int) -> Paths:
    """Other addresses each time, the same in every run."""
    random = Random(7)
    with database.read() as connection:
        rows = connection.execute(text("SELECT report_id, publisher, year, region_code FROM reports")).all()
    some = random.sample(rows, asks + 1)
    return {
        "first page": ["/"] * (asks + 1),
        "list": [f"/reports?year={row.year}&region={row.region_code[:4]}" for row in some],
        "list by name": [f"/reports?q={quote(row.publisher[:4])}" for row in some],
        "full text": [
            f"/search?q={quote(random.choice(PHRASES))}&region={row.region_code[:4]}&year={row.year}"
            for row in some
        ],
        "report": [f"/reports/{quote(row.report_id)}" for row in some],
        "years side by side": [f"/reports/{quote(row.report_id)}/years" for row in some],
        "coverage": [f"/coverage?region={row.region_code[:4]}" for row in some],
        "snapshot": list(islice(cycle(f"/capture/{each}" for each in ids), asks + 1)),
        "Datasette (peer)": [f"/sql/nianbao/reports?year={row.year}&_size=50&_nocount=1" for row in some],
    }


def one_user(database: Database, paths: Paths) -> Table:
    heads = ("page", "p50 ms", "p95 ms", "p50 CPU ms", "p95 CPU ms", "KB")
    table = Table(*heads, title="One user", title_justify="left")
    options = Options(Origins(pages_url="http://pages", snapshots_url="http://snapshots"), ("testserver",))
    pages = TestClient(make_app(database, options))
    snapshots = TestClient(make_snapshots(database, options))
    for kind, asked in paths.items():
        client = snapshots if kind == "snapshot" else pages
        times = [timed(client, path) for path in asked][1:]
        clock, cpu = ([1000 * each[place] for each in times] for place in (0, 1))
        sizes = median(each[2] for each in times) / 1000
        numbers = (median(clock), p95(clock), median(cpu), p95(cpu), sizes)
        table.add_row(kind, *(f"{number:.1f}" for number in numbers))
    return table


def p95(values: list[float]) -> float:
    return quantiles(values, n=20)[-1]


def timed(client: TestClient, path: str) -> tuple[float, float, int]:
    """Seconds by the clock and of CPU, and bytes."""
    clock, cpu = time.perf_counter(), time.process_time()
    answer = client.get(path)
    if answer.status_code != 200:
        raise click.ClickException(f"{path}: {answer.status_code}")
    return time.perf_counter() - clock, time.process_time() - cpu, len(answer.content)


def write_captures(database: Database, batches: int, at: datetime) -> list[int]:
    """A run of sample pages under addresses of the moment, committed as a crawl commits them."""
    bodies = cycle(sample_bodies())
    ids: list[int] = []
    with database.write() as connection:
        run = start_run(connection, "import", at)
    for batch in range(batches):
        urls = (f"http://www.{at:%H%M%S%f}.gov.cn/{batch}/{place}.html" for place in range(BATCH))
        captures = [page_of(url, at, next(bodies)) for url in urls]
        with database.write() as connection:
            ids += [each.capture_id for each in record_captures(connection, run, captures)]
    with database.write() as connection:
        finish_run(connection, run, at)
    return ids


def page_of(url: str, at: datetime, body: bytes) -> Capture:
    return Capture(url, at, 200, body, (("Content-Type", "text/html"),), kind="report")


def sample_bodies() -> list[bytes]:
    drawn = chain.from_iterable(build_pages(site).values() for site in build_sites())
    return [page.draw() for page in islice(drawn, 120) if page.status == 200 and not page.content_type]


@dataclass(frozen=True, slots=True)
class Written:
    """Captures a second by the clock; ms of CPU for each."""

    rate: float
    cost: float


def writing(database: Database, seconds: float) -> Written:
    captures, at = 0, datetime.now(UTC)
    clock, cpu = time.perf_counter(), time.process_time()
    while time.perf_counter() - clock < seconds:
        captures += len(write_captures(database, 1, at))
        at += timedelta(microseconds=1)
    took, worked = time.perf_counter() - clock, time.process_time() - cpu
    return Written(captures / took, 1000 * worked / captures)


@contextmanager
def reading(db: str, paths: Paths, readers: int) -> Iterator[Counter[str]]:
    """Readers at a server in a process of its own, until the block ends; what they were told."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    stop = context.Event()
    server = context.Process(target=serve_until, args=(db, stop, theirs))
    server.start()
    ports: list[int] = ours.recv()
    counted: Counter[str] = Counter()
    asked = [(kind, path) for kind, each in paths.items() if "peer" not in kind for path in each]
    threads = [
        threading.Thread(
            target=read_until, args=(ports, Random(number).sample(asked, len(asked)), stop, counted)
        )
        for number in range(readers)
    ]
    for thread in threads:
        thread.start()
    yield counted
    stop.set()
    for each in threads:
        each.join()
    server.join()


def serve_until(db: str, stop: Event, ports: "multiprocessing.connection.Connection") -> None:
    with closing(open_database(db)) as database:
        sockets = listen("127.0.0.1", Origins(0, 0))
        at = [each.getsockname()[1] for each in sockets]
        server = server_of(database, Options(Origins(*at)))
        thread = threading.Thread(target=server.run, kwargs={"sockets": sockets})
        thread.start()
        ports.send(at)
        stop.wait()
        server.should_exit = True
        thread.join()


def read_until(ports: list[int], asked: list[tuple[str, str]], stop: Event, counted: Counter[str]) -> None:
    for kind, path in cycle(asked):
        if stop.is_set():
            return
        connection = http.client.HTTPConnection("127.0.0.1", ports[kind == "snapshot"], timeout=120)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            counted[str(answer.status)] += 1
        except OSError as error:
            counted[type(error).__name__] += 1
        finally:
            connection.close()


def told(counted: Counter[str]) -> str:
    return ", ".join(f"{number} answers {kind}" for kind, number in sorted(counted.items()))


if __name__ == "__main__":
    main()
