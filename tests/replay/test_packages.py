"""What is exported is sound by the judgement of others: warcio, fastwarc, py-wacz."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from zipfile import ZipFile

import pytest
from fastwarc.warc import ArchiveIterator
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

BIN = Path(sys.executable).parent


def run(*command: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(part) for part in command], check=False, capture_output=True, text=True)


@pytest.fixture(scope="module")
def files(archive) -> list[Path]:
    return sorted(archive.warcs.glob("*.warc.gz"))


def test_warcio_finds_every_digest_right(files):
    done = run(BIN / "warcio", "check", "-v", *files)
    assert done.returncode == 0, done.stdout
    said = Counter(line.strip() for line in done.stdout.splitlines())
    assert said["digest pass"] > 100
    assert not [line for line in said if "fail" in line or "mismatch" in line]


def test_fastwarc_finds_every_digest_right(files):
    for file in files:
        done = run(BIN / "fastwarc", "check", file)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "FAIL" not in done.stdout.upper()


def test_both_readers_see_the_same_records(files):
    for file in files:
        with file.open("rb") as stream:
            ours = [record.record_id.strip("<>") for record in ArchiveIterator(stream)]
        with file.open("rb") as stream:
            theirs = [
                record.rec_headers.get_header("WARC-Record-ID").strip("<>")
                for record in WarcioIterator(stream)
            ]
        assert ours == theirs


def test_there_is_every_kind_of_record(files):
    kinds: Counter[str] = Counter()
    for file in files:
        with file.open("rb") as stream:
            kinds.update(record.headers["WARC-Type"] for record in ArchiveIterator(stream))
    assert kinds.keys() == {"warcinfo", "metadata", "request", "response", "revisit"}


def test_wacz_is_valid_by_its_own_authors_tool(archive, peers):
    done = run(peers / "wacz", "validate", "--file", archive.wacz)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Valid" in done.stdout + done.stderr


def test_a_wacz_with_one_byte_changed_is_not(archive, peers, tmp_path):
    changed = tmp_path / "changed.wacz"
    with ZipFile(archive.wacz) as source, ZipFile(changed, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "pages/pages.jsonl":
                content = content.replace("乌有".encode(), "无有".encode(), 1)
            target.writestr(name, content)
    done = run(peers / "wacz", "validate", "--file", changed)
    assert done.returncode != 0


def test_the_pages_of_the_wacz_are_the_reports_among_others(archive):
    with ZipFile(archive.wacz) as package:
        lines = [json.loads(line) for line in package.read("pages/pages.jsonl").splitlines()]
    titles = {page["title"] for page in lines[1:]}
    assert {
        "乌有县人民政府2025年政府信息公开工作年度报告",
        "子虚市人民政府2025年政府信息公开工作年度报告",
    } <= titles
