"""How a body lies in a row: as it is, or as something smaller, which may lean on a body kept elsewhere.

Pages of one template share most of their bytes, and tonight's page nearly all of those of last night's. So
a frame may be made with another page for its dictionary: one of the same template (storage/dictionaries.py)
or the body that the same address gave before. Measured on 2,000 pages of 20 hosts: 9,206 bytes a page
without, 3,171 with the template, 26 with the page of the night before, 9 as a splice of that.

What every frame would repeat is left out: the magic number and the size (the row has it).

    raw     the body itself
    zstd    a frame, made with a template or without; before there were splices, also with a base
    frame   an ordinary zstd frame, as schema 0001 made them
    splice  the base with one stretch replaced (storage/splices.py)
    delta   a frame made with the base
    gzip …  how a gzip body was packed (storage/gzipped.py), then what it holds in one of the other codecs

What splice and delta lean on is the base's content: of a gzip body what it holds.
"""

import binascii
import hashlib
import zlib
from functools import lru_cache
from typing import NamedTuple

import zstandard

from storage import gzipped
from storage.gzipped import Gzipped, GzippedError
from storage.splices import SpliceError, splice, spliced
from storage.varint import read_varint, varint

PLAIN = ("raw", "zstd", "frame", "splice", "delta")
GZIP = "gzip "
CODECS = (
    *PLAIN,
    *(GZIP + codec for codec in PLAIN if codec != "frame"),
)  # their places are kept: add at the end
FRAMES = ("zstd", "delta")  # behind a gzip note these begin with the size of what they hold
LEVEL = 3  # level 9 saves 5 % for three times the work; 19 is no smaller on pages (measured on 2,000 pages)
# The decoder makes no more than a row says its body has, and no row may say more than this.
LARGEST = 1024 * 1024 * 1024
SMALL = 64  # bytes of a splice below which a frame is not tried
BARE = zstandard.FORMAT_ZSTD1_MAGICLESS


class PayloadError(Exception):
    """A body that is not there, or not what its digest says. The message names the digest."""


class Packed(NamedTuple):
    codec: str
    stored: bytes


def digest_of(payload: bytes) -> str:
    return hashlib.sha256(payload).hexdigest()


def checksum_of(packed: Packed) -> int:
    """What finds changes that the digest misses: about 1 of 200 bits of a frame means nothing to the decoder.

    Each bit of a splice counts. Sixteen bits find every flipped one, too, and take half the room.
    """
    if packed.codec == "splice":
        return 0
    if packed.codec == "delta" or packed.codec.startswith(GZIP):
        return binascii.crc_hqx(packed.stored, 0)
    return zlib.crc32(packed.stored)


def pack(content: bytes, template: bytes = b"") -> Packed:
    """Give the smaller of the content and its frame, which only the same template opens."""
    smaller = lasting_compressor(template).compress(content)
    return Packed("zstd", smaller) if len(smaller) < len(content) else Packed("raw", content)


def pack_delta(content: bytes, base: bytes) -> Packed:
    """Give the smaller of what only `base` opens: one stretch of change, or a frame where there are more."""
    one = splice(content, base)
    if len(one) < SMALL:
        return Packed("splice", one)
    frame = compressor(base).compress(content)
    return Packed("splice", one) if len(one) <= len(frame) else Packed("delta", frame)


def wrap(found: Gzipped, packed: Packed) -> Packed:
    """Put how a gzip body was packed before its packed content."""
    size = varint(len(found.content)) if packed.codec in FRAMES else b""
    return Packed(GZIP + packed.codec, gzipped.note(found) + size + packed.stored)


def unpack(codec: str, size: int, stored: bytes, leaning: bytes = b"") -> bytes:
    """Give the body as received, trusting nothing: never more than `size` bytes. Raises PayloadError."""
    if codec.startswith(GZIP):
        return gzipped.put_together(unwrap(codec, stored, leaning))
    return open_plain(codec, size, stored, leaning)


def unpack_content(codec: str, size: int, stored: bytes, leaning: bytes = b"") -> bytes:
    """Give what others lean on: of a gzip body what it holds, of all others the body. Raises PayloadError."""
    if codec.startswith(GZIP):
        return unwrap(codec, stored, leaning).content
    body = open_plain(codec, size, stored, leaning)
    held = gzipped.content_of(body)  # also where it could not be packed again and is kept as received
    return body if held is None else held


def unwrap(codec: str, stored: bytes, leaning: bytes) -> Gzipped:
    inner, size = codec.removeprefix(GZIP), gzipped.LONGEST
    try:
        settings, head, end = gzipped.read_note(stored)
        if inner in FRAMES:
            size, end = read_varint(stored, end)
    except (GzippedError, IndexError) as error:
        raise PayloadError(f"cannot be packed again ({error})") from error
    if size > gzipped.LONGEST:
        raise PayloadError(f"cannot hold {size} bytes")
    return Gzipped(settings, head, open_plain(inner, size, stored[end:], leaning))


def open_plain(codec: str, size: int, stored: bytes, leaning: bytes) -> bytes:
    if codec == "raw":
        return bytes(stored)
    if codec not in PLAIN:
        raise PayloadError(f"has unknown codec {codec!r}")
    if not 0 <= size <= LARGEST:
        raise PayloadError(f"cannot be {size} bytes long")
    try:
        if codec == "splice":
            return spliced(stored, leaning)
        # One byte more than wanted shows a frame that holds too much.
        return decompressor(codec, leaning).decompress(stored, max_output_size=size + 1)
    except (zstandard.ZstdError, SpliceError, MemoryError) as error:
        raise PayloadError(f"cannot be decompressed ({error})") from error


def parameters(dictionary_size: int) -> zstandard.ZstdCompressionParameters:
    return zstandard.ZstdCompressionParameters.from_level(
        LEVEL, dict_size=dictionary_size, format=BARE, write_content_size=False, write_dict_id=False
    )


def compressor(dictionary: bytes) -> zstandard.ZstdCompressor:
    data = raw_dictionary(dictionary) if dictionary else None
    return zstandard.ZstdCompressor(dict_data=data, compression_params=parameters(len(dictionary)))


# One for each template that a busy crawl meets, about 1 MB each. A delta's base is not met again.
lasting_compressor = lru_cache(maxsize=64)(compressor)


def decompressor(codec: str, dictionary: bytes) -> zstandard.ZstdDecompressor:
    data = raw_dictionary(dictionary) if dictionary else None
    return zstandard.ZstdDecompressor(
        dict_data=data, format=zstandard.FORMAT_ZSTD1 if codec == "frame" else BARE
    )


def raw_dictionary(content: bytes) -> zstandard.ZstdCompressionDict:
    return zstandard.ZstdCompressionDict(content, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
