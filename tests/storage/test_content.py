import gzip
import zlib

import brotli
import pytest
import zstandard

from storage.content import ContentError, decode_content, decoded_body

BODY = "政府信息公开工作年度报告\n".encode() * 4000
LIMIT = 10_000_000


def bare_deflate(body: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return stream.compress(body) + stream.flush()


def header(value: str):
    return [("Content-Type", "text/html"), ("content-encoding", value)]


SENT = {
    "gzip": gzip.compress(BODY),
    "x-gzip": gzip.compress(BODY[:100]) + gzip.compress(BODY[100:]),
    "deflate": zlib.compress(BODY),
    "Deflate": bare_deflate(BODY),
    "br": brotli.compress(BODY, quality=4),
    "zstd": zstandard.ZstdCompressor().compress(BODY),
    "identity": BODY,
    "": BODY,
    "gzip, br": brotli.compress(gzip.compress(BODY), quality=4),
}


@pytest.mark.parametrize("coding", SENT)
def test_each_coding_is_undone(coding):
    content = decode_content(header(coding), SENT[coding], LIMIT)
    assert content.body == BODY
    assert content.problems == ()


def test_codings_in_two_headers():
    headers = [*header("gzip"), *header("deflate")]
    assert decoded_body(headers, zlib.compress(gzip.compress(BODY)), LIMIT) == BODY


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_an_empty_body_is_empty(coding):
    assert decode_content(header(coding), b"", LIMIT).body == b""


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "gzip, br"])
def test_a_cut_stream_gives_what_had_come(coding):
    content = decode_content(header(coding), SENT[coding][:-9], LIMIT)
    assert BODY.startswith(content.body)
    assert "cut short" in " ".join(content.problems)
    assert content.is_part


def test_a_whole_page_without_the_stream_s_end_is_whole():
    page = b"<html>" + bytes(range(256)) * 20 + b"</html>\r\n"
    content = decode_content(header("gzip"), gzip.compress(page)[:-8], LIMIT)
    assert content.body == page
    assert content.problems
    assert not content.is_part


def test_a_broken_stream_gives_what_came_before():
    noise = bytes(range(256)) * 2000
    sent = bytearray(gzip.compress(noise * 2, compresslevel=0))
    sent[len(sent) // 2] ^= 1  # the contents are stored: only the checksum at the end can tell
    content = decode_content(header("gzip"), bytes(sent), LIMIT)
    assert content.body.startswith(noise[:1000])
    assert "broken" in content.problems[0]


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "utf-8"])
def test_a_coding_that_is_only_claimed(coding):
    content = decode_content(header(coding), BODY, LIMIT)
    assert content.body == BODY
    assert len(content.problems) == 1


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "identity"])
def test_a_bomb_is_refused(coding):
    with pytest.raises(ContentError, match="5000 bytes"):
        decoded_body(header(coding), SENT[coding], 5000)


def test_a_body_of_exactly_the_limit_is_fine():
    assert decoded_body(header("gzip"), SENT["gzip"], len(BODY)) == BODY
