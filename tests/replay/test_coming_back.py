"""What leaves comes back as it was; and what wget archived of the sample web comes in as wget got it."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from warcio.archiveiterator import ArchiveIterator

from samples.demo import proxied
from samples.rehearsal import PROGRAM
from samples.web import SampleWeb
from storage.archive import load_capture
from storage.captures import Capture
from storage.database import Database, open_database

HOST = "www.wuyou.gov.cn"


@contextmanager
def opened(url: str) -> Iterator[Database]:
    with closing(open_database(url)) as database:
        yield database


def captures_in(url: str) -> list[Capture]:
    with opened(url) as database, database.read() as connection:
        ids = connection.scalars(text("SELECT capture_id FROM captures ORDER BY capture_id")).all()
        return [load_capture(connection, each).capture for each in ids]


def brought_in(path: Path, folder: Path) -> str:
    url = f"sqlite:///{folder}/imported.db"
    command = [PROGRAM, "--db", url, "import", path]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return url


@pytest.mark.parametrize("form", ["warcs", "wacz"])
def test_every_capture_comes_back_as_it_was(archive, form, tmp_path):
    out = archive.wacz if form == "wacz" else next(archive.warcs.glob("*.warc.gz"))
    theirs = captures_in(brought_in(out, tmp_path))
    ours = captures_in(archive.database)
    assert len(ours) > 80
    assert {each.status for each in ours} >= {200, 304, 404}
    for there, here in zip(theirs, ours, strict=True):
        assert there == here


def test_the_reports_are_read_alike(archive, tmp_path):
    query = "SELECT report_id, url, cells_read, checks_passed FROM reports ORDER BY report_id"
    imported = brought_in(archive.wacz, tmp_path)
    found = []
    for url in (archive.database, imported):
        with closing(create_engine(url).connect()) as connection:
            found.append(connection.execute(text(query)).all())
    assert found[0] == found[1]
    assert len(found[0]) > 20


def test_what_wget_archived_comes_in_as_wget_got_it(archive, tmp_path):
    wget = shutil.which("wget")
    if wget is None:
        pytest.skip("no wget here")
    with SampleWeb(archive.sites) as web:
        command = [wget, "--quiet", "--recursive", "--level=inf", "--page-requisites", "--warc-file=site"]
        subprocess.run([*command, f"http://{HOST}/"], cwd=tmp_path, env=proxied(web.proxy), check=False)
    warc = tmp_path / "site.warc.gz"
    with warc.open("rb") as stream:
        answers = {
            record.rec_headers.get_header("WARC-Target-URI").strip("<>"): record.content_stream().read()
            for record in ArchiveIterator(stream)
            if record.rec_type == "response"
        }
    captures = captures_in(brought_in(warc, tmp_path))
    assert {capture.url: capture.payload for capture in captures} == answers
    assert len(answers) > 50
    assert f"http://{HOST}/images/logo.png" in answers
