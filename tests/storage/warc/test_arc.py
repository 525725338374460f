import gzip
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from storage.warc.read import WarcError, read_warc

PAGE = "<html>年报</html>".encode("gb18030")
URL = "http://www.a.gov.cn/a.html"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE


def record(line: bytes, block: bytes) -> bytes:
    return line + b" %d\n" % len(block) + block + b"\n"


VERSION = b"1 0 InternetArchive\nURL IP-address Archive-date Content-type Archive-length\n"
ADDRESS = b"20040301080000\nwww.a.gov.cn. IN A 10.0.0.1\n"
GONE = ANSWER.replace(b"200 OK", b"404 Not Found")
RECORDS = (
    record(b"filedesc://a.arc 0.0.0.0 20040301080000 text/plain", VERSION),
    record(b"dns:www.a.gov.cn 10.0.0.2 20040301080000 text/dns", ADDRESS),
    record(f"{URL} 10.0.0.1 20040301080001 text/html".encode(), ANSWER),
    record(f"{URL}?2 10.0.0.1 20040301080002 text/html".encode(), GONE),
)


@pytest.fixture(params=["a.arc", "a.arc.gz"])
def path(request, tmp_path: Path) -> Path:
    return tmp_path / request.param


def save(path: Path, records: tuple[bytes, ...] = RECORDS) -> Path:
    packed = path.suffix == ".gz"
    path.write_bytes(b"".join(gzip.compress(each) if packed else each for each in records))
    return path


def test_an_answer_is_a_capture(path: Path):
    page, gone = read_warc(save(path))
    assert (page.url, page.status, page.payload, page.ip_address) == (URL, 200, PAGE, "10.0.0.1")
    assert page.fetched_at == datetime(2004, 3, 1, 8, 0, 1, tzinfo=UTC)
    assert page.headers == (("Content-Type", "text/html"),)
    assert (gone.url, gone.status) == (f"{URL}?2", 404)


def test_another_reader_finds_the_same(path: Path):
    found = ArchiveIterator(io.BytesIO(save(path).read_bytes()), arc2warc=True)
    pages = [
        (each.rec_headers["WARC-Target-URI"], each.content_stream().read())
        for each in found
        if each.rec_type == "response" and each.http_headers
    ]
    assert pages == [(each.url, each.payload) for each in read_warc(path)]


@pytest.mark.parametrize("cut", [20, 30])
def test_a_cut_file_is_refused_or_read_as_far_as_it_goes(path: Path, cut: int):
    path.write_bytes(save(path).read_bytes()[:-cut])
    with pytest.raises(WarcError, match=r"offset \d+"):
        list(read_warc(path))
    told: list[str] = []
    assert [capture.url for capture in read_warc(path, told.append)] == [URL]
    assert len(told) == 1


def test_what_begins_no_record_is_named(path: Path):
    save(path, (RECORDS[0], b"http://no.length/ 10.0.0.1\n", RECORDS[2]))
    with pytest.raises(WarcError, match="no record begins at offset"):
        list(read_warc(path))
