"""What was read is kept whole in either database, and not as if nothing had changed since it was read."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from extract.extraction import EXTRACTOR
from pipeline.attachments import Unit
from pipeline.executors import on_this_machine
from pipeline.keeping import ReadingSummary, store_group
from pipeline.portions import ReadUnit, held_together
from pipeline.processes import MEGABYTE
from pipeline.reading import crosswalk_rows, number_cells, read_captures
from storage.archive import captures_to_read, record_captures
from storage.book import load_book
from storage.captures import Capture
from storage.crosswalk import store_crosswalk
from storage.database import Database
from storage.reviews import NOT_REPORT, Review, keep_review
from storage.runs import finish_run, start_run
from storage.sites import note_site_facts
from storage.tables import readings
from storage.verify import verify

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
REPORT = Path(__file__).parents[1] / "extract/readers/files/report.html"
HOST = "a.gov.cn"
URLS = [f"http://{HOST}/{number}.html" for number in range(3)]
FIGURES = text("SELECT COUNT(*), COUNT(value) FROM cells")


@pytest.fixture
def units(database: Database) -> list[Unit]:
    """Captures of a report: as it is, with another figure, and with one that is none."""
    printed = REPORT.read_bytes()
    bodies = [printed, printed.replace(b">844<", b">845<"), printed.replace(b">844<", b">8 44.<")]
    with database.write() as connection:
        run = start_run(connection, "import", NOW)
        pages = [Capture(url, NOW, 200, body, kind="report") for url, body in zip(URLS, bodies, strict=True)]
        recorded = record_captures(connection, run, pages)
        finish_run(connection, run, NOW)
        store_crosswalk(connection, crosswalk_rows())
    return [Unit(each.capture_id) for each in recorded]


def read(database: Database, units: list[Unit]) -> list[ReadUnit]:
    with on_this_machine(database, 1) as readers:
        return list(readers.read(units))


def keep(database: Database, group: list[ReadUnit]) -> None:
    with database.write() as connection:
        store_group(connection, group, ReadingSummary(), load_book(connection))


def digests(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.scalars(readings.select().with_only_columns(readings.c.digest)))


def test_what_is_kept_is_what_was_read(database: Database, units):
    read_captures(database, workers=2)
    assert list(verify(database)) == []
    with database.read() as connection:
        cells, numbers = connection.execute(FIGURES).one()
    assert cells >= numbers > 300
    before = digests(database)
    assert read_captures(database, everything=True).changes == {"unchanged": len(units)}
    assert digests(database) == before


def test_cells_that_nobody_had_met_get_their_places(database: Database, units):
    group = read(database, units)
    assert [each.rows for unit in group for each in unit.outcomes] == [None] * len(units)
    keep(database, group)
    assert list(verify(database)) == []
    before = digests(database)
    with database.write() as connection:
        number_cells(connection)
    assert read_captures(database, everything=True).changes == {"unchanged": len(units)}
    assert digests(database) == before


def test_a_region_that_was_learnt_since_counts(database: Database, units):
    with database.write() as connection:
        number_cells(connection)
    group = read(database, units)
    with database.write() as connection:
        note_site_facts(connection, HOST, region="340881")
    keep(database, group)
    with database.read() as connection:
        assert set(connection.scalars(text("SELECT region_code FROM reports"))) == {"340881"}
    assert list(verify(database)) == []
    assert read_captures(database, everything=True).changes == {"unchanged": len(units)}


def test_another_region_than_the_known_one_is_left_to_the_next_reading(database: Database, units):
    with database.write() as connection:
        number_cells(connection)
        note_site_facts(connection, HOST, region="340881")
    group = read(database, units)
    with database.write() as connection:
        connection.execute(text("UPDATE sites SET region_code = '110000'"))
    keep(database, group)
    assert digests(database) == []
    assert read_captures(database).changes == {"new": len(units)}


def test_a_review_since_leaves_its_page_to_the_next_reading(database: Database, units):
    group = read(database, units)
    with database.write() as connection:
        keep_review(connection, Review(URLS[1], NOT_REPORT, "张三", "看过原页"), units[1].page, NOW)
    keep(database, group)
    with database.read() as connection:
        assert list(captures_to_read(connection, EXTRACTOR)) == [units[1].page]
    assert read_captures(database).changes == {"rejected": 1}


def test_large_payloads_are_not_loaded_together():
    sizes = [10, 6, 1, 20, 3, 16, 1]
    together = held_together(sizes, lambda size: size * MEGABYTE)
    assert list(together) == [[10, 6], [1], [20], [3], [16], [1]]
