import gzip
import hashlib
import io
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
import zstandard
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from storage.warc.read import WarcError, read_warc

PAGE = "<html>年报</html>".encode("gb18030")
URL = "http://www.a.gov.cn/a.html"
DATE = "2024-03-01T08:00:00Z"


class Writer(WARCWriter):
    _create_temp_file = staticmethod(io.BytesIO)  # warcio leaves its temporary files open


class Warc:
    """A WARC made by warcio, the tool whose files we meet most."""

    def __init__(self, *, gzip=True):
        self.file = io.BytesIO()
        self.writer = Writer(self.file, gzip=gzip, warc_version="WARC/1.1")
        self.writer.write_record(self.writer.create_warcinfo_record("a.warc.gz", {"software": "test"}))

    def add(
        self,
        kind="response",
        url=URL,
        body=PAGE,
        status="200 OK",
        headers=(),
        *,
        http=True,
        date=DATE,
        **warc,
    ):
        lines = StatusAndHeaders(status, list(headers), protocol="HTTP/1.1") if http else None
        named = {"WARC-Date": date} | {key.replace("_", "-"): value for key, value in warc.items()}
        record = self.writer.create_warc_record(
            url, kind, io.BytesIO(body), http_headers=lines, warc_headers_dict=named
        )
        self.writer.write_record(record)
        return record

    def ask(self, url=URL, **warc):
        line = StatusAndHeaders("GET /a.html HTTP/1.1", [("User-Agent", "test")], is_http_request=True)
        named = {key.replace("_", "-"): value for key, value in warc.items()}
        record = self.writer.create_warc_record(url, "request", http_headers=line, warc_headers_dict=named)
        self.writer.write_record(record)

    def save(self, path: Path) -> Path:
        path.write_bytes(self.file.getvalue())
        return path


@pytest.fixture(params=["a.warc.gz", "a.warc"])
def path(request, tmp_path):
    return tmp_path / request.param


def warc_for(path: Path) -> Warc:
    return Warc(gzip=path.suffix == ".gz")


def test_a_response_is_a_capture(path):
    warc = warc_for(path)
    headers = [("Content-Type", "text/html; charset=gb2312"), ("Set-Cookie", "a"), ("Set-Cookie", "b")]
    warc.add(headers=headers, WARC_IP_Address="10.0.0.1")
    (capture,) = read_warc(warc.save(path))
    assert capture.url == URL
    assert capture.fetched_at == datetime(2024, 3, 1, 8, tzinfo=UTC)
    assert (capture.status, capture.payload, capture.headers) == (200, PAGE, tuple(headers))
    assert (capture.ip_address, capture.protocol, capture.kind) == ("10.0.0.1", "HTTP/1.1", "other")
    assert capture.outcome == ""


def test_brackets_around_the_address_go(path):
    warc = warc_for(path)
    warc.add(url=f"<{URL}>")
    assert [capture.url for capture in read_warc(warc.save(path))] == [URL]


def test_transfer_coding_is_undone_and_content_coding_kept(path):
    zipped = gzip.compress(PAGE)
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(zipped), zipped)
    coded = [("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")]
    warc = warc_for(path)
    warc.add(body=chunked, headers=coded)
    warc.add(body=zipped, headers=coded)  # a tool that joined the chunks and kept the header
    assert [capture.payload for capture in read_warc(warc.save(path))] == [zipped, zipped]


def test_requests_are_joined_wherever_they_stand(path):
    warc = warc_for(path)
    warc.ask()
    warc.add()
    after = warc.add(url=URL + "?2")
    warc.ask(url=URL + "?2", WARC_Concurrent_To=after.rec_headers["WARC-Record-ID"])
    warc.add(url=URL + "?3")
    warc.ask(url=URL + "?4")
    agents = [dict(capture.request_headers).get("User-Agent") for capture in read_warc(warc.save(path))]
    assert agents == ["test", "test", None]


def test_a_request_of_another_exchange_is_not_joined(path):
    warc = warc_for(path)
    warc.add()
    warc.ask(WARC_Concurrent_To="<urn:uuid:another>")
    assert [capture.request_headers for capture in read_warc(warc.save(path))] == [()]


def test_resources_and_what_is_not_http(path):
    warc = warc_for(path)
    warc.add("resource", body=PAGE, http=False, Content_Type="text/html")
    warc.add("resource", url="urn:pageinfo:1", body=b"{}", http=False, Content_Type="application/json")
    warc.add("metadata", body=b"fetchTimeMs: 1", http=False)
    warc.add(url="dns:a.gov.cn", body=b"10.0.0.1", http=False, Content_Type="text/dns")
    (capture,) = read_warc(warc.save(path))
    assert (capture.status, capture.payload, capture.headers) == (200, PAGE, (("Content-Type", "text/html"),))


@pytest.mark.parametrize("named_by", ["record", "address", "digest"])
def test_a_revisit_gets_its_payload(path, named_by):
    warc = warc_for(path)
    warc.add(body=b"another", url=URL + "?other")
    first = warc.add(headers=[("ETag", "1")])
    named = {
        "record": {"WARC_Refers_To": first.rec_headers["WARC-Record-ID"]},
        "address": {"WARC_Refers_To_Target_URI": URL, "WARC_Refers_To_Date": DATE},
        "digest": {"WARC_Payload_Digest": first.rec_headers["WARC-Payload-Digest"]},
    }[named_by]
    profile = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    later = "2024-04-01T08:00:00Z"
    warc.add("revisit", body=b"", headers=[("ETag", "2")], date=later, WARC_Profile=profile, **named)
    warc.add(url=URL + "?after")
    captures = list(read_warc(warc.save(path)))
    assert [capture.payload for capture in captures] == [b"another", PAGE, PAGE, PAGE]
    assert captures[2].headers == (("ETag", "2"),)
    assert captures[2].fetched_at.month == 4


def test_a_revisit_of_something_elsewhere_says_so(path):
    warc = warc_for(path)
    profile = "http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"
    warc.add("revisit", body=b"", WARC_Profile=profile, WARC_Payload_Digest="sha1:AAAA")
    (capture,) = read_warc(warc.save(path))
    assert capture.payload is None
    assert "neither in this file nor archived" in capture.error


def test_the_block_digest_that_wget_gives_a_revisit_is_not_believed(path):
    warc = warc_for(path)
    warc.add(
        "revisit",
        body=b"",
        headers=[("ETag", "2")],
        WARC_Block_Digest="sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ",
    )
    (capture,) = read_warc(warc.save(path))
    assert capture.headers == (("ETag", "2"),)


def test_a_revisit_without_headers(path):
    warc = warc_for(path)
    warc.add(headers=[("ETag", "1")])
    profile = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    named = {"WARC_Refers_To_Target_URI": URL, "WARC_Refers_To_Date": DATE}
    warc.add("revisit", body=b"", http=False, WARC_Profile=profile, **named)
    _, capture = read_warc(warc.save(path))
    assert (capture.payload, capture.headers, capture.status) == (PAGE, (("ETag", "1"),), 200)


def test_an_answer_that_is_not_http_is_passed_over(tmp_path):
    lines = ["WARC/1.0", "WARC-Type: response", f"WARC-Target-URI: {URL}", f"WARC-Date: {DATE}"]
    record = "\r\n".join([*lines, "Content-Length: 4", "", "none", "", ""])
    (tmp_path / "a.warc").write_bytes(record.encode())
    assert list(read_warc(tmp_path / "a.warc")) == []


def test_zstd_and_a_file_in_one_gzip_member(tmp_path):
    warc = Warc(gzip=False)
    warc.add()
    warc.add(url=URL + "?2")
    plain = warc.file.getvalue()
    (tmp_path / "a.warc.zst").write_bytes(zstandard.ZstdCompressor().compress(plain))
    (tmp_path / "a.warc.gz").write_bytes(gzip.compress(plain))
    for name in ("a.warc.zst", "a.warc.gz"):
        assert [capture.payload for capture in read_warc(tmp_path / name)] == [PAGE, PAGE]


def test_a_cut_answer_is_told(path):
    warc = warc_for(path)
    warc.add(WARC_Truncated="length")
    assert [capture.error for capture in read_warc(warc.save(path))] == ["truncated: length"]


@pytest.mark.parametrize("cut", [1, 4, 20, 100, 300])
def test_a_truncated_file_is_refused(path, cut):
    warc = warc_for(path)
    warc.add()
    warc.add(body=bytes(range(256)) * 4)
    whole = warc.file.getvalue()
    path.write_bytes(whole[:-cut])
    if path.suffix == ".warc" and cut <= 4:  # only of the empty lines after the last record
        assert len(list(read_warc(path))) == 2
        return
    with pytest.raises(WarcError, match=rf"{re.escape(str(path))}: .*offset \d+"):
        list(read_warc(path))


def test_flipped_bits_are_noticed(path):
    warc = warc_for(path)
    warc.add(body=b"".join(hashlib.sha256(b"%d" % number).digest() for number in range(64)))
    whole = warc.file.getvalue()
    for place in range(len(whole) - 2000, len(whole) - 100, 100):  # all inside the body
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(WarcError):
            list(read_warc(path))


@pytest.mark.parametrize(
    "content", [b"", b"<html>not a WARC</html>" * 50, b"\x1f\x8b\x08 not gzip", b"PK\x03\x04 no zip"]
)
def test_what_is_no_warc_is_refused(path, content):
    path.write_bytes(content)
    with pytest.raises(WarcError, match=re.escape(str(path))):
        list(read_warc(path))


def test_a_missing_file(tmp_path):
    with pytest.raises(WarcError, match="cannot be read"):
        list(read_warc(tmp_path / "none.warc"))


def test_a_wacz_is_its_warcs(tmp_path):
    one, two = Warc(), Warc(gzip=False)
    one.add()
    two.add(url=URL + "?2")
    with zipfile.ZipFile(tmp_path / "a.wacz", "w") as archive:
        archive.writestr("datapackage.json", "{}")
        archive.writestr("archive/1.warc.gz", one.file.getvalue())
        archive.writestr("archive/2.warc", two.file.getvalue())
    assert [capture.url for capture in read_warc(tmp_path / "a.wacz")] == [URL, URL + "?2"]


def test_a_wacz_with_a_broken_warc(tmp_path):
    warc = Warc()
    warc.add()
    with zipfile.ZipFile(tmp_path / "a.wacz", "w") as archive:
        archive.writestr("archive/1.warc.gz", warc.file.getvalue()[:-50])
    with pytest.raises(WarcError, match=r"a\.wacz: archive/1\.warc\.gz"):
        list(read_warc(tmp_path / "a.wacz"))


def test_a_zip_without_warcs(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.wacz", "w") as archive:
        archive.writestr("datapackage.json", "{}")
    with pytest.raises(WarcError, match="without any WARC"):
        list(read_warc(tmp_path / "a.wacz"))


def test_a_wacz_of_a_run_that_brought_nothing(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.wacz", "w") as archive:
        archive.writestr("datapackage.json", "{}")
        archive.writestr("pages/pages.jsonl", "")
    assert list(read_warc(tmp_path / "a.wacz")) == []
