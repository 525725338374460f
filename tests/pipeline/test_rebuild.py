"""A release made again from the captures alone, through the command line."""

import re
import shutil
from contextlib import closing
from datetime import UTC, datetime
from random import Random

import pytest
from sqlalchemy import select, text

from benchmarks.corpus.defects import wrong_total
from benchmarks.corpus.markup import WRITERS
from benchmarks.corpus.paper import draw_paper
from benchmarks.servers import postgres_database
from storage.database import open_database
from storage.reviews import CELL, NOT_REPORT, Review, keep_review
from storage.tables import captures

HOSTS = ("a", "b", "c")


def url(name):
    return f"http://www.{name}.gov.cn/nb/1.html"


@pytest.fixture
def nights(nianbao, tmp_path):
    """Three sites captured on one day, one of them again with other figures on the next; a database's URL."""
    random = Random(3)
    for day, names in enumerate((HOSTS, ("b",)), 1):
        for name in names:
            page = wrong_total(draw_paper(random, "2021"), random)
            (tmp_path / "page.html").write_bytes(WRITERS["html, word"](page, random))
            status, _, err = nianbao(
                "import", "page.html", "--url", url(name), "--fetched-on", f"2024-02-0{day}"
            )
            assert status == 0, err
    return f"sqlite:///{tmp_path}/a.db"


def ask(database_url, sql):
    with closing(open_database(database_url)) as database, database.write() as connection:
        connection.execute(text(sql))


def review(database_url, name, **said):
    with closing(open_database(database_url)) as database, database.write() as connection:
        at = select(captures.c.capture_id, captures.c.sha256).where(captures.c.url == url(name))
        capture_id, sha256 = connection.execute(at.order_by(captures.c.capture_id.desc())).first()
        digest = {"sha256": sha256} if said["verdict"] == CELL else {}
        decided = Review(url=url(name), reviewer="王", reason="看过", **digest, **said)
        keep_review(connection, decided, capture_id, datetime.now(UTC))


def test_the_same_bytes_with_what_persons_said(nianbao, nights):
    review(
        nights, "a", verdict=CELL, table_code="requests", row_code="received", col_code="total", raw_text="9"
    )
    review(nights, "c", verdict=NOT_REPORT)
    assert nianbao("extract")[0] == 0
    assert nianbao("export", "datapackage", "1")[0] == 0
    status, out, err = nianbao("rebuild", "1")
    assert (status, out) == (0, "rebuild: 37 files, every one the same bytes\n"), out + err


def test_what_lists_say_of_days_is_played_back_too(nianbao, nights, tmp_path):
    page = (tmp_path / "page.html").read_bytes()
    (tmp_path / "undated.html").write_bytes(re.sub(rb'<div class="info">.*?</div>', b"", page))
    nianbao("import", "undated.html", "--url", url("d"), "--fetched-on", "2024-02-03")
    said = (
        "INSERT INTO listed_days (url, day, page, run_id) "
        f"SELECT url, (year + 1) || '-02-08', 'list', 5 FROM reports WHERE url = '{url('d')}'"
    )
    for statement in (said, "DELETE FROM read_captures"):
        ask(nights, statement)
    assert nianbao("extract")[0] == 0
    with closing(open_database(nights)) as database, database.read() as connection:
        days = connection.execute(text("SELECT url FROM reports WHERE published_on LIKE '%-02-08'"))
        assert days.scalars().all() == [url("d")]
    assert nianbao("export", "datapackage", "1")[0] == 0
    status, out, err = nianbao("rebuild", "1")
    assert status == 0, out + err


def test_the_archive_has_gone_on_since(nianbao, nights, tmp_path):
    nianbao("export", "datapackage", "1")
    nianbao("import", "page.html", "--url", url("d"), "--fetched-on", "2024-02-09")
    review(nights, "a", verdict=NOT_REPORT)
    assert nianbao("extract")[0] == 0
    status, out, err = nianbao("rebuild", "1")
    assert status == 0, out + err
    nianbao("export", "datapackage", "2", "--since", "1")
    assert nianbao("rebuild", "2", "--since", "1")[0] == 0
    status, _, err = nianbao("rebuild", "2")
    assert (status, err) == (2, "nianbao: 2: tells of changes; name the release before it with --since\n")
    status, _, err = nianbao("rebuild", "1", "--since", "2")
    assert (status, err) == (2, "nianbao: 2: is not the release that 1 was held against\n")


@pytest.mark.postgres
def test_an_archive_in_postgres(nianbao, monkeypatch, postgres_server, tmp_path):
    random = Random(4)
    with postgres_database(postgres_server) as url_of_database:
        monkeypatch.setenv("NIANBAO_DB", url_of_database)
        for number in range(2):
            page = WRITERS["html, word"](draw_paper(random, "2019"), random)
            (tmp_path / "page.html").write_bytes(page)
            nianbao("import", "page.html", "--url", url("a"), "--fetched-on", f"2024-02-0{number + 1}")
        assert nianbao("export", "datapackage", "1")[0] == 0
        status, out, err = nianbao("rebuild", "1")
        assert status == 0, out + err


def test_a_part(nianbao, nights):
    nianbao("export", "datapackage", "1", "--host", "www.b.gov.cn")
    assert nianbao("rebuild", "1")[0] == 0


def test_which_rows_differ_and_why(nianbao, nights):
    ask(nights, "UPDATE readings SET title = '另一标题', extractor = '0' WHERE host = 'www.a.gov.cn'")
    ask(nights, "UPDATE read_captures SET extractor = '0'")
    nianbao("export", "datapackage", "1")
    status, out, err = nianbao("rebuild", "1")
    assert status == 1
    assert (
        "data/reports.csv: differs\n  rows: 1 changed, 0 only in the release, 0 only in the rebuilt\n" in out
    )
    assert "title '另一标题' is rebuilt as '" in out
    assert "why: extractors: ['0'] then, ['" in out
    assert "data/cells.csv" not in out
    assert err.endswith("files differ, listed above\n")


def test_a_file_that_was_changed_is_told_from_another_reading(nianbao, nights, tmp_path):
    nianbao("export", "datapackage", "1")
    path = tmp_path / "1" / "data" / "cells.csv"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-1]))
    status, out, _ = nianbao("rebuild", "1")
    assert status == 1
    assert (
        "data/cells.csv: was changed after its release was made\n  rows: 0 changed, 0 only in the release, 1"
        in out
    )


def test_readings_that_do_not_follow_from_the_captures(nianbao, nights):
    ask(nights, "UPDATE readings SET title = '另一标题' WHERE host = 'www.a.gov.cn'")
    nianbao("export", "datapackage", "1")
    status, out, _ = nianbao("rebuild", "1")
    assert status == 1
    assert "why: same software, reviews and captures" in out


def test_what_cannot_be_rebuilt(nianbao, nights, tmp_path):
    nianbao("export", "datapackage", "1")
    assert "is no release" in nianbao("rebuild", "nowhere")[2]
    status, _, err = nianbao("rebuild", "1", "--db", f"sqlite:///{tmp_path}/other.db")
    assert (status, err) == (2, "nianbao: 1: is of another archive; this one has no run with its seal\n")
    shutil.rmtree(tmp_path / "1" / "data")
    assert "is not whole" in nianbao("rebuild", "1")[2]
