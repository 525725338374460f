import gzip
import zlib
from base64 import b85decode

import pytest

from storage import gzipped
from storage.gzipped import GzippedError, content_of, habit_of, note, put_together, read_note, take_apart

PAGE = "".join(f"<td>{number * number}</td>" for number in range(4000)).encode()


@pytest.fixture(autouse=True)
def no_habits():
    habit_of.cache_clear()


def packed(body: bytes, level: int, memory: int, head: bytes) -> bytes:
    stream = zlib.compressobj(level, zlib.DEFLATED, -15, memory)
    tail = zlib.crc32(body).to_bytes(4, "little") + len(body).to_bytes(4, "little")
    return head + stream.compress(body) + stream.flush() + tail


NGINX = bytes.fromhex("1f8b0800000000000403")
NGINX_SENT = "ABzY8000001Ot1zbIY@?rCd)(snH-9YN-GK$X)X^yaE6K"
DATED = bytes.fromhex("1f8b0800665544330203")


@pytest.mark.parametrize("level", range(1, 10))
@pytest.mark.parametrize("memory", [8, 9])
@pytest.mark.parametrize("head", [NGINX, DATED])
def test_what_zlib_packed_is_packed_again_to_the_letter(level: int, memory: int, head: bytes):
    body = packed(PAGE, level, memory, head)
    found = take_apart(body, "a.gov.cn")
    assert found
    assert found.content == PAGE
    assert put_together(found) == body
    written = note(found)
    assert read_note(written) == (found.settings, head, len(written))
    assert len(written) == (1 if head == NGINX else 11)


def test_a_page_that_nginx_packed():
    """nginx 1.22 at gzip_comp_level 1, over "年报" a hundred times."""
    body = b85decode(NGINX_SENT)
    found = take_apart(body, "a.gov.cn")
    assert found
    assert found.content == "年报\n".encode() * 100
    assert put_together(found) == body


def foreign() -> bytes:
    """Packed by a program that chose otherwise than zlib would: every block stored."""
    return gzip.compress(PAGE, compresslevel=0)


@pytest.mark.parametrize(
    "body",
    [
        PAGE,
        b"",
        b"\x1f\x8b\x08",
        foreign(),
        gzip.compress(PAGE) + b"more",
        gzip.compress(PAGE) * 2,
        gzip.compress(PAGE)[:-9],
        gzip.compress(b"\0" * (gzipped.LONGEST + 1)),
    ],
    ids=["page", "empty", "magic", "foreign", "more", "two", "cut", "bomb"],
)
def test_anything_else_stays_as_received(body: bytes):
    assert take_apart(body, "a.gov.cn") is None


def test_a_wrong_length_at_the_end_stays_as_received():
    body = gzip.compress(PAGE)
    assert take_apart(body[:-1] + b"\1", "a.gov.cn") is None


def test_a_host_that_packs_its_own_way_is_not_tried_for_ever(monkeypatch: pytest.MonkeyPatch):
    for _ in range(gzipped.PATIENCE):
        assert take_apart(foreign(), "iis.gov.cn") is None
    monkeypatch.setattr(gzipped, "deflate", lambda *_: pytest.fail("tried again"))
    assert take_apart(gzip.compress(PAGE), "iis.gov.cn") is None


def test_another_zlib_keeps_nothing_in_this_way(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(gzipped, "IS_ZLIB", False)
    assert take_apart(gzip.compress(PAGE), "a.gov.cn") is None


def test_content_goes_by_the_body_alone():
    assert content_of(foreign()) == PAGE
    assert content_of(gzip.compress(PAGE)) == PAGE
    assert content_of(gzip.compress(PAGE) * 2) is None


@pytest.mark.parametrize("written", ["", "a0", "05", "07", "071f8b", "f0"])
def test_a_note_without_sense_is_refused(written: str):
    with pytest.raises(GzippedError):
        read_note(bytes.fromhex(written))
