"""A folder that gets a WACZ for each run, and the archive made again from it."""

import json
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from zipfile import ZipFile

import pytest
from msgspec.structs import replace
from sqlalchemy import text

from storage.archive import load_capture, record_captures
from storage.captures import Capture
from storage.database import Database, open_database
from storage.export.folder import replicate_to_folder
from storage.replicate import ReplicaError
from storage.runs import finish_run, start_run
from storage.verify import verify
from storage.warc.originals import find_original
from storage.warc.read import read_warc

NOW = datetime(2026, 1, 1, 10, tzinfo=UTC)
BODY = Random(1).randbytes(10_000)  # no packing hides where it is kept
HTML = (("Content-Type", "text/html"),)


def night(number: int) -> list[Capture]:
    """A page that stays, one that changes, one that is asked whether it changed, one posted for."""
    at = NOW + timedelta(days=number)
    page = Capture("http://a.gov.cn/", at, 200, BODY, HTML, "report")
    asked = replace(page, url="http://a.gov.cn/asked", payload=BODY + b"asked")
    if number:
        asked = replace(asked, status=304, payload=None, headers=(), outcome="unchanged")
    changed = replace(page, url="http://a.gov.cn/changed", payload=b"%d views" % number)
    listed = replace(page, url="http://a.gov.cn/changed", method="POST", request_body=b"page=2")
    return [page, changed, replace(listed, payload=b"second page"), asked]


def record(database: Database, number: int) -> None:
    at = NOW + timedelta(days=number)
    with database.write() as connection:
        run = start_run(connection, "crawl", at)
        record_captures(connection, run, night(number))
        finish_run(connection, run, at)


def quiet(_what: str, _done: int, _of: int) -> None:
    return


def contents(database: Database) -> list[Capture]:
    with database.read() as connection:
        ids = connection.scalars(text("SELECT capture_id FROM captures ORDER BY capture_id")).all()
        return [load_capture(connection, each).capture for each in ids]


def restored(files: list[Path], url: str) -> list[Capture]:
    with closing(open_database(url)) as again:
        for file in files:
            with again.write() as connection:
                run = start_run(connection, "import", NOW)
                found = read_warc(file, elsewhere=lambda each, here=connection: find_original(here, each))
                record_captures(connection, run, list(found))
                finish_run(connection, run, NOW)
        assert list(verify(again)) == []
        return contents(again)


def test_each_night_adds_what_it_brought(database: Database, tmp_path: Path):
    folder = tmp_path / "copy"
    for number in range(3):
        record(database, number)
        [written] = replicate_to_folder(database, folder, NOW, quiet)
        assert written.name == f"run-{number + 1:07}.wacz"
    assert replicate_to_folder(database, folder, NOW, quiet) == []
    files = sorted(folder.glob("*.wacz"))
    first, *later = [file.stat().st_size for file in files]
    assert all(size < first - len(BODY) // 2 for size in later)
    with ZipFile(files[2]) as package:
        described = json.loads(package.read("datapackage.json"))
    assert described["relation"] == {"requires": [{"filename": "run-0000001.wacz"}]}
    assert restored(files, f"sqlite:///{tmp_path}/again.db") == contents(database)


def test_revisits_name_the_run_that_has_the_body(database: Database, tmp_path: Path):
    record(database, 0)
    record(database, 1)
    _, file = replicate_to_folder(database, tmp_path / "copy", NOW, quiet)
    with ZipFile(file) as package:
        name = "archive/run-0000002-00000.warc.gz"
        (tmp_path / "a.warc.gz").write_bytes(package.read(name))
    asked = []
    list(read_warc(tmp_path / "a.warc.gz", elsewhere=asked.append))
    assert [(each.url, each.date[:10]) for each in asked] == [
        ("http://a.gov.cn/", "2026-01-01"),
        ("http://a.gov.cn/changed", "2026-01-01"),
    ]
    tool = str(Path(sys.executable).with_name("warcio"))
    assert subprocess.run([tool, "check", str(tmp_path / "a.warc.gz")], check=False).returncode == 0


def test_a_folder_of_something_else_is_refused(database: Database, tmp_path: Path):
    record(database, 0)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("mine")
    with pytest.raises(ReplicaError, match="name a new folder"):
        replicate_to_folder(database, tmp_path / "full", NOW, quiet)
    folder = tmp_path / "copy"
    replicate_to_folder(database, folder, NOW, quiet)
    with closing(open_database(f"sqlite:///{tmp_path}/other.db")) as other:
        record(other, 1)
        with pytest.raises(ReplicaError, match="run 1 is not one of this database"):
            replicate_to_folder(other, folder, NOW, quiet)
    (folder / "manifest.json").write_text("[]")
    with pytest.raises(ReplicaError, match="no manifest"):
        replicate_to_folder(database, folder, NOW, quiet)
