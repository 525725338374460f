from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.splices import SpliceError, splice, spliced
from storage.varint import read_varint, varint

BASE = b"<td>103 views</td>"


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_a_splice_gives_the_body_again(body: bytes, base: bytes):
    assert spliced(splice(body, base), base) == body


@given(st.binary(min_size=1, max_size=20), st.binary(max_size=20), st.data())
def test_any_other_splice_gives_another_body_or_none(body: bytes, base: bytes, data: st.DataObject):
    stored = bytearray(splice(body, base))
    at = data.draw(st.integers(0, len(stored) * 8 - 1))
    stored[at // 8] ^= 1 << at % 8
    with suppress(SpliceError):
        assert spliced(bytes(stored), base) != body


def test_a_counter_takes_a_few_bytes():
    assert splice(b"<td>107 views</td>", BASE) == b"\x06\x0b7"
    assert splice(b"<td>1003 views</td>", BASE) == b"\x06\x0c0"


@pytest.mark.parametrize("stored", [b"", b"\x06", b"\x86", b"\x7f\x0b7", b"\x05\x0b07", b"\x86\x00\x0b7"])
def test_what_is_no_splice_is_refused(stored: bytes):
    with pytest.raises(SpliceError):
        spliced(stored, BASE)


@given(st.integers(0, 2**64))
def test_numbers_come_back(number: int):
    assert read_varint(varint(number) + b"\xff", 0) == (number, len(varint(number)))
