"""How a body lies in a row: as it is, or as a zstd frame, which may lean on a body kept elsewhere.

Pages of one template share most of their bytes, and tonight's page nearly all of those of last night's. So
a frame may be made with another page for its dictionary: one of the same template (storage/dictionaries.py)
or the body that the same address gave before. Measured on 2,000 pages of 20 hosts: 9,206 bytes a page
without, 3,171 with the template, 26 with the page of the night before.

What every frame would repeat is left out: the magic number and the size (the row has it).
"""

import hashlib
from functools import lru_cache
from typing import Literal

import zstandard

Codec = Literal["raw", "zstd", "frame"]
CODECS = ("raw", "zstd", "frame")  # "frame": an ordinary zstd frame, as schema 0001 made them
LEVEL = 3  # level 9 saves 5 % for three times the work; 19 is no smaller on pages (measured on 2,000 pages)
# The decoder makes no more than a row says its body has, and no row may say more than this.
LARGEST = 1024 * 1024 * 1024
BARE = zstandard.FORMAT_ZSTD1_MAGICLESS


class PayloadError(Exception):
    """A body that is not there, or not what its digest says. The message names the digest."""


def digest_of(payload: bytes) -> str:
    return hashlib.sha256(payload).hexdigest()


def pack(body: bytes, template: bytes = b"") -> tuple[Codec, bytes]:
    """Give the smaller of the body and its frame, which only the same template opens."""
    smaller = lasting_compressor(template).compress(body)
    return ("zstd", smaller) if len(smaller) < len(body) else ("raw", body)


def pack_delta(body: bytes, base: bytes) -> bytes:
    """Give a frame that only `base` opens."""
    return compressor(base).compress(body)


def unpack(codec: str, size: int, stored: bytes, dictionary: bytes = b"") -> bytes:
    """Undo `pack`, trusting nothing: no more than `size` bytes are made. Raises PayloadError."""
    if codec == "raw":
        return bytes(stored)
    if codec not in CODECS:
        raise PayloadError(f"has unknown codec {codec!r}")
    if not 0 <= size <= LARGEST:
        raise PayloadError(f"cannot be {size} bytes long")
    try:
        # One byte more than wanted shows a frame that holds too much.
        return decompressor(codec, dictionary).decompress(stored, max_output_size=size + 1)
    except (zstandard.ZstdError, MemoryError) as error:
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
        dict_data=data, format=BARE if codec == "zstd" else zstandard.FORMAT_ZSTD1
    )


def raw_dictionary(content: bytes) -> zstandard.ZstdCompressionDict:
    return zstandard.ZstdCompressionDict(content, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
