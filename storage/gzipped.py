"""A body received in gzip as what it holds and how it was packed, so that it can share with other pages.

Packed bytes of two like pages have nothing in common, what they hold nearly everything. Servers pack with
zlib (nginx, Apache, Java's and Python's), whose few settings decide every byte. So the settings are looked
for that make the very bytes received; they and the content are kept in the place of those bytes. Where none
is found (IIS packs in its own way) the body is kept as received.

To make the bytes again takes zlib as everyone knows it: zlib-ng and others pack differently. On a machine
with such a one nothing is kept in this way, and verify says which bodies it cannot make.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from storage.content import only_member

# Bytes unpacked; beyond, looking for the settings costs more than it saves. Part of the format and never to
# be changed, for deltas may lean on what a body holds.
LONGEST = 4 * 1024 * 1024
IS_ZLIB = "ng" not in zlib.ZLIB_RUNTIME_VERSION
MAGIC = b"\x1f\x8b\x08"
HEAD, TAIL = 10, 8  # bytes of gzip around the deflated ones (RFC 1952), without file name and the like
PATIENCE = 3  # bodies of a host in a row without success, after which it is taken to pack in another way
# What stands before the deflated bytes, by who writes it: nginx and Apache, nginx at level 1, Java before and
# since version 16, Python at level 9. Others are kept in full.
HEADS = tuple(
    MAGIC + bytes.fromhex(tail)
    for tail in ("00000000000003", "00000000000403", "00000000000000", "000000000000ff", "000000000002ff")
)
OTHER_HEAD = 7
MEMORIES = (8, 9)  # zlib's default, which all take but Apache


class GzippedError(Exception):
    """What is kept of a gzip body makes no sense."""


class Settings(NamedTuple):
    """zlib's compression level and memory level. The window is the largest, as all servers have it."""

    level: int
    memory: int


@dataclass(frozen=True, slots=True)
class Gzipped:
    """`content` is what the body holds; with `settings` and `head` it packs into the very same bytes."""

    settings: Settings
    head: bytes
    content: bytes


@dataclass(slots=True)
class Habit:
    """How the last bodies of a host were packed. `failures` in a row, whatever was tried."""

    settings: Settings | None = None
    failures: int = 0


@lru_cache(maxsize=4096)
def habit_of(_host: str) -> Habit:
    """One for each host, and as long as it is remembered the same."""
    return Habit()


def take_apart(body: bytes, host: str) -> Gzipped | None:
    """Give what the body holds and how to make it again, tried and found equal; None where it cannot be."""
    habit = habit_of(host)
    if not IS_ZLIB or not body.startswith(MAGIC) or habit.failures >= PATIENCE:
        return None
    content = content_of(body)
    found = None if content is None else next(fitting(body, content, habit), None)
    if content is None or found is None:
        habit.failures += 1
        return None
    habit.settings, habit.failures = found, 0
    return Gzipped(found, body[:HEAD], content)


def content_of(body: bytes) -> bytes | None:
    """What one plain gzip member holds; None for anything else. It goes by nothing but the body."""
    if not body.startswith(MAGIC + b"\0") or len(body) < HEAD + TAIL:
        return None
    if (page := only_member(body)) is not None:
        return page
    stream = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        content = stream.decompress(body, LONGEST)
    except zlib.error:
        return None
    return content if stream.eof and not stream.unused_data else None


def fitting(body: bytes, content: bytes, habit: Habit) -> Iterator[Settings]:
    packed = body[HEAD:-TAIL]
    for settings in likely(habit):
        if deflate(content, settings) == packed:
            yield settings


def likely(habit: Habit) -> Iterator[Settings]:
    """What the host did before, then what servers do: their defaults first."""
    if habit.settings:
        yield habit.settings
    for level in (6, 1, 9, 5, 4, 3, 2, 7, 8):
        yield from (Settings(level, memory) for memory in MEMORIES)


def deflate(content: bytes, settings: Settings) -> bytes:
    packer = zlib.compressobj(settings.level, zlib.DEFLATED, -zlib.MAX_WBITS, settings.memory)
    return packer.compress(content) + packer.flush()


def put_together(gzipped: Gzipped) -> bytes:
    """Undo `take_apart`."""
    size = len(gzipped.content) & 0xFFFFFFFF
    tail = zlib.crc32(gzipped.content).to_bytes(4, "little") + size.to_bytes(4, "little")
    return gzipped.head + deflate(gzipped.content, gzipped.settings) + tail


def note(gzipped: Gzipped) -> bytes:
    """Write down all but the content: a byte of level, memory and which head; the head where it is rare."""
    level, memory = gzipped.settings
    which = HEADS.index(gzipped.head) if gzipped.head in HEADS else OTHER_HEAD
    first = bytes((level << 4 | MEMORIES.index(memory) << 3 | which,))
    return first + gzipped.head if which == OTHER_HEAD else first


def read_note(stored: bytes) -> tuple[Settings, bytes, int]:
    """Give settings, head, and where the note ends. Raises GzippedError."""
    if not stored:
        raise GzippedError("the note is missing")
    level, which = stored[0] >> 4, stored[0] & 7
    end = 1 + HEAD * (which == OTHER_HEAD)
    if level > 9 or len(stored) < end or OTHER_HEAD > which >= len(HEADS):
        raise GzippedError("the note makes no sense")
    head = stored[1:end] if which == OTHER_HEAD else HEADS[which]
    return Settings(level, MEMORIES[stored[0] >> 3 & 1]), head, end
