"""ARC in: what Heritrix and the Internet Archive wrote before there was WARC (until about 2009).

A record is a line (address, the server's number, 14 digits of time, type, length of what follows), what the
server said, and a line feed. In .arc.gz each record is a member. The first record names the file.
"""

import gzip
import re
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO, cast

from storage.warc.records import LARGEST, BrokenRecordError, Record, Skipped

MARK = b"filedesc:"
GZIP = b"\x1f\x8b"
# Version 2 has more fields before the length.
LINE = re.compile(
    rb"(?P<url>\S+) (?P<ip>\S*) (?P<at>\d{14}) (?P<type>\S*)(?: [^\r\n]*)? (?P<length>\d+)\r?\n"
)
LONGEST_LINE = 64 * 1024
UNREADABLE = (OSError, EOFError, zlib.error)


def is_arc(stream: BinaryIO) -> bool:
    """Look at the beginning, and leave the stream there."""
    head = stream.read(len(MARK))
    if head.startswith(GZIP):
        stream.seek(0)
        try:
            head = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(stream.read(4096), len(MARK))
        except zlib.error:
            head = b""
    stream.seek(0)
    return head == MARK


def read_arc(name: str, stream: BinaryIO, skipped: Skipped | None = None) -> Iterator[Record]:
    """Give the records as WARC would call them. Offsets are those in the file unpacked.

    Raises WarcError. With `skipped`, what follows a broken record is told of and left out: nothing in ARC
    shows where the next one begins.
    """
    try:
        yield from strict_records(name, unpacked(stream))
    except BrokenRecordError as error:
        if skipped is None:
            raise
        skipped(str(error))


def unpacked(stream: BinaryIO) -> BinaryIO:
    head = stream.read(len(GZIP))
    stream.seek(0)
    return cast("BinaryIO", gzip.GzipFile(fileobj=stream)) if head == GZIP else stream


def strict_records(name: str, stream: BinaryIO) -> Iterator[Record]:
    offset = 0
    while line := read(name, stream, offset, LONGEST_LINE, whole_line=True):
        if line.strip():
            found = LINE.fullmatch(line)
            if found is None:
                raise BrokenRecordError(f"{name}: no record begins at offset {offset}", offset)
            length = int(found["length"])
            block = read(name, stream, offset, length)
            if length > LARGEST or len(block) < length:
                raise BrokenRecordError(f"{name}: the record at offset {offset} is cut short", offset)
            if not line.startswith(MARK):
                yield record_of(name, found, offset, block)
            offset += length
        offset += len(line)


def read(name: str, stream: BinaryIO, offset: int, size: int, *, whole_line: bool = False) -> bytes:
    try:
        return stream.readline(size) if whole_line else stream.read(min(size, LARGEST + 1))
    except UNREADABLE as error:
        raise BrokenRecordError(
            f"{name}: broken in the record at offset {offset} ({error})", offset
        ) from error


def record_of(name: str, found: re.Match[bytes], offset: int, block: bytes) -> Record:
    told = {key: value.decode("latin-1") for key, value in found.groupdict().items()}
    try:
        at = datetime.strptime(told["at"], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError as error:
        raise BrokenRecordError(f"{name}: the record at offset {offset} has no time", offset) from error
    headers = {
        "warc-target-uri": told["url"],
        "warc-ip-address": "" if told["ip"] == "0.0.0.0" else told["ip"],  # noqa: S104 - as ARC says unknown
        "content-type": told["type"],
        "warc-record-id": f"arc:{offset}",
    }
    return Record("response", offset, headers, at, block)
