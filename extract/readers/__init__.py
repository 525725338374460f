"""One reader for each format, all giving the same `Document`."""

from extract.document import Document
from extract.readers.formats import NotReadable, sniff

__all__ = ["NotReadable", "read"]


def read(payload: bytes, content_type: str = "", url: str = "") -> Document:  # noqa: ARG001
    """What the bytes hold; `content_type` and `url` are only for readers whose format the bytes cannot tell.
    NotReadable for everything that is neither HTML nor text.
    """
    if sniff(payload) == "html":
        from extract.readers.html import read_html

        return read_html(payload)
    from extract.readers.text import read_text

    return read_text(payload)
