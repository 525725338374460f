"""Saved pages through the command line: from a file, a manifest, a folder of sites or a WARC to rows."""

import base64
import gzip
import hashlib
import json
import sqlite3

import pytest

REPORT = """<html><head><title>某县水利局2017年政府信息公开工作年度报告</title></head><body>
<h1>某县水利局2017年政府信息公开工作年度报告</h1>
<p>根据《中华人民共和国政府信息公开条例》的要求，现公布某县水利局2017年政府信息公开工作年度报告。</p>
<p>一、总体情况</p><p>2017年，我局主动公开政府信息96条，收到申请3件，均已按时答复。</p>
<p>二、存在的主要问题及改进情况</p><p>公开的内容还不够丰富，明年将继续改进。</p></body></html>"""
SUMMARY = "<html><body><h1>某县水利局2017年工作总结</h1><p>今年修了三座水库。</p></body></html>"


@pytest.fixture
def nianbao(nianbao):
    def run(*words):
        status, out, err = nianbao(*words)
        assert status == 0, err
        return out

    return run


@pytest.fixture
def rows(tmp_path):
    def query(sql):
        connection = sqlite3.connect(tmp_path / "a.db")
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    return query


def test_one_page_becomes_a_capture_and_a_report(nianbao, rows, tmp_path):
    (tmp_path / "page.html").write_text(REPORT, encoding="utf-8")
    said = nianbao("import", "page.html", "--url", "http://www.a.gov.cn/x.html", "--fetched-on", "2018-03-01")
    assert "某县水利局 2017" in said
    assert rows("SELECT publisher, year, form, status, url FROM reports") == [
        ("某县水利局", 2017, "none", "text_only", "http://www.a.gov.cn/x.html")
    ]
    assert rows("SELECT substr(fetched_at, 1, 10), kind, outcome, host FROM captures") == [
        ("2018-03-01", "report", "new", "www.a.gov.cn")
    ]


def test_the_same_import_again_changes_nothing(nianbao, rows, tmp_path):
    (tmp_path / "page.html").write_text(REPORT, encoding="utf-8")
    words = ("import", "page.html", "--url", "http://www.a.gov.cn/x.html", "--fetched-on", "2018-03-01")
    nianbao(*words)
    assert "1 known already" in nianbao(*words)
    assert rows("SELECT count(*) FROM captures") == [(1,)]
    assert rows("SELECT count(*) FROM report_versions") == [(0,)]


def test_a_page_that_nobody_can_place_any_more_keeps_its_digest_for_an_address(nianbao, rows, tmp_path):
    (tmp_path / "page.html").write_text(REPORT, encoding="utf-8")
    nianbao("import", "page.html")
    [(url, sha256)] = rows("SELECT url, sha256 FROM captures")
    assert url == f"urn:sha256:{sha256}"


def test_what_is_no_report_is_archived_and_named(nianbao, rows, tmp_path):
    (tmp_path / "page.html").write_text(SUMMARY, encoding="utf-8")
    assert "not a report" in nianbao("import", "page.html", "--url", "http://www.a.gov.cn/x.html")
    assert rows("SELECT count(*) FROM captures") == [(1,)]
    assert rows("SELECT count(*) FROM reports") == [(0,)]


def test_a_manifest_says_where_and_when(nianbao, rows, tmp_path):
    folder = tmp_path / "saved"
    (folder / "sites" / "www.b.gov.cn").mkdir(parents=True)
    (folder / "page.html").write_text(REPORT, encoding="utf-8")
    (folder / "sites" / "www.b.gov.cn" / "index.html").write_text(SUMMARY, encoding="utf-8")
    (folder / "manifest.csv").write_text(
        "file,url,fetched_on,note\n"
        "page.html,http://www.a.gov.cn/x.html,2018-03-01,a report\n"
        "sites/www.b.gov.cn,http://www.b.gov.cn/,2018-07-27,a site\n"
    )
    nianbao("import", "saved")
    assert rows("SELECT url, substr(fetched_at, 1, 10) FROM captures ORDER BY url") == [
        ("http://www.a.gov.cn/x.html", "2018-03-01"),
        ("http://www.b.gov.cn/", "2018-07-27"),
    ]


def test_a_folder_of_sites_named_after_hosts(nianbao, rows, tmp_path):
    folder = tmp_path / "sites" / "www.a.gov.cn" / "xxgk"
    folder.mkdir(parents=True)
    (folder / "index.html").write_text(SUMMARY, encoding="utf-8")
    (folder / "年报.html").write_text(REPORT, encoding="utf-8")
    (folder / "style.css").write_text("p {}")
    nianbao("import", "sites")
    assert rows("SELECT url, kind FROM captures ORDER BY url") == [
        ("http://www.a.gov.cn/xxgk/", "other"),
        ("http://www.a.gov.cn/xxgk/%E5%B9%B4%E6%8A%A5.html", "other"),
        ("http://www.a.gov.cn/xxgk/style.css", "asset"),
    ]
    assert rows("SELECT publisher FROM reports") == [("某县水利局",)]


def test_a_warc_keeps_its_times_and_headers(nianbao, rows, tmp_path):
    body = REPORT.encode("gb18030")
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-A: 1\r\n\r\n" + body
    record = (
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: http://www.a.gov.cn/x.html\r\n"
        "WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"
        "WARC-Date: 2018-03-01T04:05:06Z\r\n"
        f"Content-Type: application/http;msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
    ).encode()
    (tmp_path / "a.warc.gz").write_bytes(gzip.compress(record + answer + b"\r\n\r\n"))
    nianbao("import", "a.warc.gz")
    [(fetched_at, sha256)] = rows("SELECT fetched_at, sha256 FROM captures")
    assert fetched_at.startswith("2018-03-01T04:05:06")
    assert sha256 == hashlib.sha256(body).hexdigest()
    assert rows("SELECT publisher, year FROM reports") == [("某县水利局", 2017)]


def warc_record(kind: str, date: str, block: bytes, **headers: str) -> bytes:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    lines = {"WARC-Type": kind, "WARC-Target-URI": "http://www.a.gov.cn/a.html", "WARC-Date": date, **named}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"WARC/1.0\r\n{head}Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"


@pytest.mark.parametrize("named_by", ["date", "digest"])
@pytest.mark.parametrize("at_once", [True, False])
def test_a_revisit_of_another_file_gets_its_payload_from_the_archive(
    nianbao, rows, tmp_path, named_by, *, at_once
):
    body = REPORT.encode()
    digest = base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()
    named = {
        "date": {"WARC_Refers_To_Date": "2024-03-01T08:00:00Z"},
        "digest": {"WARC_Payload_Digest": f"sha1:{digest}"},
    }[named_by]
    profile = "http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    first = warc_record("response", "2024-03-01T08:00:00Z", head + body)
    later = warc_record("revisit", "2024-04-01T08:00:00Z", head, WARC_Profile=profile, **named)
    (tmp_path / "a.warc").write_bytes(first)
    (tmp_path / "b.warc").write_bytes(later)
    if at_once:
        nianbao("import", "a.warc", "b.warc")
    else:
        nianbao("import", "a.warc")
        nianbao("import", "b.warc")
    assert rows("SELECT outcome, size, error FROM captures ORDER BY fetched_at") == [
        ("new", len(body), ""),
        ("unchanged", len(body), ""),
    ]


def test_reading_all_again_changes_nothing(nianbao, rows, tmp_path):
    (tmp_path / "page.html").write_text(REPORT, encoding="utf-8")
    nianbao("import", "page.html", "--url", "http://www.a.gov.cn/x.html")
    before = rows("SELECT * FROM reports") + rows("SELECT * FROM sections")
    assert "1 unchanged" in nianbao("extract", "--all", "--workers", "2")
    assert rows("SELECT * FROM reports") + rows("SELECT * FROM sections") == before


def test_status_for_programs_is_json(nianbao, tmp_path):
    (tmp_path / "page.html").write_text(REPORT, encoding="utf-8")
    nianbao("import", "page.html", "--url", "http://www.a.gov.cn/x.html")
    seen = json.loads(nianbao("status", "--json"))
    assert seen["captures"] == 1
    assert seen["reports_by_year"] == {"2017": 1}


def test_verify_is_content_with_what_import_wrote(nianbao, tmp_path):
    (tmp_path / "page.html").write_text(REPORT, encoding="utf-8")
    nianbao("import", "page.html")
    assert "as it was written" in nianbao("verify")


def test_sites_are_added_listed_and_imported(nianbao, tmp_path):
    (tmp_path / "sites.toml").write_text(
        '[[site]]\nhost = "b.gov.cn"\nname = "乙县人民政府"\n', encoding="utf-8"
    )
    assert "registered a.gov.cn" in nianbao("sites", "add", "a.gov.cn", "--name", "甲县人民政府")
    nianbao("sites", "import", "sites.toml")
    listed = nianbao("sites", "list")
    assert "a.gov.cn" in listed
    assert "b.gov.cn" in listed
