"""What goes out is valid for the tools of others, the same bytes each time, and comes back as it was."""

import hashlib
import json
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec.structs import replace
from sqlalchemy import text

from storage.archive import load_capture, record_captures
from storage.captures import Capture
from storage.database import Database, open_database
from storage.export.packages import Chosen, export_manifest, export_wacz, export_warc
from storage.runs import finish_run, start_run
from storage.signing import is_signed
from storage.verify import verify
from storage.warc.read import read_warc

NOW = datetime(2026, 1, 1, 10, 0, 0, 123000, tzinfo=UTC)
URL = "http://www.a.gov.cn/xxgk/年报.html"
PAGE = "<html>年报 浏览次数:%d</html>" + "政府信息公开" * 200
HEADERS = (
    ("Date", "Thu, 01 Jan 2026 10:00:00 GMT"),
    ("Content-Type", "text/html; charset=gb2312"),
    ("Set-Cookie", "a"),
    ("Set-Cookie", "b"),
)
LIST = "http://b.gov.cn/list?b=2&a=1"
BINARIES = Path(sys.executable).parent


def quiet(_what: str, _done: int, _of: int) -> None:
    return


def body(views: int) -> bytes:
    return (PAGE % views).encode("gb18030")


def captures() -> list[Capture]:
    first = Capture(
        URL,
        NOW,
        200,
        body(1),
        HEADERS,
        "report",
        ip_address="10.0.0.1",
        protocol="HTTP/1.1",
        elapsed=80,
        request_headers=(("User-Agent", "nianbao"),),
        robots="allowed",
        tls="TLSv1.2",
        charset="gb18030",
    )
    later = [replace(first, fetched_at=NOW + timedelta(days=day)) for day in range(5)]
    return [
        later[0],
        later[1],
        replace(later[2], payload=body(2)),
        replace(later[3], status=304, payload=None, outcome="unchanged"),
        replace(later[4], status=None, payload=None, headers=(), error="timeout", outcome="error"),
        Capture(
            "http://b.gov.cn/list?b=2&a=1",
            NOW,
            200,
            b"[]",
            (("Content-Type", "application/json"),),
            "listing",
            method="POST",
            request_body=b"page=1",
        ),
        Capture("http://b.gov.cn/gone", NOW, 404, b"gone", kind="report"),
        Capture("http://b.gov.cn/copy", NOW + timedelta(days=1), 200, body(1), HEADERS, "report"),
    ]


def record(database: Database, batch: list[Capture]) -> None:
    with database.write() as connection:
        run = start_run(connection, "import", NOW)
        record_captures(connection, run, batch)
        finish_run(connection, run, NOW)


@pytest.fixture
def filled(database: Database) -> Database:
    record(database, captures())
    return database


def contents(database: Database) -> list[tuple[str | None, Capture]]:
    with database.read() as connection:
        ids = connection.scalars(text("SELECT capture_id FROM captures ORDER BY capture_id")).all()
        stored = [load_capture(connection, each) for each in ids]
    return [(each.sha256, each.capture) for each in stored]


def test_what_was_exported_comes_back(filled: Database, tmp_path):
    export_warc(filled, tmp_path / "warc", Chosen(), quiet)
    [file] = (tmp_path / "warc").glob("*.warc.gz")
    with closing(open_database(f"sqlite:///{tmp_path}/again.db")) as again:
        record(again, list(read_warc(file)))
        assert contents(again) == contents(filled)
        assert list(verify(again)) == []


@pytest.mark.parametrize("tool", ["warcio", "fastwarc"])
def test_others_find_it_valid(filled: Database, tmp_path, tool):
    package = export_warc(filled, tmp_path / "warc", Chosen(), quiet)
    command = [str(BINARIES / tool), "check", str(package.files[0])]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_same_captures_are_the_same_bytes(filled: Database, tmp_path):
    for name in ("a.wacz", "b.wacz"):
        export_wacz(filled, tmp_path / name, Chosen(), quiet)
    assert (tmp_path / "a.wacz").read_bytes() == (tmp_path / "b.wacz").read_bytes()


def test_files_begin_anew_when_they_are_full(filled: Database, tmp_path):
    package = export_warc(filled, tmp_path, Chosen(), quiet, largest=2000)
    assert len(package.files) > 2
    found = [capture for file in package.files for capture in read_warc(file)]
    assert [capture.url for capture in found] == [capture.url for capture in captures()]


def test_the_index_finds_every_answer(filled: Database, tmp_path):
    package = export_warc(filled, tmp_path, Chosen(), quiet)
    lines = (tmp_path / "index.cdxj").read_text().splitlines()
    assert lines == sorted(lines, key=str.encode)
    assert len(lines) == 7  # no answer came to one
    keys = [line.split(" ")[0] for line in lines]
    assert "cn,gov,b)/list?a=1&b=2" in keys
    content = package.files[0].read_bytes()
    for line in lines:
        values = json.loads(line.split(" ", 2)[2])
        at, length = int(values["offset"]), int(values["length"])
        assert content[at : at + 2] == b"\x1f\x8b"
        assert content[at + length : at + length + 2] in {b"\x1f\x8b", b""}


def test_a_host_and_a_year(filled: Database, tmp_path):
    assert export_warc(filled, tmp_path / "host", Chosen(host="b.gov.cn"), quiet).captures == 3
    assert export_warc(filled, tmp_path / "year", Chosen(year=2025), quiet).captures == 0
    assert export_warc(filled, tmp_path / "same", Chosen(year=2026), quiet).captures == 8


def test_a_wacz_says_what_is_in_it(filled: Database, tmp_path):
    key = ec.generate_private_key(ec.SECP256R1())
    export_wacz(filled, tmp_path / "a.wacz", Chosen(), quiet, key)
    with ZipFile(tmp_path / "a.wacz") as archive:
        described = archive.read("datapackage.json")
        digest = json.loads(archive.read("datapackage-digest.json"))
        for resource in json.loads(described)["resources"]:
            content = archive.read(resource["path"])
            assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
            assert resource["bytes"] == len(content)
        stored = [each for each in archive.infolist() if each.filename.endswith(".gz")]
        pages = archive.read("pages/pages.jsonl").decode().splitlines()
    assert {each.compress_type for each in stored} == {ZIP_STORED}
    assert is_signed(digest["signedData"], hashlib.sha256(described).hexdigest())
    assert not is_signed(digest["signedData"], hashlib.sha256(b"other").hexdigest())
    assert json.loads(pages[0])["format"] == "json-pages-1.0"
    assert [json.loads(page)["url"] for page in pages[1:]] == [URL, URL]
    assert len(list(read_warc(tmp_path / "a.wacz"))) == 8


def test_a_manifest_names_every_seal(filled: Database, tmp_path):
    key = ec.generate_private_key(ec.SECP256R1())
    digest = export_manifest(filled, tmp_path / "m.json", key, NOW)
    content = (tmp_path / "m.json").read_bytes()
    with filled.read() as connection:
        seals = connection.scalars(text("SELECT seal FROM runs")).all()
    assert [run["seal"] for run in json.loads(content)["runs"]] == seals
    assert is_signed(digest["signedData"], hashlib.sha256(content).hexdigest())


def test_broken_records_are_left_out_when_asked(filled: Database, tmp_path):
    package = export_warc(filled, tmp_path, Chosen(), quiet)
    content = package.files[0].read_bytes()
    half = tmp_path / "half.warc.gz"
    half.write_bytes(content[: len(content) // 2])
    told: list[str] = []
    found = list(read_warc(half, told.append))
    assert 0 < len(found) < 8
    assert len(told) == 1
    assert "offset" in told[0]
