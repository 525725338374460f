from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, text

from settings.registry import Site
from storage import coverage
from storage.archive import record_captures
from storage.captures import Capture
from storage.coverage import refresh_coverage
from storage.reports import store_reading
from storage.rows import Reading
from storage.runs import start_run
from storage.sites import note_rest, register_sites
from storage.tables import frontier

HOST = "www.wuyou.gov.cn"
NOW = datetime(2024, 3, 1, tzinfo=UTC)  # departments' reports of 2023 are due, governments' are not


@pytest.fixture
def ledger(database, monkeypatch):
    monkeypatch.setattr(coverage.clock, "now", lambda: NOW)
    with database.write() as connection:
        register_sites(connection, [Site(HOST, "乌有县人民政府门户网站", "340881", (f"http://{HOST}/",))])
        run_id = start_run(connection, "crawl", NOW)
        for publisher, level, year, published in (
            ("乌有县财政局", "department", 2021, "2022-01-20"),
            ("乌有县财政局", "department", 2022, "2023-02-03"),
            ("乌有县人民政府", "county", 2021, "2022-03-03"),
        ):
            url = f"http://{HOST}/{level}/{year}.html"
            [capture] = record_captures(connection, run_id, [Capture(url, NOW, 200, url.encode())])
            reading = Reading(
                url=url,
                is_report=True,
                publisher=publisher,
                region_code="340881",
                level=level,
                year=year,
                published_on=published,
                status="complete",
            )
            store_reading(connection, capture.capture_id, "1", reading, NOW)
    return database


def seen(database) -> set[tuple[str, int, str]]:
    refresh_coverage(database)
    with database.read() as connection:
        rows = connection.execute(text("SELECT publisher, year, state FROM coverage"))
        return {(row.publisher, row.year, row.state) for row in rows}


FOUND = {
    ("乌有县财政局", 2021, "found"),
    ("乌有县财政局", 2022, "late"),
    ("乌有县人民政府", 2021, "found"),
}


def test_what_is_due_and_not_there_is_missing(ledger):
    gaps = {("乌有县财政局", 2023, "missing"), ("乌有县人民政府", 2022, "missing")}
    assert seen(ledger) == FOUND | gaps
    assert seen(ledger) == FOUND | gaps  # reckoned anew, not added


def test_bodies_that_a_list_names_are_expected(ledger):
    row = {"host": HOST, "kind": "listing", "score": 1, "depth": 1, "added_at": "", "method": "GET"}
    with ledger.write() as connection:
        for number, name in enumerate(
            ("财政局", "民政局", "各部门单位", "乡镇人民政府", "浮云镇人民政府", "通知")
        ):
            url = f"http://{HOST}/{number}/"
            connection.execute(insert(frontier).values(request_key=url, url=url, text=name, **row))
    named = seen(ledger) - FOUND
    assert {publisher for publisher, _, _ in named} == {
        "乌有县财政局",
        "乌有县人民政府",
        "乌有县民政局",
        "乌有县浮云镇人民政府",
    }
    assert ("乌有县民政局", 2023, "missing") in named
    assert ("乌有县民政局", 2021, "missing") in named


def test_behind_a_wall_it_is_blocked(ledger):
    with ledger.write() as connection:
        note_rest(connection, HOST, datetime(2024, 3, 2, tzinfo=UTC), 1)
    assert {state for _, _, state in seen(ledger) - FOUND} == {"blocked"}


def test_what_was_found_since_is_no_gap(ledger):
    assert ("乌有县财政局", 2023, "missing") in seen(ledger)
    with ledger.write() as connection:
        connection.execute(text("UPDATE readings SET year = 2023 WHERE year = 2022"))
    with ledger.read() as connection:
        of_2023 = text("SELECT state FROM coverage WHERE publisher = '乌有县财政局' AND year = 2023")
        assert connection.execute(of_2023).scalars().all() == ["found"]


def test_the_ledger_of_a_province_says_who_expects_what_is_missing(ledger):
    refresh_coverage(ledger)
    with ledger.read() as connection:
        [line] = coverage.coverage_by_region(connection)
    assert line.region_code == "340000"
    assert line.states == {"found": 2, "late": 1, "missing": 2}
    assert line.because == {"published": 2}


def wall_in(connection, url: str) -> None:
    """A listing whose last answer was a wall."""
    row = {"host": HOST, "kind": "listing", "score": 90, "depth": 1, "added_at": "", "attempts": 1}
    connection.execute(insert(frontier).values(row | {"request_key": url, "url": url}))
    wall = Capture(url, NOW, 412, b"", kind="listing", outcome="blocked")
    record_captures(connection, start_run(connection, "crawl", NOW), [wall])


def test_whose_listing_is_walled_in_is_blocked_and_the_others_are_missing(ledger):
    listing = f"http://{HOST}/bm/"
    with ledger.write() as connection:
        wall_in(connection, listing)
        report = f"http://{HOST}/department/2022.html"
        row = {"host": HOST, "kind": "report", "score": 90, "depth": 2, "added_at": "", "found_on": listing}
        connection.execute(insert(frontier).values(row | {"request_key": report, "url": report}))
    gaps = {("乌有县财政局", 2023, "blocked"), ("乌有县人民政府", 2022, "missing")}
    assert seen(ledger) == FOUND | gaps


def test_a_host_without_reports_whose_column_is_walled_in_is_blocked(database, monkeypatch):
    monkeypatch.setattr(coverage.clock, "now", lambda: NOW)
    with database.write() as connection:
        register_sites(connection, [Site(HOST, "乌有县人民政府", "340881", (f"http://{HOST}/",))])
        wall_in(connection, f"http://{HOST}/zfxxgk/")
    assert seen(database) == {("乌有县人民政府", 2022, "blocked")}
