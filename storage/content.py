"""Content codings (RFC 9110 §8.4.1) undone: from the body as received to the bytes the page meant."""

import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

import brotli  # no stubs exist
import zstandard

from storage.captures import Header

GZIP_MAGIC = b"\x1f\x8b"
GZIP = 16 + zlib.MAX_WBITS
BARE_DEFLATE = -zlib.MAX_WBITS
PIECE = 64 * 1024
LARGEST_PAGE = 256 * 1024
REMEMBERED = 64  # streams; a group of visits has 50
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
ZSTD_WINDOW = 8 * 1024 * 1024  # the largest an HTTP server may use (RFC 9659)
Undone = tuple[bytes, str]  # what came out, and what was wrong with it ("" if nothing)


class ContentError(Exception):
    """A body that cannot be decoded at all, or that swells beyond the limit."""


@dataclass(frozen=True, slots=True)
class Content:
    """`problems` says in words what was wrong and survived: a cut-off stream, a coding that is none."""

    body: bytes
    problems: tuple[str, ...] = ()

    @property
    def is_part(self) -> bool:
        """A stream ended too early, and what had come is no whole page: some servers always leave out the
        stream's end, and nothing of the page.
        """
        is_cut = any("stream is" in problem for problem in self.problems)
        return is_cut and not self.body.rstrip().lower().endswith(b"</html>")


def decoded_body(headers: Iterable[Header], payload: bytes, limit: int) -> bytes:
    """Give the body without its codings, at most `limit` bytes. Raises ContentError."""
    return decode_content(headers, payload, limit).body


def decode_content(headers: Iterable[Header], payload: bytes, limit: int) -> Content:
    """Undo every coding, the last applied first, and say what was wrong. Raises ContentError.

    A stream cut short gives what had come. A coding nobody knows, or one the body does not show, is
    passed over as browsers do: servers that name a charset there, or gzip without doing it, exist.
    """
    body, problems = payload, []
    for coding in reversed(codings(headers)):
        undo = CODINGS.get(coding)
        body, problem = undo(body, limit) if undo else (body, f"unknown content coding {coding!r}")
        if problem:
            problems.append(problem)
    if len(body) > limit:
        raise ContentError(f"the body is longer than {limit} bytes")
    return Content(body, tuple(problems))


def codings(headers: Iterable[Header]) -> list[str]:
    """Give the names in all Content-Encoding headers, in the order they were applied."""
    values = ",".join(value for name, value in headers if name.lower() == "content-encoding")
    names = [name.strip().lower().removeprefix("x-") for name in values.split(",")]
    return [name for name in names if name not in {"", "identity"}]


@lru_cache(REMEMBERED)
def only_member(body: bytes) -> bytes | None:
    """What a gzip stream of one whole member holds, if that is a page and no more; else None. Remembered, for
    what the crawler has just read the archive makes small a moment later.
    """
    stream = zlib.decompressobj(GZIP)
    try:
        plain = stream.decompress(body, LARGEST_PAGE)
    except zlib.error:
        return None
    return plain if stream.eof and not stream.unused_data else None


def undo_gzip(body: bytes, limit: int) -> Undone:
    """Undo all members of a gzip stream."""
    if not body.startswith(GZIP_MAGIC):
        return body, "" if not body else "said to be gzip and is not"
    plain = only_member(body)
    if plain is not None and len(plain) <= limit:
        return plain, ""
    pieces, left = [], limit
    while body.startswith(GZIP_MAGIC):
        piece, body, problem = inflate(body, GZIP, left)
        pieces.append(piece)
        left -= len(piece)
        if problem:
            return b"".join(pieces), f"gzip {problem}"
    return b"".join(pieces), ""


def undo_deflate(body: bytes, limit: int) -> Undone:
    """Undo zlib's format, or the bare stream that some servers send under this name."""
    has_header = len(body) > 1 and body[0] & 0x0F == 8 and int.from_bytes(body[:2]) % 31 == 0
    plain, _, problem = inflate(body, zlib.MAX_WBITS if has_header else BARE_DEFLATE, limit)
    return plain, f"deflate {problem}" if problem and body else ""


def inflate(body: bytes, window: int, limit: int) -> tuple[bytes, bytes, str]:
    """Give what one stream holds, what follows the stream, and what was wrong with it."""
    stream = zlib.decompressobj(window)
    pieces: list[bytes] = []
    size = 0
    # Piece by piece: where a stream breaks, zlib forgets what the same call had already undone.
    for start in range(0, len(body), PIECE):
        try:
            pieces.append(stream.decompress(body[start : start + PIECE], limit - size + 1))
        except zlib.error as error:
            return b"".join(pieces), b"", f"stream is broken ({error})"
        size += len(pieces[-1])
        refuse_more_than(limit, size)
        if stream.eof:
            return b"".join(pieces), stream.unused_data + body[start + PIECE :], ""
    return b"".join(pieces), b"", "stream is cut short"


def undo_brotli(body: bytes, limit: int) -> Undone:
    stream = brotli.Decompressor()
    try:
        plain = stream.process(body, output_buffer_limit=limit + 1)
    except brotli.error:
        return body, "said to be br and is not"
    refuse_more_than(limit, len(plain))
    return plain, "" if stream.is_finished() else "br stream is cut short"


def undo_zstd(body: bytes, limit: int) -> Undone:
    if not body.startswith(ZSTD_MAGIC):
        return body, "said to be zstd and is not" if body else ""
    stream = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW).stream_reader(
        body, read_across_frames=True
    )
    pieces: list[bytes] = []
    size = 0
    try:
        while piece := stream.read(PIECE):
            pieces.append(piece)
            size += len(piece)
            refuse_more_than(limit, size)
    except zstandard.ZstdError as error:
        return b"".join(pieces), f"zstd stream is broken ({error})"
    return b"".join(pieces), ""


def refuse_more_than(limit: int, size: int) -> None:
    if size > limit:
        raise ContentError(f"the body swells beyond {limit} bytes when decoded")


CODINGS: dict[str, Callable[[bytes, int], Undone]] = {
    "gzip": undo_gzip,
    "deflate": undo_deflate,
    "br": undo_brotli,
    "zstd": undo_zstd,
}
