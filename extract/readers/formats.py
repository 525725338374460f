"""What the bytes are, by their first bytes. A server's Content-Type and a file's name are never believed."""

import re
from collections.abc import Callable
from io import BytesIO
from zipfile import BadZipFile, ZipFile

MOST_BYTES = 20_000_000
"""A page above this is no report; the largest real one known is about 3 MB (a spreadsheet pasted as HTML)."""

_LOOKED_AT = 8_192
_HEAD = 1_024
_OFFICE_XML = (
    (b"schemas.microsoft.com/office/word/2003/wordml", "word_xml"),
    (b"schemas.microsoft.com/office/2006/xmlpackage", "word_xml"),
    (b"urn:schemas-microsoft-com:office:spreadsheet", "excel_xml"),
)
_FEWEST_RECORDS = 3
_PRINTED = re.compile(rb"[^\0 \t\r\n\xef\xbb\xbf]")
_QUOTED = re.compile(rb'"[^"]*"')

_KNOWN = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"II*\0", "image"),
    (b"MM\0*", "image"),
    (b"BM", "image"),
    (b"{\\rtf", "doc"),
)
_MAGIC = (
    (b"GIF8", "a GIF image"),
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
    """One of the formats that have a reader (extract/readers/__init__.py); anything else is NotReadable."""
    if not _PRINTED.search(payload):
        raise NotReadable("an empty document")
    if len(payload) > MOST_BYTES:
        raise NotReadable(f"{len(payload)} bytes, more than the {MOST_BYTES} that a page may have")
    if payload.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "html" if b"<\0" in payload[:4096] or b"\0<" in payload[:4096] else "text"
    return _by_magic(payload) or _html_or_text(payload)


def _by_magic(payload: bytes) -> str:
    """Empty where the bytes begin as nothing known does."""
    for magic, name in _KNOWN:
        if payload.startswith(magic):
            return name
    for magic, name_inside in _CONTAINERS:
        if payload.startswith(magic):
            return name_inside(payload)
    for magic, name in _MAGIC:
        if payload.startswith(magic):
            raise NotReadable(f"{name}, not HTML or text")
    return ""


def _html_or_text(payload: bytes) -> str:
    start = payload[:_LOOKED_AT]
    if len(start.translate(None, _BINARY)) < 0.97 * len(start):
        raise NotReadable("binary data, not HTML or text")
    lowered = start.lower()
    if b"mime-version:" in lowered[:_HEAD] and b"multipart/related" in lowered[:_HEAD]:
        return "mhtml"
    if lowered.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"<?xml") and b"<html" not in lowered:
        for mark, name in _OFFICE_XML:
            if mark in lowered:
                return name
    if any(tag in lowered for tag in _TAGS):
        return "html"
    return "csv" if _is_csv(start) else "text"


def _is_csv(start: bytes) -> bool:
    """As Excel writes it: every line has as many commas as the first, those in quotes aside. (No sign of
    GB18030 has a comma inside.)
    """
    lines = _QUOTED.sub(b"", start).splitlines()[:-1]
    commas = [line.count(b",") for line in lines if line.strip()]
    return len(commas) >= _FEWEST_RECORDS and commas[0] > 1 and len(set(commas)) == 1


_PACKAGES = (("word/document", "docx"), ("xl/workbook", "sheet"), ("OFD.xml", "ofd"), ("content.xml", "doc"))
"""How a member's name begins in the ZIP files of office programs; the last is OpenDocument's."""


def _in_zip(payload: bytes) -> str:
    try:
        names = ZipFile(BytesIO(payload)).namelist()
    except (BadZipFile, ValueError, NotImplementedError) as error:
        raise NotReadable(f"a damaged ZIP container (docx, xlsx, ofd or zip): {error}") from error
    for start, name in _PACKAGES:
        if any(member.startswith(start) for member in names):
            return name
    return "zip"


def _in_ole(payload: bytes) -> str:
    """By its streams: .doc and .wps are one format, .xls and .et another, and what is locked a third."""
    from anydoc import format_from_bytes

    if "EncryptedPackage".encode("utf-16-le") in payload:
        raise NotReadable("an office document locked with a password")
    name = {"doc": "doc", "xlsx": "sheet"}.get(format_from_bytes(payload) or "")
    if name is None:
        raise NotReadable("a damaged OLE container, or one that holds neither a text nor a sheet")
    return name


_CONTAINERS: tuple[tuple[bytes, Callable[[bytes], str]], ...] = (
    (b"PK\x03\x04", _in_zip),
    (b"\xd0\xcf\x11\xe0", _in_ole),
)
