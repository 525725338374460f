import pytest

from extract.readers import NotReadable, read
from extract.readers.formats import MOST_BYTES, sniff


def test_html_and_text_are_told_apart_by_their_bytes():
    assert sniff("<p>年报".encode()) == "html"
    assert sniff("年报 a < b".encode()) == "text"
    assert sniff("<html>年报".encode("utf-16")) == "html"
    assert sniff("年报".encode("gb18030")) == "text"


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        (b"", "an empty document"),
        (b" \r\n\0", "an empty document"),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "a picture too broken or too small to read"),
        (b"%PDF-1.4", "a PDF too broken to open"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a damaged OLE container"),
        (b"PK\x03\x04", "a damaged ZIP container"),
        (bytes(range(256)) * 40, "binary data, not HTML or text"),
        (b"<" * (MOST_BYTES + 1), "more than the"),
    ],
)
def test_what_is_no_page_is_said_in_one_line(payload, said):
    with pytest.raises(NotReadable, match=said) as caught:
        read(payload, "text/html", "http://www.example.gov.cn/a.html")
    assert isinstance(caught.value, ValueError)
    assert "\n" not in str(caught.value)
