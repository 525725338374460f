"""An HTTP message as a WARC record holds it: start line, headers, body."""

import re
from dataclasses import dataclass

from storage.captures import Header

END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
CHUNK_HEAD = re.compile(rb"([0-9a-fA-F]{1,8})[^\r\n]*\r\n")
STATUS_LINE = re.compile(r"(HTTP/\S+|ICY) +(\d{3})\b")


@dataclass(frozen=True, slots=True)
class Message:
    """`body` is as sent, still in its transfer coding."""

    start_line: str
    headers: tuple[Header, ...]
    body: bytes


def parse_message(block: bytes) -> Message:
    """Split a block. What has no colon and continues no header is no header and is left out."""
    parts = END_OF_HEAD.split(block, maxsplit=1)
    lines = parts[0].decode("latin-1").splitlines()
    body = parts[1] if len(parts) == 2 else b""
    return Message(lines[0] if lines else "", parse_headers(lines[1:]), body)


def parse_headers(lines: list[str]) -> tuple[Header, ...]:
    headers: list[Header] = []
    for line in lines:
        name, colon, value = line.partition(":")
        if line[:1] in {" ", "\t"} and headers:  # an old way of breaking a long line
            headers[-1] = (headers[-1][0], f"{headers[-1][1]} {line.strip()}")
        elif colon:
            headers.append((name.strip(), value.strip()))
    return tuple(headers)


def status_of(message: Message) -> tuple[str, int] | None:
    """Give protocol and status, or None where the block is no HTTP answer."""
    found = STATUS_LINE.match(message.start_line)
    return (found[1], int(found[2])) if found else None


def payload_of(message: Message) -> bytes:
    """Give the body with its transfer coding undone.

    Many tools undo the chunks and keep the header that tells of them; a body without chunks stays as it is.
    """
    codings = ",".join(value for name, value in message.headers if name.lower() == "transfer-encoding")
    if "chunked" not in codings.lower():
        return message.body
    joined = join_chunks(message.body)
    return message.body if joined is None else joined


def join_chunks(body: bytes) -> bytes | None:
    """Join a chunked body, also one whose end is missing; None where it does not begin with a chunk."""
    chunks: list[bytes] = []
    at = 0
    while found := CHUNK_HEAD.match(body, at):
        size = int(found[1], 16)
        if size == 0:
            return b"".join(chunks)
        chunks.append(body[found.end() : found.end() + size])
        at = found.end() + size + len(b"\r\n")
    return b"".join(chunks) if chunks and at >= len(body) else None
