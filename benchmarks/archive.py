"""What the archive takes on disk and in time, beside .warc.gz, for the same captures in the same run.

    .venv/bin/python -m benchmarks.archive [--pages 2000] [--hosts 20] [--nights 30]
        [--packed-nights 3] [--db URL]

The first night brings every page; then come nights on which nothing changed, then nights on which only a view
counter did. Then the same again for pages sent in gzip, as nearly all servers do when asked. Bytes are those
of the file (SQLite) or of all tables and indexes (Postgres). CPU is user and system time of this process.
"""

import resource
import statistics
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import click
from fastwarc import GzipWriter
from fastwarc.warc import WarcRecord, WarcRecordType
from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from benchmarks.machine import describe_machine
from benchmarks.pages import Writer, chrome_of, page_of
from storage.archive import load_capture, record_captures
from storage.captures import Capture
from storage.database import Database, open_database
from storage.heads import http_date
from storage.replicate import replicate
from storage.runs import finish_run, start_run

ROOT = Path(__file__).parents[1]
START = datetime(2026, 1, 1, 18, tzinfo=UTC)
BATCH = 50
COUNTER = "浏览次数:0".encode()
Row = tuple[str, str, str]


class Nights:
    """The same addresses on every night, with headers as nginx gives them, plain or packed as nginx does."""

    def __init__(self, hosts: int, pages: int, *, packed: bool = False) -> None:
        self.hosts, self.pages, self.packed = hosts, pages, packed
        writer = Writer(ROOT)
        chrome = [chrome_of(writer, host) for host in range(hosts)]
        whole = (page_of(writer, chrome[number % hosts], number, 0) for number in range(pages))
        self.around = [page.split(COUNTER, 1) for page in whole]  # what stands before and after the counter

    def captures(self, night: int, views: int) -> Iterator[Capture]:
        for number in range(self.pages):
            host = number % self.hosts
            at = START + timedelta(days=night, seconds=number, milliseconds=number % 1000)
            begin, end = self.around[number]
            body = begin + COUNTER[:-1] + b"%d" % (views and 1000 * views + number) + end
            name = f"t{2026_0000 + number}.html"
            if self.packed:
                body, name = packed_as_nginx(body), f"packed-{name}"
            yield Capture(
                f"http://www.h{host}.gov.cn/zwgk/nb/{name}",
                at,
                200,
                body,
                headers_of(number, at, len(body), views, packed=self.packed),
                kind="report",
                request_headers=(("User-Agent", "nianbao/0.1 (+https://example.org)"), ("Accept", "*/*")),
                ip_address=f"10.0.0.{host}",
                protocol="HTTP/1.1",
                robots="allowed",
                elapsed=80 + number % 300,
            )


def packed_as_nginx(body: bytes) -> bytes:
    """At its default; byte for byte what nginx 1.22 sends (one is in tests/storage/test_gzipped.py)."""
    stream = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS)
    tail = zlib.crc32(body).to_bytes(4, "little") + len(body).to_bytes(4, "little")
    return bytes.fromhex("1f8b0800000000000403") + stream.compress(body) + stream.flush() + tail


def headers_of(
    number: int, at: datetime, size: int, views: int, *, packed: bool
) -> tuple[tuple[str, str], ...]:
    """A page with a counter is made anew for every visitor and has no age."""
    kept = (
        ()
        if views
        else (("Last-Modified", http_date(START - timedelta(hours=number))), ("ETag", f'"{number:x}"'))
    )
    return (
        ("Server", "nginx"),
        ("Date", http_date(at)),
        ("Content-Type", "text/html"),
        ("Content-Length", str(size)),
        *kept,
        *((("Content-Encoding", "gzip"),) if packed else ()),
        ("Connection", "keep-alive"),
    )


def record(database: Database, captures: list[Capture]) -> float:
    """Give the CPU seconds."""
    begun = cpu()
    with database.write() as connection:
        run = start_run(connection, "import", captures[0].fetched_at)
    for first in range(0, len(captures), BATCH):
        with database.write() as connection:
            record_captures(connection, run, captures[first : first + BATCH])
    with database.write() as connection:
        finish_run(connection, run, captures[-1].fetched_at)
    return cpu() - begun


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def size_of(database: Database) -> int:
    if database.engine.dialect.name == "postgresql":
        with database.read() as connection:
            return int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)
    with closing(database.engine.raw_connection()) as raw:
        raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Path(database.engine.url.database or "").stat().st_size


def warc_size(captures: list[Capture], *, requests: bool) -> tuple[int, float]:
    """The bytes of fastwarc's .warc.gz at its level 9, and its CPU seconds."""
    begun, out = cpu(), BytesIO()
    stream = GzipWriter(out)  # at its level 9
    for capture in captures:
        if requests:
            head = "".join(f"{name}: {value}\r\n" for name, value in capture.request_headers)
            write_record(stream, capture, WarcRecordType.request, f"GET / HTTP/1.1\r\n{head}\r\n".encode())
        head = "".join(f"{name}: {value}\r\n" for name, value in capture.headers)
        block = f"HTTP/1.1 200 OK\r\n{head}\r\n".encode() + (capture.payload or b"")
        write_record(stream, capture, WarcRecordType.response, block)
    stream.finish()
    return len(out.getvalue()), cpu() - begun


def write_record(stream: GzipWriter, capture: Capture, kind: WarcRecordType, block: bytes) -> None:
    record = WarcRecord()
    record.init_headers(kind, content_length=len(block))
    record.headers["WARC-Target-URI"] = capture.url
    record.headers["WARC-Date"] = capture.fetched_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    record.set_bytes_content(block)
    record.is_http = True
    record.write(stream, checksum_data=True)


def reading_times(database: Database, number: int) -> list[tuple[float, float]]:
    """Milliseconds and CPU milliseconds to load each of `number` captures, spread over all nights."""
    times = []
    with database.read() as connection:
        last = connection.scalar(text("SELECT max(capture_id) FROM captures")) or 1
        for capture_id in range(1, last, max(1, last // number)):
            begun, used = time.perf_counter(), time.process_time()
            load_capture(connection, capture_id)
            times.append((1000 * (time.perf_counter() - begun), 1000 * (time.process_time() - used)))
    return times


def measure(database: Database, nights: Nights, number: int) -> Iterator[Row]:
    empty = size_of(database)
    first = list(nights.captures(0, 0))
    raw = sum(len(capture.payload or b"") for capture in first)
    record(database, [Capture("http://warm.gov.cn/", START, 200, b"")])
    spent = record(database, first)
    taken = size_of(database) - empty
    sent = "sent in gzip" if nights.packed else "sent plain"
    yield f"pages {sent}", f"{len(first)}", f"{raw / len(first) / 1000:.1f} kB each, {raw / 1e6:.1f} MB"
    for name, requests in (("with requests", True), ("responses only", False)):
        warc, warc_spent = warc_size(first, requests=requests)
        yield f".warc.gz {name}", f"{warc / 1e6:.2f} MB", f"{1000 * warc_spent / len(first):.2f} ms a page"
        yield "  this archive beside it", f"{taken / warc:.3f}", "goal 0.5"
    yield (
        "on disk",
        f"{taken / 1e6:.2f} MB",
        f"{taken / len(first):.0f} bytes a page, {raw / taken:.1f} times smaller",
    )
    goal = "no goal: unpacked and packed again" if nights.packed else "goal 0.6"
    yield "ingest", f"{1000 * spent / len(first):.2f} ms CPU a page", goal

    def unchanged(night: int) -> Iterator[Capture]:
        return nights.captures(night, 0)

    def counted(night: int) -> Iterator[Capture]:
        return nights.captures(night, night)

    yield from measure_nights(database, "night without change", unchanged, 1, number, 60)
    record(database, list(counted(number + 1)))  # the counters appear, and with them other headers
    yield from measure_nights(database, "night, counter changed", counted, number + 2, number, 120)
    yield from measure_reading(database)
    yield from measure_copies(database, lambda: record(database, list(unchanged(3 * number + 3))))


def measure_copies(database: Database, another_night: Callable[[], object]) -> Iterator[Row]:
    """A copy of everything, and of one night more."""
    with (
        tempfile.TemporaryDirectory(prefix="nianbao-copy-") as folder,
        closing(open_database(f"sqlite:///{folder}/copy.db")) as copy,
    ):
        for name in ("a whole copy", "one night more"):
            begun = cpu()
            rows = replicate(database, copy, lambda *_: None)
            yield f"replicate, {name}", f"{cpu() - begun:.2f} s CPU", f"{rows:,} rows"
            another_night()


def measure_reading(database: Database) -> Iterator[Row]:
    times = reading_times(database, 2000)
    for name, column in (("", 0), (", CPU", 1)):
        each = sorted(pair[column] for pair in times)
        worst = each[len(each) * 99 // 100]
        yield (
            f"reading a capture{name}",
            f"{statistics.median(each):.2f} ms",
            f"99th percentile {worst:.2f} ms, goal 5",
        )


def measure_nights(
    database: Database,
    name: str,
    captures: Callable[[int], Iterator[Capture]],
    first: int,
    number: int,
    goal: int,
) -> Iterator[Row]:
    before, spent, count = size_of(database), 0.0, 0
    for night in range(first, first + number):
        batch = list(captures(night))
        spent += record(database, batch)
        count += len(batch)
    taken = (size_of(database) - before) / count
    yield (
        f"{number} x {name}",
        f"{taken:.1f} bytes a capture",
        f"goal {goal}; {1000 * spent / count:.2f} ms CPU a page",
    )


@click.command()
@click.option("--pages", default=2000, show_default=True)
@click.option("--hosts", default=20, show_default=True)
@click.option("--nights", default=30, show_default=True, help="Of each kind.")
@click.option("--packed-nights", default=3, show_default=True, help="Of each kind, for pages sent in gzip.")
@click.option("--db", default="", help="Measure this database instead of a SQLite file; it must be empty.")
def main(pages: int, hosts: int, nights: int, packed_nights: int, db: str) -> None:
    """Print a table of sizes and times."""
    console = Console()
    console.print(describe_machine(), soft_wrap=True)
    table = Table("what", "measured", "beside")
    with tempfile.TemporaryDirectory(prefix="nianbao-bench-") as folder:
        for packed, number in ((False, nights), (True, packed_nights)):
            name = "packed" if packed else "plain"
            database = open_database(db or f"sqlite:///{folder}/{name}.db")
            for row in measure(database, Nights(hosts, pages, packed=packed), number):
                console.print(" | ".join(row), soft_wrap=True)
                table.add_row(*row)
            database.close()
    console.print(table)


if __name__ == "__main__":
    main()
