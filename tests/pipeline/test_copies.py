"""Copies, mending and a backup that comes back, through the command line."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest


@pytest.fixture
def archive(nianbao, tmp_path: Path) -> str:
    for name in ("a", "b"):
        page = f"<html><body><h1>{name}县2023年工作总结</h1>" + "<p>今年修了三座水库。</p>" * 50
        (tmp_path / f"{name}.html").write_text(page, encoding="utf-8")
        code, said, _ = nianbao("import", f"{name}.html", "--url", f"http://{name}.gov.cn/", "--db", A)
        assert code == 0
        assert "seal " in said
    return A


A = "sqlite:///a.db"


def test_a_backup_is_made_and_comes_back(nianbao, archive, tmp_path: Path):
    assert nianbao("replicate", "sqlite:///backup.db", "--db", archive)[0] == 0
    (tmp_path / "a.db").unlink()
    assert nianbao("verify", "--db", "sqlite:///backup.db")[0] == 0
    assert nianbao("replicate", archive, "--db", "sqlite:///backup.db")[0] == 0
    assert nianbao("verify", "--db", archive)[0] == 0
    with closing(sqlite3.connect(tmp_path / "a.db")) as raw:
        assert raw.execute("SELECT url FROM captures ORDER BY url").fetchall() == [
            ("http://a.gov.cn/",),
            ("http://b.gov.cn/",),
        ]


def test_a_folder_of_packages_comes_back(nianbao, archive, tmp_path: Path):
    assert nianbao("replicate", "copies", "--db", archive)[1] == "replicate: wrote 2 runs to copies\n"
    assert nianbao("replicate", "copies", "--db", archive)[1] == "replicate: wrote 0 runs to copies\n"
    files = sorted(str(file) for file in (tmp_path / "copies").glob("*.wacz"))
    assert nianbao("import", *files, "--db", "sqlite:///again.db")[0] == 0
    with closing(sqlite3.connect("again.db")) as again, closing(sqlite3.connect("a.db")) as here:
        query = "SELECT url, fetched_at, sha256, status FROM captures ORDER BY url"
        assert again.execute(query).fetchall() == here.execute(query).fetchall()


@pytest.mark.parametrize("target", ["a.html", "notes", "mysql://x"])
def test_a_target_that_will_not_do_is_named(nianbao, archive, tmp_path: Path, target: str):
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mine.txt").write_text("")
    code, _, said = nianbao("replicate", target, "--db", archive)
    assert code == 2
    assert len(said.strip().splitlines()) == 1


@pytest.mark.parametrize("source", ["sqlite:///copy.db", "copies/run-0000001.wacz"])
def test_what_is_broken_is_mended_from_a_copy(nianbao, archive, source: str):
    nianbao("replicate", "sqlite:///copy.db", "--db", archive)
    nianbao("replicate", "copies", "--db", archive)
    with closing(sqlite3.connect("a.db")) as raw:
        raw.execute("UPDATE payloads SET body = X'00' WHERE payload_id = 1")
        if source.startswith("sqlite"):
            raw.execute("UPDATE capture_rows SET outcome = 1 WHERE capture_id = 1")
        raw.commit()
    assert nianbao("verify", "--db", archive)[0] == 1
    code, said, _ = nianbao("verify", "--repair-from", source, "--db", archive)
    assert code == 0, said
    assert "mended payload" in said


def test_a_stopped_verify_says_how_to_go_on(nianbao, archive, monkeypatch):
    def stopped(_database, tell, _scope):
        tell("payload", 1, 2)
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr("storage.verify.verify", stopped)
    code, _, said = nianbao("verify", "--db", archive)
    assert code == 4
    assert "go on with nianbao verify --after-payload 1" in said
    monkeypatch.undo()


def test_a_verify_goes_on_where_it_was_stopped(nianbao, archive):
    code, said, _ = nianbao("verify", "--after-payload", "1", "--db", archive)
    assert code == 0
    assert "not all was" in said
