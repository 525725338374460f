"""Bad input: one clear line on standard error, exit status 2, nothing changed."""

import gzip
import json
import struct
import zipfile
import zlib

import pytest


@pytest.fixture
def refused(nianbao, monkeypatch, tmp_path):
    """Run a command that must be refused; gives its one line."""
    monkeypatch.delenv("NIANBAO_DB")

    def run(*words):
        status, _, errors = nianbao(*words)
        assert status == 2
        assert errors.startswith("nianbao: ")
        assert errors.count("\n") == 1
        assert not (tmp_path / "data").exists(), "nothing may be changed, not even the database made"
        return errors

    return run


def png():
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0\0"))
        + chunk(b"IEND", b"")
    )


def test_an_empty_file(refused, tmp_path):
    (tmp_path / "empty.html").touch()
    assert "empty" in refused("import", "empty.html")


def test_a_file_that_is_not_there(refused):
    assert "no such file" in refused("import", "missing.html")


def test_a_png_called_html(refused, tmp_path):
    (tmp_path / "page.html").write_bytes(png())
    assert "PNG" in refused("import", "page.html")


def test_a_suffix_nobody_reads(refused, tmp_path):
    (tmp_path / "page.exe").write_bytes(b"MZ")
    assert "cannot be imported" in refused("import", "page.exe")


def test_a_folder_with_neither_manifest_nor_hosts(refused, tmp_path):
    (tmp_path / "folder" / "inner").mkdir(parents=True)
    (tmp_path / "folder" / "page.html").write_text("<p>年报</p>")
    assert "manifest.csv" in refused("import", "folder")


def test_a_manifest_that_names_a_file_outside_the_folder(refused, tmp_path):
    (tmp_path / "outside.html").write_text("<p>年报</p>")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "manifest.csv").write_text("file,url,fetched_on\n../outside.html,,\n")
    assert "line 2" in refused("import", "folder")


def test_a_manifest_without_its_columns(refused, tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "manifest.csv").write_text("name\npage.html\n")
    assert "file,url,fetched_on" in refused("import", "folder")


def test_a_truncated_warc(refused, tmp_path):
    record = (
        b"WARC/1.1\r\nWARC-Type: resource\r\n"
        b"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"
        b"WARC-Date: 2024-01-31T00:00:00Z\r\nWARC-Target-URI: http://a.gov.cn/\r\nContent-Type: text/html\r\n"
        b"Content-Length: 4000\r\n\r\n" + bytes(range(48, 122)) * 55
    )
    whole = gzip.compress(record.ljust(4300, b"x") + b"\r\n\r\n")
    (tmp_path / "cut.warc.gz").write_bytes(whole[: len(whole) // 2])
    assert "cut.warc.gz" in refused("import", "cut.warc.gz")


def test_a_wacz_that_was_changed_since(refused, tmp_path):
    resources = [{"path": "pages/pages.jsonl", "hash": f"sha256:{'0' * 64}"}]
    with zipfile.ZipFile(tmp_path / "a.wacz", "w") as archive:
        archive.writestr("pages/pages.jsonl", "{}")
        archive.writestr("datapackage.json", json.dumps({"resources": resources}))
    assert "pages/pages.jsonl is not what datapackage.json says" in refused("import", "a.wacz")


def test_one_bad_file_among_good_ones_imports_none(refused, tmp_path):
    (tmp_path / "good.html").write_text("<h1>某局2023年政府信息公开工作年度报告</h1>")
    (tmp_path / "empty.txt").touch()
    assert "empty.txt" in refused("import", "good.html", "empty.txt")


def test_a_page_larger_than_any_page(refused, tmp_path):
    (tmp_path / "fonts.html").write_bytes(b"<font>" * (50 * 1024 * 1024 // 6))
    assert "fonts.html" in refused("import", "fonts.html")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("import", "page.html", "--fetched-on", "yesterday"), "not a date"),
        (("import", "page.html", "--fetched-on", "2999-01-01"), "a day to come"),
        (("import", "page.html", "--url", "page.html"), "not an http or https address"),
        (("import", "page.html", "page.html", "--url", "http://a.gov.cn/"), "exactly one file"),
    ],
)
def test_options_that_make_no_sense(refused, tmp_path, words, said):
    (tmp_path / "page.html").write_text("<p>年报</p>")
    assert said in refused(*words)


def test_a_family_that_nobody_knows(refused, tmp_path):
    (tmp_path / "sites.toml").write_text("[[site]]\nhost = 'a.gov.cn'\nlisting = 'trz'\n")
    for words in (
        ("sites", "add", "a.gov.cn", "--listing", "trz"),
        ("sites", "import", "sites.toml"),
        ("crawl", "--sites", "sites.toml"),
    ):
        assert "listing 'trz' is no family; known are aspnet, cac," in refused(*words)


@pytest.mark.parametrize("words", [("search", "公开"), ("export", "csv", "out")])
def test_a_region_that_is_no_code(refused, words):
    assert "not a GB/T 2260 code of 6 digits" in refused(*words, "--region", "34")


def test_a_sites_file_with_an_unknown_key(refused, tmp_path):
    (tmp_path / "sites.toml").write_text("[[site]]\nhost = 'a.gov.cn'\nstrat = []\n")
    assert "'strat'" in refused("crawl", "--sites", "sites.toml")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nonsense", "named by a URL such as sqlite:///data/nianbao.db"),
        ("mysql://h/d", "unknown kind of database"),
        ("sqlite://", "names no file"),
        ("sqlite:////proc/none/a.db", "cannot be opened"),
    ],
)
def test_a_database_that_cannot_be_opened(refused, url, said):
    assert said in refused("status", "--db", url)


def test_a_file_that_is_no_database(refused, tmp_path):
    (tmp_path / "a.db").write_text("this is a letter, not a database, and it is long enough to be sure" * 20)
    refused("status", "--db", "sqlite:///a.db")
    assert (tmp_path / "a.db").read_text().startswith("this is a letter")


def test_a_command_and_an_option_nobody_knows(refused):
    assert "No such command" in refused("crwal")
    assert "No such option" in refused("crawl", "--dely", "1")


def test_crawling_without_any_site_says_what_to_do(nianbao):
    status, _, errors = nianbao("crawl")
    assert status == 2
    assert "sites" in errors
    assert errors.count("\n") == 1


def test_a_release_in_the_place_of_a_folder_of_releases(refused, tmp_path):
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "datapackage.json").write_text("{}")
    assert "the folder that it is in" in refused("browse", "--releases", "r")
    assert "does not exist" in refused("browse", "--releases", "nowhere")
