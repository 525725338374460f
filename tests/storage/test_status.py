from datetime import UTC, datetime, timedelta

from sqlalchemy import insert

from settings.registry import Site
from storage.archive import record_captures
from storage.captures import Capture
from storage.cells import CellRow
from storage.database import Database
from storage.reports import store_reading
from storage.rows import CheckRow, Reading
from storage.runs import start_run
from storage.sites import register_sites
from storage.status import overview
from storage.tables import frontier
from storage.values import as_text

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
CELL = CellRow("requests", "received", "total", None, "blank", "", "件", "line:1/column:1")


def test_an_empty_database(database: Database):
    with database.read() as connection:
        seen = overview(connection, NOW)
    assert (seen.captures, seen.reports, seen.cells, seen.bytes_received, seen.queue) == (0, 0, 0, 0, {})
    assert seen.sites == seen.runs == ()


def test_what_is_there_is_counted(database: Database):
    url = "http://a.gov.cn/1"
    check = CheckRow("row_sum", "granted", None, None, passed=False, severity="error")
    hint = CheckRow("hint", "granted", None, None, passed=False, severity="warning")
    reading = Reading(url, is_report=True, year=2023, form="2021", cells=(CELL,), checks=(check, hint))
    reading_2 = Reading("http://a.gov.cn/2", is_report=False)
    with database.write() as connection:
        register_sites(connection, [Site("a.gov.cn", name="某局"), Site("b.gov.cn")])
        run = start_run(connection, "crawl", NOW)
        pages = [Capture(url, NOW, 200, b"page" * 100, kind="report"), Capture(url + "2", NOW, 404, None)]
        recorded = record_captures(connection, run, pages)
        store_reading(connection, recorded[0].capture_id, "1", reading, NOW)
        store_reading(connection, recorded[1].capture_id, "1", reading_2, NOW)
        connection.execute(
            insert(frontier), [waiting("1", None), waiting("2", NOW), waiting("3", NOW + timedelta(1))]
        )
    with database.read() as connection:
        seen = overview(connection, NOW)
    assert seen.captures_by_outcome == {"missing": 1, "new": 1}
    assert seen.captures_by_kind == {"other": 1, "report": 1}
    assert (seen.captures, seen.payloads, seen.bytes_received) == (2, 1, 400)
    assert 0 < seen.bytes_stored < 400
    assert seen.queue == {"robots": 1, "due": 1, "waiting": 1}
    assert (seen.reports, seen.cells, seen.rejected) == (1, 1, 1)
    assert (seen.reports_by_form, seen.reports_by_year) == ({"2021": 1}, {"2023": 1})
    assert seen.failed_checks == {"row_sum": 1}
    assert [(line.run_id, line.state, line.captures) for line in seen.runs] == [(1, "running", 2)]
    site = seen.sites[0]
    assert (site.host, site.name, site.captures, site.reports, site.pending) == ("a.gov.cn", "某局", 2, 1, 1)


def waiting(path: str, due_at: datetime | None) -> dict[str, object]:
    url = f"http://a.gov.cn/{path}"
    row = {"request_key": url, "url": url, "host": "a.gov.cn", "kind": "report", "score": 1, "depth": 1}
    decision = "" if due_at else "robots"
    return row | {"due_at": due_at and as_text(due_at), "added_at": as_text(NOW), "decision": decision}
