"""Full text: the same phrases found in both databases, and only in reports as they stand."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from storage import fulltext
from storage.archive import record_captures
from storage.captures import Capture
from storage.database import Database, open_database
from storage.fulltext import PhraseError, Scope, rebuild_index, region_range, search
from storage.replicate import replicate
from storage.reports import store_reading
from storage.rows import Reading, SectionRow
from storage.runs import finish_run, start_run

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


def reading(
    name: str, *texts: str, year: int = 2023, region: str = "340881", is_report: bool = True
) -> Reading:
    sections = tuple(SectionRow(n, f"第{n}部分", said) for n, said in enumerate(texts, 1))
    return Reading(
        f"http://{name}.gov.cn/", is_report, publisher=name, year=year, region_code=region, sections=sections
    )


READINGS = (
    reading("a", "全年办理行政复议案件3件。", "行政，复议决定"),
    reading("b", "全年办理行政\n复议案件", year=2022, region="350100"),
    reading("c", "行政机关", "复议"),  # the phrase would stand across two sections
    reading("d", "行政复议", is_report=False),
    reading("e", "收到申请107件，API接口2个"),
)


@pytest.fixture(autouse=True, params=[fulltext.NEWEST, 1], ids=["read", "indexed"])
def newest(request, monkeypatch):
    """All reports looked into without the index, or only the last."""
    monkeypatch.setattr(fulltext, "NEWEST", request.param)


@pytest.fixture
def filled(database: Database) -> Database:
    with database.write() as connection:
        run = start_run(connection, "crawl", NOW)
        for each in READINGS:
            keep(connection, run, each)
        finish_run(connection, run, NOW)
    return database


def keep(connection, run, each):
    page = Capture(each.url, NOW, 200, repr(each).encode(), kind="report")
    [recorded] = record_captures(connection, run, [page])
    store_reading(connection, recorded.capture_id, "1", each, NOW)


def publishers(database: Database, phrase: str, **scope) -> list[str]:
    with database.read() as connection:
        return [found.publisher for found in search(connection, phrase, Scope(**scope))]


@pytest.mark.parametrize(
    ("phrase", "found"),
    [
        ("行政复议", ["b", "a", "a"]),
        ("行政 复议", ["b", "a", "a"]),
        ("复议", ["c", "b", "a", "a"]),
        ("行政复议决定", ["a"]),
        ("第1部分", ["e", "c", "b", "a"]),
        ("107件", ["e"]),
        ("07件", []),
        ("10", []),
        ("api接口", ["e"]),
        ("土地", []),
        ('"复议" OR 行政', []),
    ],
)
def test_phrases(filled: Database, phrase, found):
    assert publishers(filled, phrase) == found


def test_a_place_and_a_year(filled: Database):
    assert publishers(filled, "行政复议", year=2022) == ["b"]
    assert publishers(filled, "行政复议", region="340000") == ["a", "a"]
    assert publishers(filled, "行政复议", region="350100", year=2023) == []
    assert region_range("340000") == ("34", "34:")


def test_the_context(filled: Database):
    with filled.read() as connection:
        second = list(search(connection, "行政复议"))[2]
    assert (second.heading, second.before, second.phrase) == ("第2部分", "第2部分\n", "行政，复议")
    assert (second.after, second.times) == ("决定", 1)


def test_the_index_follows_the_readings(filled: Database):
    with filled.write() as connection:
        run = start_run(connection, "crawl", NOW)
        changed = replace(READINGS[0], sections=(SectionRow(1, "一", "行政诉讼"),))
        keep(connection, run, changed)
    assert publishers(filled, "行政复议") == ["b"]
    assert publishers(filled, "行政诉讼") == ["a"]


def test_a_copy_is_indexed_anew(filled: Database, tmp_path):
    with closing(open_database(f"sqlite:///{tmp_path}/copy.db")) as copy:
        for _night in range(2):
            replicate(filled, copy, lambda *_: None)
            assert publishers(copy, "复议") == publishers(filled, "复议")


def test_indexing_twice_finds_once(filled: Database):
    with filled.write() as connection:
        rebuild_index(connection)
    assert publishers(filled, "复议") == ["c", "b", "a", "a"]


@pytest.mark.parametrize("phrase", ["", "政", "， 。", '"'])
def test_too_short_a_phrase(filled: Database, phrase):
    with pytest.raises(PhraseError, match="two characters"):
        publishers(filled, phrase)
