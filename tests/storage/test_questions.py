"""The questions run on both databases, and none reads a table whole that grows with the reports."""

import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import Connection, insert, text

from storage.archive import record_captures
from storage.captures import Capture
from storage.cells import CellRow
from storage.crosswalk import CrosswalkRow, store_crosswalk
from storage.database import Database
from storage.fulltext import Scope, indexed_query
from storage.questions import Question, load_questions
from storage.reports import store_reading
from storage.rows import CheckRow, Reading, SectionRow, report_id
from storage.runs import start_run
from storage.tables import coverage_gaps

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
GROWING = re.compile(r"(?:Seq Scan on|SCAN) (reading_\w+|readings|coverage_gaps|[abcgprs])\b(?! USING)")
VALUES = (Decimal(100), Decimal(150))


def report(body: int, year: int, value: Decimal) -> Reading:
    return Reading(
        f"http://a.gov.cn/{body}/{year}",
        is_report=True,
        publisher=f"第{body}县",
        region_code="340881",
        level="county",
        year=year,
        form="2021",
        published_on=f"{year + 1}-01-20",
        cells=tuple(
            CellRow("requests", row, "total", value, "number", str(value), "件", "line:1/column:1")
            for row in ("received", "denied.state_secret")
        ),
        checks=(CheckRow("row_total", "received", value, value + 1, passed=False, severity="error"),),
        sections=(SectionRow(1, "一、总体情况", "行政复议"),),
    )


def crossing(row: str) -> CrosswalkRow:
    return CrosswalkRow(f"requests.{row}.total", "2021", 1, "requests", row, "total", 1, "……", 1, "")


@pytest.fixture
def filled(database: Database) -> Database:
    with database.write() as connection:
        run = start_run(connection, "import", NOW)
        store_crosswalk(connection, [crossing(row) for row in ("received", "denied.state_secret")])
        for body in range(3):
            for year, value in zip((2022, 2023), VALUES, strict=True):
                each = report(body, year, value * (body + 1))
                [recorded] = record_captures(connection, run, [Capture(each.url, NOW, 304, None)])
                store_reading(connection, recorded.capture_id, "1", each, NOW)
        gap = {"publisher": "第9县", "region_code": "340882", "year": 2023, "state": "missing"}
        connection.execute(insert(coverage_gaps), gap | {"host": "", "because": "registry"})
    return database


ANSWERS = {
    "national_series": [(2022, 3, 600), (2023, 3, 900)],
    "county_ranking": [("第2县", "340881", 450), ("第1县", "340881", 300), ("第0县", "340881", 150)],
    "failed_checks": [("row_total", 2022, 3, 3), ("row_total", 2023, 3, 3)],
    "refusal_grounds": [("county", "requests.denied.state_secret.total", 3, 900)],
    "growth": [("第2县", "340881", 450, 300), ("第1县", "340881", 300, 200), ("第0县", "340881", 150, 100)],
    "never_published": [("第9县", "340882", 2023, 1)],
}


def values_of(question: Question) -> dict[str, object]:
    return dict(question.sample) | {"report_id": report_id("http://a.gov.cn/1/2023")}


def asked(connection: Connection, question: Question, how: str = "") -> list[tuple[object, ...]]:
    query = text(f"{how} {question.sql}")
    values = {name: value for name, value in values_of(question).items() if f":{name}" in question.sql}
    return [tuple(row) for row in connection.execute(query, values)]


@pytest.mark.parametrize("name", load_questions())
def test_the_answer(filled: Database, name):
    with filled.read() as connection:
        rows = asked(connection, load_questions()[name])
    expected = ANSWERS.get(name)
    if expected is None:
        assert len(rows) == {"report_cells": 2, "region_coverage": 7, "changed_since": 6}[name]
    else:
        assert [row[: len(expected[0])] for row in rows] == expected


def plan_of(connection: Connection, question: Question) -> str:
    """Of a database that may read a table whole only where there is no other way."""
    if connection.dialect.name == "sqlite":
        return "\n".join(str(row[-1]) for row in asked(connection, question, "EXPLAIN QUERY PLAN"))
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    return "\n".join(str(row[0]) for row in asked(connection, question, "EXPLAIN (COSTS OFF)"))


@pytest.mark.parametrize("name", load_questions())
def test_no_table_that_grows_is_read_whole(filled: Database, name):
    with filled.read() as connection:
        plan = plan_of(connection, load_questions()[name])
    assert not GROWING.findall(plan), plan


def test_a_phrase_is_found_by_the_index(filled: Database):
    with filled.read() as connection:
        query, values = indexed_query(connection.dialect.name, "行政复议", Scope(), 100)
        if connection.dialect.name == "sqlite":
            plan = connection.execute(text(f"EXPLAIN QUERY PLAN {query.text}"), values).all()
            assert "VIRTUAL TABLE INDEX" in str(plan)
        else:
            # Of six rows Postgres may well read all, in the order of their key where not as they lie.
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            connection.exec_driver_sql("SET LOCAL enable_indexscan = off")
            plan = connection.execute(text(f"EXPLAIN {query.text}"), values).all()
            assert "ix_reading_sections_pairs" in str(plan)
