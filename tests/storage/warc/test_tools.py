"""Files as other tools write them: wget itself where it is installed, the others after their own files."""

import gzip
import io
import shutil
import struct
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import zstandard

from storage.warc.read import read_warc

PAGE = "<html>年报 ".encode("gb18030") + b"<td>1</td>" * 400
ANSWERS = {
    "/": (200, (("Content-Type", "text/html; charset=gb2312"),), PAGE),
    "/same": (200, (("Content-Type", "text/html"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")), PAGE),
    "/packed": (200, (("Content-Encoding", "gzip"),), gzip.compress(PAGE, mtime=0)),
    "/moved": (302, (("Location", "/"),), b""),
    "/gone": (404, (("Content-Type", "text/html"),), "没有".encode("gb18030")),
}


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        status, headers, body = ANSWERS[self.path]
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return


@contextmanager
def web() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def wget(folder: Path, name: str, *words: str) -> Path:
    program = shutil.which("wget")
    if program is None:
        pytest.skip("wget is not installed")
    command = [program, "--no-config", "--no-proxy", "-q", "-O", "all", f"--warc-file={name}", *words]
    subprocess.run(command, cwd=folder, check=False)  # it ends with 8 where an answer is a 404
    return folder / f"{name}.warc.gz"


def test_what_wget_kept(tmp_path: Path):
    with web() as site:
        made = wget(tmp_path, "a", *(site + path for path in ANSWERS))
    captures = {capture.url.removeprefix(site): capture for capture in read_warc(made)}
    assert set(captures) == set(ANSWERS)
    for path, (status, headers, body) in ANSWERS.items():
        assert (captures[path].status, captures[path].payload) == (status, body)
        assert set(headers) <= set(captures[path].headers)
        assert captures[path].ip_address == "127.0.0.1"
        assert dict(captures[path].request_headers)["User-Agent"].startswith("Wget")


def test_what_wget_had_already(tmp_path: Path):
    """With the index of an earlier file it writes a revisit, which refers out of its own file."""
    with web() as site:
        first = wget(tmp_path, "a", "--warc-cdx", site + "/")
        second = wget(tmp_path, "b", f"--warc-dedup={tmp_path}/a.cdx", site + "/")
    (kept,) = read_warc(first)
    asked = []
    captures = list(read_warc(second, elsewhere=lambda reference: asked.append(reference) or kept))
    assert [capture.payload for capture in captures] == [PAGE]
    assert [reference.url for reference in asked] == [site + "/"]


def record(kind: str, version: str = "1.0", block: bytes = b"", **headers: str) -> bytes:
    lines = {"WARC-Type": kind, "WARC-Date": "2024-03-01T08:00:00Z"}
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines["Content-Length"] = str(len(block))
    head = f"WARC/{version}\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return head.encode() + b"\r\n" + block + b"\r\n\r\n"


def answer(body: bytes = PAGE, *headers: str, status: str = "200 OK") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode() + body


URL = "http://www.a.gov.cn/a.html"
ASKED = b"GET /a.html HTTP/1.0\r\nHost: www.a.gov.cn\r\nUser-Agent: Mozilla/5.0 (heritrix/3.4)\r\n\r\n"
REQUEST = {"Content_Type": "application/http; msgtype=request"}
RESPONSE = {"Content_Type": "application/http; msgtype=response"}
HERITRIX = (
    record("warcinfo", block=b"software: Heritrix/3.4.0\r\n", Content_Type="application/warc-fields"),
    record("response", block=b"20240301080000\nwww.a.gov.cn.\t600\tIN\tA\t10.0.0.1\n",
           WARC_Target_URI="dns:www.a.gov.cn", WARC_Record_ID="<urn:uuid:0>", Content_Type="text/dns"),
    record("response", block=answer(), WARC_Target_URI=URL, WARC_Record_ID="<urn:uuid:1>",
           WARC_IP_Address="10.0.0.1", WARC_Payload_Digest="sha1:ABC", **RESPONSE),
    record("request", block=ASKED, WARC_Target_URI=URL, WARC_Record_ID="<urn:uuid:2>",
           WARC_Concurrent_To="<urn:uuid:1>", **REQUEST),
    record("metadata", block=b"via: http://www.a.gov.cn/\r\nhopsFromSeed: L\r\nfetchTimeMs: 12\r\n",
           WARC_Target_URI=URL, WARC_Record_ID="<urn:uuid:3>", WARC_Concurrent_To="<urn:uuid:1>"),
    record("revisit", block=answer(b"", "ETag: 1"), WARC_Target_URI=URL, WARC_Record_ID="<urn:uuid:4>",
           WARC_Profile="http://netpreserve.org/warc/1.0/revisit/identical-payload-digest",
           WARC_Payload_Digest="sha1:ABC", WARC_Truncated="length", **RESPONSE),
    record("revisit", block=answer(b"", status="304 Not Modified"), WARC_Target_URI=URL,
           WARC_Record_ID="<urn:uuid:5>",
           WARC_Profile="http://netpreserve.org/warc/1.0/revisit/server-not-modified", **RESPONSE),
)  # fmt: skip
COMMON_CRAWL = (
    record("warcinfo", block=b"isPartOf: CC-MAIN-2024-10\r\n", Content_Type="application/warc-fields"),
    record("request", block=b"GET /a.html HTTP/1.1\r\nUser-Agent: CCBot/2.0\r\n\r\n", WARC_Target_URI=URL,
           WARC_Record_ID="<urn:uuid:1>", **REQUEST),
    record("response", block=answer(PAGE, "Content-Type: text/html", "X-Crawl-Content-Encoding: gzip",
           "X-Crawl-Content-Length: 99", f"Content-Length: {len(PAGE)}"), WARC_Target_URI=URL,
           WARC_Record_ID="<urn:uuid:2>", WARC_Concurrent_To="<urn:uuid:1>", WARC_IP_Address="10.0.0.1",
           WARC_Identified_Payload_Type="text/html", **RESPONSE),
    record("metadata", block=b"fetchTimeMs: 5\r\ncharset-detected: GB18030\r\n", WARC_Target_URI=URL,
           WARC_Record_ID="<urn:uuid:3>", WARC_Concurrent_To="<urn:uuid:2>"),
)  # fmt: skip
BROWSERTRIX = (
    record("warcinfo", "1.1", b"software: Browsertrix-Crawler 1.6\r\n", WARC_Record_ID="<urn:uuid:0>"),
    record("response", "1.1", answer(PAGE, "content-type: text/html"), WARC_Target_URI=URL,
           WARC_Record_ID="<urn:uuid:1>", WARC_Page_ID="7", WARC_Resource_Type="document",
           WARC_JSON_Metadata='{"ipType":"Public"}', WARC_Protocol="h2", **RESPONSE),
    record("request", "1.1", b"GET /a.html HTTP/1.1\r\nuser-agent: Mozilla/5.0\r\n\r\n", WARC_Target_URI=URL,
           WARC_Record_ID="<urn:uuid:2>", WARC_Concurrent_To="<urn:uuid:1>", **REQUEST),
    record("resource", "1.1", b"\x89PNG", WARC_Target_URI=f"urn:view:{URL}", Content_Type="image/png",
           WARC_Record_ID="<urn:uuid:3>"),
    record("resource", "1.1", "年报".encode(), WARC_Target_URI=f"urn:text:{URL}", Content_Type="text/plain",
           WARC_Record_ID="<urn:uuid:4>"),
    record("resource", "1.1", b'{"pageid":"7"}', WARC_Target_URI=f"urn:pageinfo:{URL}",
           WARC_Record_ID="<urn:uuid:5>", Content_Type="application/json"),
)  # fmt: skip


def packed(records: tuple[bytes, ...]) -> bytes:
    return b"".join(gzip.compress(each, mtime=0) for each in records)


def test_heritrix(tmp_path: Path):
    (tmp_path / "a.warc.gz").write_bytes(packed(HERITRIX))
    first, again, same = read_warc(tmp_path / "a.warc.gz")
    assert (first.payload, first.ip_address) == (PAGE, "10.0.0.1")
    assert "heritrix" in dict(first.request_headers)["User-Agent"]
    assert (again.payload, again.headers, again.error) == (PAGE, (("ETag", "1"),), "")
    assert (same.status, same.payload) == (304, None)


def test_common_crawl(tmp_path: Path):
    (tmp_path / "a.warc.gz").write_bytes(packed(COMMON_CRAWL))
    (capture,) = read_warc(tmp_path / "a.warc.gz")
    assert (capture.payload, capture.request_headers) == (PAGE, (("User-Agent", "CCBot/2.0"),))
    assert ("X-Crawl-Content-Encoding", "gzip") in capture.headers


def test_browsertrix(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "a.wacz", "w") as archive:
        archive.writestr("archive/rec-1.warc.gz", packed(BROWSERTRIX[:3]))
        archive.writestr("archive/rec-2.warc.gz", packed((BROWSERTRIX[0], *BROWSERTRIX[3:])))
        archive.writestr("logs/1.log", "")
    (capture,) = read_warc(tmp_path / "a.wacz")
    assert (capture.url, capture.payload) == (URL, PAGE)
    assert capture.request_headers == (("user-agent", "Mozilla/5.0"),)


def test_zstd_with_a_dictionary_before_its_records(tmp_path: Path):
    """As the .warc.zst specification has it: the dictionary in a frame to be skipped."""
    samples = [record("response", block=answer(b"%d" % number * 9)) for number in range(200)]
    dictionary = zstandard.train_dictionary(2000, samples)
    packer = zstandard.ZstdCompressor(dict_data=dictionary)
    trained = dictionary.as_bytes()
    frames = [packer.compress(each) for each in HERITRIX]
    begin = struct.pack("<II", 0x184D2A5D, len(trained)) + trained
    (tmp_path / "a.warc.zst").write_bytes(begin + b"".join(frames))
    assert [capture.payload for capture in read_warc(tmp_path / "a.warc.zst")] == [PAGE, PAGE, None]


def test_a_whole_file_in_one_gzip_member(tmp_path: Path):
    (tmp_path / "a.warc.gz").write_bytes(gzip.compress(b"".join(HERITRIX)))
    assert [capture.payload for capture in read_warc(tmp_path / "a.warc.gz")] == [PAGE, PAGE, None]


@pytest.mark.parametrize("is_packed", [True, False])
@pytest.mark.parametrize("harm", ["flip", "cut", "noise"])
def test_reading_goes_on_behind_what_is_broken(tmp_path: Path, harm: str, *, is_packed: bool):
    page = record("response", block=answer(b"".join(b"%d" % n for n in range(999))), **RESPONSE,
                  WARC_Target_URI=URL, WARC_Record_ID="<urn:uuid:9>",
                  WARC_Block_Digest="sha256:" + "0" * 64)  # fmt: skip
    before, after = HERITRIX[2], record("response", block=answer(b"after"), WARC_Target_URI=URL, **RESPONSE)
    pieces = [gzip.compress(each, mtime=0) if is_packed else each for each in (before, page, after)]
    middle = pieces[1]
    broken = {
        "flip": middle[:300] + bytes([middle[300] ^ 0x55]) + middle[301:],
        "cut": middle[: len(middle) // 2],
        "noise": bytes(range(256)) * 300,
    }[harm]
    name = "a.warc.gz" if is_packed else "a.warc"
    (tmp_path / name).write_bytes(pieces[0] + broken + pieces[2])
    told: list[str] = []
    captures = list(read_warc(tmp_path / name, told.append))
    assert [capture.payload for capture in captures] == [PAGE, b"after"]
    assert told
    assert all("offset" in line for line in told)


def test_noise_alone_is_told_and_left(tmp_path: Path):
    (tmp_path / "a.warc").write_bytes(io.BytesIO(bytes(range(256)) * 999).getvalue())
    told: list[str] = []
    assert list(read_warc(tmp_path / "a.warc", told.append)) == []
    assert len(told) == 1
