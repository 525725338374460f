"""Days that lists print beside files: kept once, with who said so first, and read with the file."""

from datetime import UTC, datetime

from sqlalchemy import func, select

from storage.archive import captures_to_read, record_captures
from storage.captures import Capture
from storage.listed import days_of, note_days
from storage.reports import store_reading
from storage.rows import Reading
from storage.runs import start_run
from storage.tables import listed_days

NOW = datetime(2026, 3, 1, tzinfo=UTC)
FILE, OTHER = "http://a.gov.cn/nb/1.pdf", "http://a.gov.cn/nb/2.pdf"
LIST, HOME = "http://a.gov.cn/nb/", "http://a.gov.cn/"


def test_each_day_is_kept_with_the_page_that_said_it_first(database):
    with database.write() as connection:
        run_id = start_run(connection, "crawl", NOW)
        note_days(connection, run_id, {(FILE, "2026-01-20"): LIST, (OTHER, "2026-01-21"): LIST})
        note_days(connection, run_id, {(FILE, "2026-01-20"): HOME, (FILE, "2026-01-08"): HOME})
        note_days(connection, run_id, {})
        assert days_of(connection, {FILE}) == {FILE: [("2026-01-08", HOME), ("2026-01-20", LIST)]}
        assert connection.scalar(select(func.count()).select_from(listed_days)) == 3


def test_a_file_is_read_again_when_a_list_has_news_of_its_day(database):
    with database.write() as connection:
        run_id = start_run(connection, "crawl", NOW)
        [file] = record_captures(connection, run_id, [Capture(FILE, NOW, 200, b"%PDF", kind="attachment")])
        store_reading(connection, file.capture_id, "1", Reading(url=FILE, is_report=True, year=2025), NOW)
        assert list(captures_to_read(connection, "1")) == []
        note_days(connection, run_id, {(FILE, "2026-01-20"): LIST})
        assert list(captures_to_read(connection, "1")) == [file.capture_id]
        store_reading(connection, file.capture_id, "1", Reading(url=FILE, is_report=True, year=2025), NOW)
        note_days(connection, run_id, {(FILE, "2026-01-20"): HOME})
        assert list(captures_to_read(connection, "1")) == []
