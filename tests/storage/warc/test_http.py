import pytest

from storage.warc.http import Message, parse_message, payload_of, status_of


def test_a_message_is_split():
    message = parse_message(
        b"HTTP/1.1 200 OK\r\nA: 1\r\na: 2: 3\r\nBad line\r\nLong: one\r\n  two\r\n\r\nbody\r\n\r\nmore"
    )
    assert message.headers == (("A", "1"), ("a", "2: 3"), ("Long", "one two"))
    assert message.body == b"body\r\n\r\nmore"


def test_bare_line_feeds_and_bytes_beyond_ascii():
    message = parse_message(b"HTTP/1.0 404\nTitle: \xc4\xea\n\n")
    assert message.headers == (("Title", "\xc4\xea"),)
    assert (status_of(message), message.body) == (("HTTP/1.0", 404), b"")


@pytest.mark.parametrize("block", [b"", b"no http at all", b"GET / HTTP/1.1\r\n\r\n"])
def test_what_is_no_answer(block):
    assert status_of(parse_message(block)) is None


def chunked(body: bytes) -> Message:
    return Message("HTTP/1.1 200 OK", (("Transfer-Encoding", "gzip, Chunked"),), body)


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        (b"5\r\nhello\r\n0\r\n\r\n", b"hello"),
        (b"5;name=value\r\nhello\r\n1\r\n!\r\n0\r\nTrailer: 1\r\n\r\n", b"hello!"),
        (b"5\r\nhello\r\nA\r\nwor", b"hellowor"),
        (b"0\r\n\r\n", b""),
        (b"", b""),
        (b"<html>joined already</html>", b"<html>joined already</html>"),
        (b"2000\r\ncut in the first chunk", b"cut in the first chunk"),
    ],
)
def test_chunks_are_joined(sent, meant):
    assert payload_of(chunked(sent)) == meant


def test_without_the_header_nothing_is_joined():
    assert (
        payload_of(Message("HTTP/1.1 200 OK", (), b"5\r\nhello\r\n0\r\n\r\n")) == b"5\r\nhello\r\n0\r\n\r\n"
    )
