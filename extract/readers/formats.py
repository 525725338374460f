"""What the bytes are, by their first bytes. A server's Content-Type and a file's name are never believed."""

MOST_BYTES = 20_000_000
"""A page above this is no report; the largest real one known is about 3 MB (a spreadsheet pasted as HTML)."""

_LOOKED_AT = 8_192

_MAGIC = (
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"BM", "a BMP image"),
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP container (docx, xlsx, ofd or zip)"),
    (b"\xd0\xcf\x11\xe0", "an OLE container (doc, wps, xls or et)"),
    (b"{\\rtf", "an RTF document"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x1f\x8b", "a gzip stream"),
    (b"RIFF", "a RIFF file (image, sound or film)"),
)
_TAGS = (
    b"<html",
    b"<!doctype html",
    b"<body",
    b"<head",
    b"<p",
    b"<div",
    b"<table",
    b"<meta",
    b"<td",
    b"<span",
)
_BINARY = bytes(range(8)) + b"\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1c\x1d\x1e\x1f"


class NotReadable(ValueError):  # noqa: N818 - the contract of the readers names it so
    """These bytes are no document that a reader here knows; the message says what they are instead."""


def sniff(payload: bytes) -> str:
    """`html` or `text`; anything else is NotReadable."""
    if not payload.lstrip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise NotReadable("an empty document")
    if len(payload) > MOST_BYTES:
        raise NotReadable(f"{len(payload)} bytes, more than the {MOST_BYTES} that a page may have")
    if payload.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "html" if b"<\0" in payload[:4096] or b"\0<" in payload[:4096] else "text"
    for magic, name in _MAGIC:
        if payload.startswith(magic):
            raise NotReadable(f"{name}, not HTML or text")
    return _html_or_text(payload)


def _html_or_text(payload: bytes) -> str:
    start = payload[:_LOOKED_AT]
    if len(start.translate(None, _BINARY)) < 0.97 * len(start):
        raise NotReadable("binary data, not HTML or text")
    lowered = start.lower()
    return "html" if any(tag in lowered for tag in _TAGS) else "text"
