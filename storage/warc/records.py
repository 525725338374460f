"""The records of one WARC stream, each read whole and held against its own length and digest."""

import base64
import hashlib
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, cast
from zipfile import BadZipFile, ZipFile

from fastwarc.warc import ArchiveIterator, WarcRecord

WARC_NAME = re.compile(r"\.warc(\.gz|\.zst)?$", re.IGNORECASE)
PAGES_OF_WACZ = (
    "pages/pages.jsonl"  # that of a run which brought nothing new has no WARC and is one all the same
)
GZIP = 16 + zlib.MAX_WBITS
PIECE = 64 * 1024
WARC_MARK = b"WARC/"
BEGINNING = re.compile(rb"\x1f\x8b\x08|WARC/[01]\.\d+\r\n")
LONGEST_BEGINNING = 16  # bytes kept of a piece, so that a beginning that lies across two is seen
LARGEST = 256 * 1024 * 1024  # bytes of a block; a record is read whole, and no page or report is near this
Skipped = Callable[[str], None]  # told in one line of each record that is left out


class WarcError(Exception):
    """A file that is no WARC or WACZ, is broken, or ends too early. The message names it and the offset."""


class BrokenRecordError(WarcError):
    """A record that is not what it promises, or a stream that breaks behind it. `offset` is the record's."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Record:
    """`offset` is where the record begins in its stream, in compressed bytes where that is compressed."""

    kind: str
    offset: int
    headers: dict[str, str]  # names in lower case
    date: datetime
    block: bytes

    def uri(self, name: str = "warc-target-uri") -> str:
        """Give an address or record id, without the brackets that early tools put around it."""
        return self.headers.get(name, "").strip().removeprefix("<").removesuffix(">")


def streams_of(path: Path) -> Iterator[tuple[str, BinaryIO]]:
    """Open the WARC streams of a file one by one, named for messages: several in a WACZ, one elsewhere."""
    try:
        with path.open("rb") as file:
            is_zip = file.read(4) == b"PK\x03\x04"
            file.seek(0)
            if is_zip:
                yield from members(path, file)
            else:
                yield str(path), file
    except (OSError, BadZipFile) as error:
        raise WarcError(f"{path}: cannot be read ({error})") from error


def members(path: Path, file: BinaryIO) -> Iterator[tuple[str, BinaryIO]]:
    with ZipFile(file) as archive:
        names = [name for name in archive.namelist() if WARC_NAME.search(name)]
        if not names and PAGES_OF_WACZ not in archive.namelist():
            raise WarcError(f"{path}: is a ZIP file without any WARC in it")
        for name in names:
            with archive.open(name) as stream:
                yield f"{path}: {name}", cast("BinaryIO", stream)


def read_records(name: str, stream: BinaryIO, skipped: Skipped | None = None) -> Iterator[Record]:
    """Read a stream to its very end. Raises WarcError, naming `name` and the offset.

    With `skipped`, a record that is not what it promises is left out and told of, and reading goes on at the
    next place that begins one: where a broken record ends it can no longer say.
    """
    place: int | None = 0
    while place is not None:
        try:
            yield from strict_records(name, stream, place)
        except BrokenRecordError as error:
            if skipped is None:
                raise
            skipped(str(error))
            place = next_beginning(stream, error.offset + 1)
        else:
            return


def strict_records(name: str, stream: BinaryIO, place: int) -> Iterator[Record]:
    last: Record | None = None
    stream.seek(place)
    try:
        for found in ArchiveIterator(stream, parse_http=False):
            last = read_record(name, found)
            yield last
        if last is not None:
            check_end(name, stream, last.offset)
    except (OSError, ValueError, BadZipFile) as error:
        where = f"after the record at offset {last.offset}" if last else f"at offset {place}"
        raise BrokenRecordError(
            f"{name}: broken {where} ({error})", last.offset if last else place
        ) from error
    if last is None:
        raise BrokenRecordError(f"{name}: holds no WARC record from offset {place} on", place)


def next_beginning(stream: BinaryIO, offset: int) -> int | None:
    """Where the next record begins, compressed or not; None where none does. Records are looked for by how a
    gzip member or a record begins, and taken where "WARC/" is what comes out.
    """
    stream.seek(offset)
    kept, start = b"", offset
    while piece := stream.read(PIECE):
        window = kept + piece
        for found in BEGINNING.finditer(window):
            place = start + found.start()
            if begins_record(stream, place):
                return place
        stream.seek(start + len(window))
        kept = window[-LONGEST_BEGINNING:]
        start += len(window) - len(kept)
    return None


def begins_record(stream: BinaryIO, place: int) -> bool:
    stream.seek(place)
    head = stream.read(PIECE)
    if head.startswith(b"\x1f\x8b"):
        try:
            head = zlib.decompressobj(GZIP).decompress(head, len(WARC_MARK))
        except zlib.error:
            return False
    return head.startswith(WARC_MARK)


def read_record_at(stream: BinaryIO, offset: int) -> Record | None:
    """Read one record again; None where the stream cannot be entered there."""
    stream.seek(offset)
    try:
        found = next(iter(ArchiveIterator(stream, parse_http=False)), None)
    except OSError:
        return None
    return read_record("", found) if found else None


def read_record(name: str, found: WarcRecord) -> Record:
    headers = {key.lower(): value for key, value in found.headers.items()}
    if found.content_length > LARGEST:
        broken = f"{name}: the record at offset {found.stream_pos} is over {LARGEST} bytes"
        raise BrokenRecordError(broken, found.stream_pos)
    block = found.reader.read(LARGEST + 1)
    if headers.get("content-length") != str(len(block)):
        broken = f"{name}: the record at offset {found.stream_pos} is cut short"
        raise BrokenRecordError(broken, found.stream_pos)
    kind = headers.get("warc-type", "").lower()
    if kind != "revisit":  # wget gives these the digest of an empty block
        check_digest(name, found.stream_pos, headers.get("warc-block-digest", ""), block)
    return Record(kind, found.stream_pos, headers, found.record_date, block)


def check_digest(name: str, offset: int, promised: str, block: bytes) -> None:
    """Hold a block against "sha1:BASE32", as most tools write it, or hex; other algorithms go unchecked."""
    algorithm, _, value = promised.partition(":")
    if algorithm.lower() not in {"sha1", "sha256"} or not value:
        return
    digest = hashlib.new(algorithm.lower(), block, usedforsecurity=False)
    spellings = {digest.hexdigest(), base64.b32encode(digest.digest()).decode().rstrip("=").lower()}
    if value.rstrip("=").lower() not in spellings:
        raise BrokenRecordError(f"{name}: the record at offset {offset} does not match its digest", offset)


def check_end(name: str, stream: BinaryIO, offset: int) -> None:
    """The reader is content with a last gzip member that lacks its end; we are not."""
    stream.seek(offset)
    piece = stream.read(PIECE)
    if not piece.startswith(b"\x1f\x8b"):
        return
    member = zlib.decompressobj(GZIP)
    while piece and not member.eof:
        member.decompress(piece)
        piece = stream.read(PIECE)
    if not member.eof:
        raise BrokenRecordError(f"{name}: the record at offset {offset} is cut short", offset)
