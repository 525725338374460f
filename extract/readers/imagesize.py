"""How large a picture says it is, before anything unpacks it: a few bytes can stand for gigabytes."""

import struct


def size(payload: bytes) -> tuple[int, int] | None:
    """Width and height in pixels of PNG, JPEG, BMP or TIFF; None where the header does not say."""
    try:
        if payload.startswith(b"\x89PNG"):
            width, height = struct.unpack_from(">II", payload, 16)
            return width, height
        if payload.startswith(b"BM"):
            width, height = struct.unpack_from("<ii", payload, 18)
            return abs(width), abs(height)
        return _jpeg(payload) if payload.startswith(b"\xff\xd8") else _tiff(payload)
    except struct.error:
        return None


def _jpeg(payload: bytes) -> tuple[int, int] | None:
    """From the frame header: FFC0 to FFCF but for the tables and conditions among them."""
    at = 2
    while at < len(payload):
        mark, kind, length = struct.unpack_from(">BBH", payload, at)
        if mark != 0xFF:
            return None
        if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", payload, at + 5)
            return width, height
        at += 2 + length
    return None


def _tiff(payload: bytes) -> tuple[int, int] | None:
    """From the first directory: tags 256 and 257, as short or long."""
    order = "<" if payload.startswith(b"II") else ">"
    (at,) = struct.unpack_from(f"{order}I", payload, 4)
    (count,) = struct.unpack_from(f"{order}H", payload, at)
    found = {}
    for entry in range(min(count, 64)):
        tag, kind = struct.unpack_from(f"{order}HH", payload, at + 2 + 12 * entry)
        (found[tag],) = struct.unpack_from(
            f"{order}{'H' if kind == 3 else 'I'}", payload, at + 10 + 12 * entry
        )
    return (found[256], found[257]) if 256 in found and 257 in found else None
