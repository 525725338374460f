import pytest

from extract.decode import decode

TEXT = "政府信息公开工作年度报告　濛洲㐂"


def test_utf8_with_and_without_a_mark():
    assert decode(TEXT.encode()).text == TEXT
    assert decode(TEXT.encode("utf-8-sig")) == decode(TEXT.encode())


def test_gb18030_whatever_the_page_declares():
    page = f"<meta charset=utf-8><p>{TEXT}"
    decoded = decode(page.encode("gb18030"))
    assert (decoded.text, decoded.encoding) == (page, "gb18030")


def test_a_mark_in_front_of_gb18030_came_from_elsewhere():
    decoded = decode(b"\xef\xbb\xbf" + TEXT.encode("gb18030"))
    assert (decoded.text, decoded.encoding) == (TEXT, "gb18030")


def test_utf16_with_a_mark():
    assert decode(b"\xff\xfe" + TEXT.encode("utf-16-le")).text == TEXT
    assert decode(b"\xfe\xff" + TEXT.encode("utf-16-be")).text == TEXT


def test_damaged_bytes_are_read_in_the_encoding_that_loses_less():
    damaged = TEXT.encode() * 20 + b"\xff\xff" + TEXT.encode()
    decoded = decode(damaged)
    assert decoded.encoding == "utf-8"
    assert decoded.text.count("\ufffd") == 2
    assert decode(TEXT.encode("gb18030") * 20 + b"\xff\xff\xff").encoding == "gb18030"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_text_is_there_as_utf8_too(codec):
    assert decode(TEXT.encode(codec)).utf8 == TEXT.encode()
    assert decode(b"\xff" + TEXT.encode()).utf8 == f"\ufffd{TEXT}".encode()


def test_a_cut_character_costs_only_itself():
    assert decode(TEXT.encode()[:-1]).text.startswith(TEXT[:-1])
