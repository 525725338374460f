"""A national database from invented readings, in SQLite and in Postgres: its size, its load, ten questions.

    .venv/bin/python -m benchmarks.national [--reports 100000] [--kind sqlite] [--kind postgresql]
        [--copies 1] [--asks 20] [--plans FILE] [--db URL]

The readings go the way of real ones (storage.reports.store_reading, 50 in a transaction, durable), from
captures without a body, so that bytes are those of what was read and not of the archive. Postgres is a server
of its own with shared_buffers of 512 MB and everything else as it comes. Each question is asked `--asks`
times, with other values each time, after once to warm up, until the last row is here; CPU is that of this
process and of the server's that answers, which a busy machine leaves comparable. Memory is that of this
process, looked at after each tenth of the load. With --db it is built there and stays; what is there already
is only measured. With --copies 20 one report in twenty goes that way, and SQL makes the others of these, each
of another body: the same size and questions in a fraction of the time.
"""

import re
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, TextClause, insert, text

from benchmarks.copies import multiply
from benchmarks.invented import WORDS, YEARS, Body, bodies, readings
from benchmarks.machine import describe_machine
from benchmarks.servers import postgres_database, private_server, server_programs
from pipeline.reading import crosswalk_rows, number_cells
from storage.archive import record_captures
from storage.batches import Batch
from storage.captures import Capture
from storage.crosswalk import store_crosswalk
from storage.database import Database, open_database, refresh_statistics
from storage.fulltext import Scope, indexed_query, search
from storage.questions import Question, load_questions
from storage.reports import store_reading
from storage.rows import Reading, report_id
from storage.runs import finish_run, start_run
from storage.tables import coverage_gaps

GROUP = 50
WIDTH = 110  # columns of what is printed
READ_FROM = datetime(2026, 1, 1, tzinfo=UTC)
Gap = tuple[Body, int]
KINDS = ("sqlite", "postgresql")
RESIDENT = re.compile(r"VmRSS:\s+(\d+) kB")
CELLS = ("reading_cells", "reading_places", "form_cells")  # what cells with their places take
MEASURES = (  # of one cell, and sums of two and of eight
    "requests.received.total",
    "requests.granted.total",
    "proceedings.litigation.total",
    "requests.denied.total",
)
PARTS = {
    "cells with places": CELLS,
    "checks": ("reading_checks", "year_checks"),
    "sections": ("reading_sections",),
    "full-text index": ("section_index", "ix_reading_sections_pairs"),
    "readings": ("readings",),
    "sums": ("form_sums", "reading_sums", "series_"),
}


@click.command()
@click.option("--reports", default=100_000, show_default=True)
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS), default=KINDS, show_default=True)
@click.option("--copies", default=1, show_default=True, help="How many reports one stored report stands for.")
@click.option("--asks", default=20, show_default=True, help="Times that each question is asked.")
@click.option("--db", "urls", multiple=True, metavar="URL", help="Instead of databases of our own.")
@click.option("--plans", type=click.File("w"), help="Where to write how each question is answered.")
def main(reports: int, kinds: Sequence[str], copies: int, asks: int, urls: Sequence[str], plans: Any) -> None:
    """Build, measure, ask."""
    console = Console(highlight=False, soft_wrap=True, width=WIDTH)
    console.print(describe_machine())
    given: list[AbstractContextManager[str]] = [nullcontext(url) for url in urls]
    for place in given or [national(kind) for kind in kinds]:
        with place as url, closing(open_database(url)) as database:
            console.print(f"\n{database.engine.dialect.name}")
            if not count_reports(database):
                load(console, database, reports // copies)
                multiply(database, copies)
            tidy(database)
            console.print(f"{count_reports(database):,} reports")
            console.print(sizes(database, count_reports(database)))
            with database.read() as connection:
                console.print(answers(connection, asks))
                if plans:
                    plans.write(f"## {connection.dialect.name}\n\n{explained(connection)}\n")


def count_reports(database: Database) -> int:
    with database.read() as connection:
        return connection.scalar(text("SELECT COUNT(*) FROM reports")) or 0


@contextmanager
def national(kind: str) -> Iterator[str]:
    """The URL of an empty database that goes when the block ends."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix="nianbao-national-") as folder:
            yield f"sqlite:///{folder}/national.db"
        return
    programs = server_programs()
    if programs is None:
        raise click.UsageError("there is no PostgreSQL server here")
    with private_server(programs, "-c shared_buffers=512MB") as server, postgres_database(server) as url:
        yield url


def load(console: Console, database: Database, reports: int) -> None:
    with database.write() as connection:
        store_crosswalk(connection, crosswalk_rows())
        number_cells(connection)
        run = start_run(connection, "import", READ_FROM)
    begun, busy, cells, resident = time.monotonic(), cpu(), 0, [megabytes()]
    drawn = islice(invented(), reports)
    for done in range(0, reports, GROUP):
        group = list(islice(drawn, GROUP))
        with database.write() as connection:
            cells += store_group(connection, run, done, group)
        if (done // GROUP + 1) % max(1, reports // GROUP // 10) == 0:
            resident.append(megabytes())
    with database.write() as connection:
        finish_run(connection, run, READ_FROM)
    took, worked = time.monotonic() - begun, cpu() - busy
    console.print(
        f"{reports:,} reports, {cells:,} cells: {reports / took:.0f} reports/s by the clock, "
        f"{1000 * worked / reports:.2f} ms of our CPU each (making them up included)"
    )
    console.print(f"resident memory, MB: {' '.join(f'{each:.0f}' for each in resident)}")


def invented() -> Iterator[tuple[Reading, list[Gap]]]:
    """Every report, with the gaps before it: bodies and years of which there is none."""
    gaps: list[Gap] = []
    for body in bodies(10**9):
        for reading in readings(body):
            if isinstance(reading, int):
                gaps.append((body, reading))
            else:
                yield reading, gaps
                gaps = []


def store_group(
    connection: Connection, run: int, done: int, group: Sequence[tuple[Reading, list[Gap]]]
) -> int:
    """Store one group of reports; give how many cells they have."""
    pages = [Capture(reading.url, READ_FROM, 304, None, kind="report") for reading, _ in group]
    recorded = record_captures(connection, run, pages)
    batch = Batch()
    ids = {capture.capture_id for capture in recorded}
    batch.look_up(connection, {report_id(reading.url) for reading, _ in group}, ids)
    for number, ((reading, _), capture) in enumerate(zip(group, recorded, strict=True), done):
        now = READ_FROM + timedelta(seconds=number)
        store_reading(connection, capture.capture_id, "1", reading, now, batch=batch)
    batch.write(connection)
    gaps = [gap_row(*gap) for _, before in group for gap in before]
    if gaps:
        connection.execute(insert(coverage_gaps), gaps)
    return sum(len(reading.cells) for reading, _ in group)


def gap_row(body: Body, year: int) -> dict[str, object]:
    whose = {"publisher": body.name, "region_code": body.region_code, "host": body.host}
    return whose | {"year": year, "state": "missing", "because": "other years"}


def tidy(database: Database) -> None:
    """What is done at the end of a run, and what a server does by itself at night."""
    refresh_statistics(database)
    if database.engine.dialect.name == "postgresql":
        with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def sizes(database: Database, reports: int) -> Table:
    table = Table("bytes a report", box=None)
    table.add_column(justify="right")
    with database.read() as connection:
        taken = bytes_by_table(connection)
    for part, names in PARTS.items():
        whole = sum(size for name, size in taken.items() if name.startswith(tuple(names)))
        table.add_row(part, f"{whole / reports:,.0f}")
    table.add_row("the database", f"{sum(taken.values()) / reports:,.0f}")
    return table


def bytes_by_table(connection: Connection) -> dict[str, int]:
    """Of tables with their indexes; an index of its own name counts for itself."""
    if connection.dialect.name == "sqlite":
        query = """SELECT COALESCE(m.tbl_name, s.name), SUM(s.pgsize) FROM dbstat s
            LEFT JOIN sqlite_master m ON m.name = s.name WHERE s.aggregate = TRUE GROUP BY 1"""
    else:
        query = """SELECT CASE WHEN c.relname = 'ix_reading_sections_pairs' THEN c.relname
                ELSE COALESCE(t.relname, c.relname) END, SUM(pg_relation_size(c.oid)
                + COALESCE(pg_total_relation_size(NULLIF(c.reltoastrelid, 0)), 0))
            FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid
            LEFT JOIN pg_class t ON t.oid = i.indrelid
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'i') GROUP BY 1"""
    return {name: int(size) for name, size in connection.execute(text(query))}


def answers(connection: Connection, asks: int) -> Table:
    table = Table("question", "rows", box=None)
    for heading in ("median ms", "95th percentile ms", "median CPU ms", "95th percentile CPU ms"):
        table.add_column(heading, justify="right")
    clock = Clock(connection)
    for question in load_questions().values():
        draw, query = Random(question.name), text(question.sql)
        drawn = [drawn_values(connection, question, draw) for _ in range(asks + 1)]
        asked = [partial(rows_of, connection, query, values) for values in drawn]
        add_times(table, f"{question.name}{' (national)' * question.national}", clock, asked)
    draw = Random("phrases")
    phrases = [partial(found, connection, drawn_phrase(draw)) for _ in range(asks + 1)]
    add_times(table, "full_text", clock, phrases)
    return table


def rows_of(connection: Connection, query: TextClause, values: Mapping[str, object]) -> int:
    return len(connection.execute(query, values).all())


def found(connection: Connection, phrase: str) -> int:
    return len(list(search(connection, phrase)))


class Clock:
    """Seconds by the clock, and of CPU: of this process, and of the server's that answers it."""

    def __init__(self, connection: Connection) -> None:
        self.server = Path("/dev/null")
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET max_parallel_workers_per_gather = 0")
            pid = connection.scalar(text("SELECT pg_backend_pid()"))
            self.server = Path(f"/proc/{pid}/schedstat")

    def times(self) -> tuple[float, float]:
        spent = self.server.read_text(encoding="ascii").split()
        return time.perf_counter(), time.process_time() + (int(spent[0]) / 1e9 if spent else 0.0)


def add_times(table: Table, name: str, clock: Clock, asked: Sequence[Callable[[], int]]) -> None:
    """The first asking warms up and does not count."""
    rows, spent = [], []
    for ask in asked:
        before = clock.times()
        rows.append(ask())
        spent.append([after - begun for begun, after in zip(before, clock.times(), strict=True)])
    columns = []
    for took in zip(*spent[1:], strict=True):
        last = statistics.quantiles(took, n=20, method="inclusive")[-1]
        columns += [f"{1000 * statistics.median(took):.1f}", f"{1000 * last:.1f}"]
    table.add_row(name, f"{statistics.median(rows[1:]):g}", *columns)


def drawn_values(connection: Connection, question: Question, random: Random) -> dict[str, object]:
    """The question's sample, with other values of the same kind."""
    values = dict(question.sample)
    if "report_id" in values:
        reading = random.randint(1, connection.scalar(text("SELECT MAX(reading_id) FROM readings")) or 1)
        values["report_id"] = connection.scalar(
            text("SELECT report_id FROM readings WHERE reading_id = :id"), {"id": reading}
        )
    if "year" in values:
        values["year"] = random.choice(YEARS[1:])
    if "low" in values:
        province = random.choice(("13", "21", "33", "34", "37", "43", "51"))
        city = f"{random.randint(1, 16):02}" if len(str(values["low"])) > 2 else ""
        values |= {"low": province + city, "high": province + city + ":"}
    if "measure" in values:
        values["measure"] = random.choice(MEASURES)
    if "since" in values:
        values["since"] = f"2026-01-01T{random.randint(0, 23):02}:00:00.000Z"
    return values


def drawn_phrase(random: Random) -> str:
    """Two to eight characters out of a sentence: frequent and rare, and some that stand nowhere."""
    said = "".join(random.choice(WORDS[kind]) for kind in ("subjects", "verbs", "objects"))
    start = random.randint(0, len(said) - 2)
    return said[start : start + random.randint(2, 8)]


def explained(connection: Connection) -> str:
    """How each question is answered, as the database tells."""
    asked = [(each.name, text(each.sql), dict(each.sample)) for each in load_questions().values()]
    asked.append(("full_text", *indexed_query(connection.dialect.name, "行政复议", Scope(), 10**9)))
    return "\n".join(
        f"### {name}\n\n```\n{plan(connection, query, values)}\n```\n" for name, query, values in asked
    )


def plan(connection: Connection, query: TextClause, values: Mapping[str, object]) -> str:
    how = "QUERY PLAN" if connection.dialect.name == "sqlite" else "(COSTS OFF)"
    return "\n".join(row[-1] for row in connection.execute(text(f"EXPLAIN {how} {query.text}"), values))


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def megabytes() -> float:
    found = RESIDENT.search(Path("/proc/self/status").read_text(encoding="ascii"))
    return int(found[1]) / 1024 if found else 0.0


if __name__ == "__main__":
    main()
