"""What an operator sees of a night: its report, its exit status, its lock."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.nightly import as_json, exit_status, problems_of, report_folder, write_report
from storage.archive import record_captures
from storage.captures import Capture
from storage.database import open_database
from storage.findings import Finding, note_findings
from storage.nights import Night, night_of, note_told
from storage.reports import store_reading
from storage.rows import Reading
from storage.runs import StillRunningError, finish_run, start_run
from storage.sites import Visited, note_visits

NOW = datetime(2026, 4, 1, 18, tzinfo=UTC)
HOST = "www.wuyou.gov.cn"
EMPTY = Finding(HOST, "listing_empty", f"http://{HOST}/<xxgknb>/")
WALLS = Finding(HOST, "walls", "5 walls in a row")


@pytest.fixture
def night(database) -> Night:
    with database.write() as connection:
        run_id = start_run(connection, "crawl", NOW)
        good, _ = record_captures(
            connection,
            run_id,
            [
                Capture(f"http://{HOST}/1", NOW, 200, b"<p>", kind="report"),
                Capture(f"http://{HOST}/2", NOW, 412, b"", outcome="blocked", error="HTTP 412, 瑞数"),
            ],
        )
        reading = Reading(url=f"http://{HOST}/1", is_report=True, publisher="乌有县财政局", year=2025)
        store_reading(connection, good.capture_id, "1", reading, NOW)
        note_findings(connection, run_id, Counter({WALLS: 1}))
        note_findings(connection, run_id, Counter({WALLS: 2, EMPTY: 1}))
        note_visits(connection, [Visited(HOST, NOW, "new", "generic")])
        finish_run(connection, run_id, NOW)
        return night_of(connection, run_id)


def test_a_night_is_what_its_run_brought(night):
    assert (night.state, night.captures, night.hosts, night.silent) == ("done", 2, 1, 0)
    assert night.by_outcome == {"blocked": 1, "new": 1}
    assert night.by_family == {"generic": 1}
    [new] = night.new
    assert (new.publisher, new.year, night.changed) == ("乌有县财政局", 2025, ())
    [blocked] = night.blocked
    assert blocked.evidence == "HTTP 412, 瑞数"
    assert dict(night.findings) == {EMPTY: 1, WALLS: 3}


def run_of(connection, state="done", *captures) -> tuple[int, list[int]]:
    """A crawl as it ended, or `nianbao sites check`, which is one: its number and its captures."""
    run_id = start_run(connection, "crawl", NOW)
    recorded = record_captures(connection, run_id, captures)
    finish_run(connection, run_id, NOW, state)
    return run_id, [each.capture_id for each in recorded]


def test_what_a_stopped_run_brought_is_told_once_whatever_came_between(database):
    page = Capture(f"http://{HOST}/1", NOW, 200, b"<p>", kind="report")
    home = Capture(f"http://{HOST}/", NOW, 200, b"<p>", kind="home")
    with database.write() as connection:
        stopped, [capture_id] = run_of(connection, "interrupted", page)
        check, _ = run_of(connection, "done", home)
        run_id, _ = run_of(connection)
        reading = Reading(url=page.url, is_report=True, publisher="乌有县财政局", year=2025)
        store_reading(connection, capture_id, "1", reading, NOW)
        night = night_of(connection, run_id)
        note_told(connection, night)
        later, _ = run_of(connection)
        nothing = night_of(connection, later)
    assert (night.runs, [line.publisher for line in night.new]) == (
        (stopped, check, run_id),
        ["乌有县财政局"],
    )
    assert (nothing.runs, nothing.new) == ((later,), ())


def test_a_host_asked_for_its_robots_alone_is_not_silent(database):
    robots = [
        Capture("http://a.gov.cn/robots.txt", NOW, 200, b"User-agent: *", kind="robots"),
        Capture("http://b.gov.cn/robots.txt", NOW, 404, b"", kind="robots", outcome="missing"),
        Capture("http://c.gov.cn/robots.txt", NOW, None, None, kind="robots", outcome="error"),
    ]
    with database.write() as connection:
        run_id = start_run(connection, "crawl", NOW)
        record_captures(connection, run_id, robots)
        night = night_of(connection, run_id)
    assert (night.captures, night.hosts, night.silent) == (3, 1, 1)


def test_what_a_person_should_look_at_alarms_and_nothing_else(night):
    assert [line for line in problems_of(night) if "came back without any" in line]
    assert exit_status(night) == 3
    assert exit_status(replace(night, findings=((WALLS, 1),))) == 0
    assert exit_status(replace(night, findings=(), hosts=10, silent=6)) == 3
    assert exit_status(replace(night, findings=(), hosts=2, silent=2)) == 0
    assert exit_status(replace(night, state="interrupted")) == 4


def test_the_report_is_for_programs_and_for_people(night, tmp_path):
    page = write_report(night, tmp_path / "runs")
    markup = page.read_text(encoding="utf-8")
    assert "乌有县财政局" in markup
    assert "&lt;xxgknb&gt;" in markup
    assert "src=" not in markup  # nothing to load
    data = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    assert data == json.loads(as_json(night))
    assert data["exit_status"] == 3
    assert data["findings"][0]["code"] == "listing_empty"


def test_reports_lie_beside_the_database():
    assert report_folder("sqlite:///data/nianbao.db") == Path("data/runs")
    assert report_folder("postgresql://server/nianbao") == Path("data/runs")


def test_one_crawl_at_a_time_on_sqlite_and_any_number_on_postgres(database, database_kind, monkeypatch):
    with database.write() as connection:
        start_run(connection, "crawl", NOW)
    monkeypatch.setattr("storage.runs.is_dead", lambda *_: False)
    with database.write() as connection:
        start_run(connection, "import", NOW)  # does not ask anybody anything
        if database_kind == "postgres":
            assert start_run(connection, "crawl", NOW)
            return
        with pytest.raises(StillRunningError, match="run 1"):
            start_run(connection, "crawl", NOW)


ROOT = Path(__file__).parents[2]
SITES = f'[[site]]\nhost = "{HOST}"\n'
HANGING = """
import http.server, sys, threading
class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if not self.path.endswith("robots.txt"):
            print("asked", flush=True)
            threading.Event().wait()
        self.send_response(404); self.send_header("Content-Length", "0"); self.end_headers()
    def log_message(self, *_): pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
server.daemon_threads = True
print(server.server_port, flush=True)
server.serve_forever()
"""


@pytest.fixture
def hanging():
    """A web whose pages never come: its port, and a line on its output for each that was asked for."""
    with subprocess.Popen([sys.executable, "-c", HANGING], stdout=subprocess.PIPE, text=True) as web:
        yield web
        web.kill()


def crawl(folder: Path, *options: str, proxy: str = "", now: str = "") -> "subprocess.Popen[str]":
    (folder / "sites.toml").write_text(SITES, encoding="utf-8")
    clean = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}  # noqa: TID251
    command = [
        sys.executable,
        "-c",
        "from pipeline.cli import main; main()",
        "--db",
        f"sqlite:///{folder}/x.db",
    ]
    return subprocess.Popen(
        [*command, "crawl", "--sites", str(folder / "sites.toml"), *options],
        cwd=ROOT,
        env=clean | {"http_proxy": proxy, "NIANBAO_NOW": now},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_by_day_a_nightly_crawl_does_nothing_and_says_so(tmp_path):
    process = crawl(tmp_path, "--nightly", now="2026-04-01T12:00+08:00")
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "it is 12:00 in Beijing, and the night hours are 22:00-06:00" in errors


def test_a_stop_takes_seconds_and_a_second_crawl_is_refused(tmp_path, hanging):
    proxy = f"http://127.0.0.1:{hanging.stdout.readline().strip()}"
    first = crawl(tmp_path, "--nightly", proxy=proxy, now="2026-04-01T23:00+08:00")
    assert hanging.stdout.readline() == "asked\n"
    second = crawl(tmp_path, proxy=proxy)
    _, errors = second.communicate(timeout=60)
    assert second.returncode == 2
    assert "has been crawling since" in errors
    timer = threading.Timer(30, first.kill)  # far more than it needs; ten are promised
    timer.start()
    first.send_signal(signal.SIGTERM)
    out, _ = first.communicate(timeout=60)
    timer.cancel()
    assert first.returncode == 4, out
    assert "the next run goes on, reads it and tells of it" in out
    assert "the next run goes on" in (tmp_path / "runs" / "run-000001.html").read_text(encoding="utf-8")
    report = json.loads((tmp_path / "runs" / "run-000001.json").read_text(encoding="utf-8"))
    assert report["state"] == "interrupted"
    database = open_database(f"sqlite:///{tmp_path}/x.db")
    with database.read() as connection:
        due = connection.exec_driver_sql(
            f"SELECT due_at <= added_at FROM frontier WHERE url = 'http://{HOST}/'"
        )
        assert due.scalar() == 1  # still pending, and no failure of the site's
    database.close()
