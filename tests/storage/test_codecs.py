import gzip

import pytest

from storage.codecs import (
    GZIP,
    Packed,
    PayloadError,
    checksum_of,
    pack,
    pack_delta,
    unpack,
    unpack_content,
    wrap,
)
from storage.gzipped import take_apart

PAGE = "".join(f"<td>{number * number}</td>" for number in range(400)).encode()
COUNTED = PAGE.replace(b"<td>9</td>", b"<td>17 views</td>")
TWICE = COUNTED.replace(b"<td>157609</td>", b"<td>today</td>")


def sent(content: bytes) -> bytes:
    return gzip.compress(content, 6, mtime=0)


def wrapped(packed: Packed, content: bytes) -> Packed:
    found = take_apart(sent(content), "a.gov.cn")
    assert found
    return wrap(found, packed)


KEPT = {
    "raw": (pack(b"short"), b"short", b""),
    "zstd": (pack(COUNTED, PAGE), COUNTED, PAGE),
    "splice": (pack_delta(COUNTED, PAGE), COUNTED, PAGE),
    "delta": (pack_delta(TWICE, PAGE), TWICE, PAGE),
    "gzip raw": (wrapped(pack(b"short"), b"short"), sent(b"short"), b""),
    "gzip zstd": (wrapped(pack(COUNTED, PAGE), COUNTED), sent(COUNTED), PAGE),
    "gzip splice": (wrapped(pack_delta(COUNTED, PAGE), COUNTED), sent(COUNTED), PAGE),
    "gzip delta": (wrapped(pack_delta(TWICE, PAGE), TWICE), sent(TWICE), PAGE),
}


@pytest.mark.parametrize("codec", KEPT)
def test_each_codec_gives_back_what_was_received(codec: str):
    packed, body, leaning = KEPT[codec]
    assert packed.codec == codec
    assert unpack(codec, len(body), packed.stored, leaning) == body


@pytest.mark.parametrize("codec", KEPT)
def test_every_flipped_bit_and_truncation_shows(codec: str):
    packed, body, leaning = KEPT[codec]
    stored = packed.stored
    flips = [
        stored[:at] + bytes((stored[at] ^ 1 << bit,)) + stored[at + 1 :]
        for at in range(len(stored))
        for bit in range(8)
    ]
    for changed in [*flips, *(stored[:at] for at in range(len(stored)))]:
        assert shows(codec, body, changed, leaning, checksum_of(packed)), changed


def shows(codec: str, body: bytes, changed: bytes, leaning: bytes, checksum: int) -> bool:
    try:
        made = unpack(codec, len(body), changed, leaning)
    except PayloadError:
        return True
    return made != body or checksum_of(Packed(codec, changed)) != checksum


@pytest.mark.parametrize("codec", KEPT)
def test_what_a_delta_leans_on_is_the_content(codec: str):
    packed, body, leaning = KEPT[codec]
    content = gzip.decompress(body) if codec.startswith(GZIP) else body
    assert unpack_content(codec, len(body), packed.stored, leaning) == content


def test_content_is_the_same_for_a_body_that_could_not_be_packed_again():
    """So that a mended body, kept as received, still carries its deltas."""
    body = sent(PAGE)
    packed = pack(body)
    assert unpack_content(packed.codec, len(body), packed.stored) == PAGE


def test_a_counter_in_gzip_takes_as_little_as_without():
    plain, gzipped = KEPT["splice"][0], KEPT["gzip splice"][0]
    assert len(gzipped.stored) == len(plain.stored) + 1
