"""What came over the wire, kept before anything decodes or judges it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from scrapy.http import Headers

from storage.captures import Header

RECEIVED = "received"  # the key in request.meta


@dataclass(frozen=True, slots=True)
class Received:
    """An answer as received. `body` is still in its content encoding; `cut_short` when it ended too early."""

    at: datetime
    status: int
    headers: tuple[Header, ...]
    body: bytes
    ip_address: str = ""
    protocol: str = ""
    cut_short: bool = False


def header_lines(headers: Headers) -> tuple[Header, ...]:
    """Every value of every name, as latin-1 text."""
    return as_text((name, value) for name, values in headers.items() for value in values)


def as_text(lines: Iterable[tuple[bytes, bytes]]) -> tuple[Header, ...]:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in lines)
