"""Streams of a PDF that unpack to far more than any page holds, told before pdfium unpacks them whole."""

import re
import zlib

from extract.readers.formats import NotReadable

LOOKED_AT = 64_000
"""Bytes of a packed stream unpacked to see. Smaller ones can do little harm: deflate packs 1000 to 1."""
MOST_UNPACKED = 20_000_000
"""Bytes that they may give. Drawing operators of a full page take 1 MB."""
_STREAM = re.compile(rb"stream\r?\n")
_IMAGE = re.compile(rb"/Subtype\s*/Image\b")
_LONGEST_HEAD = 1_000


def refuse_bombs(payload: bytes) -> None:
    """Blank scans pack as well as bombs do; pictures are unpacked only to be drawn, and then under limits."""
    for match in _STREAM.finditer(payload):
        begin, stop = match.end(), match.end() + LOOKED_AT
        if len(payload) < stop or payload.find(b"endstream", begin, stop) >= 0:
            continue
        earliest = max(match.start() - _LONGEST_HEAD, 0)
        head = payload[max(payload.rfind(b"obj", earliest, begin), earliest) : begin]
        if not _IMAGE.search(head) and _unpacked(payload[begin:stop]) >= MOST_UNPACKED:
            raise NotReadable(f"a PDF with a stream of more than {MOST_UNPACKED} bytes unpacked")


def _unpacked(packed: bytes) -> int:
    try:
        return len(zlib.decompressobj().decompress(packed, MOST_UNPACKED))
    except zlib.error:
        return 0
