"""What came over the wire, kept before anything decodes or judges it."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from scrapy import Request

from storage.captures import Header

RECEIVED = "received"  # the key in request.meta
ASKED = "asked"  # the key in request.meta: the header lines, once they are known


class Received(Struct, frozen=True):
    """An answer as received. `body` is still in its content encoding; `cut_short` when it ended too early."""

    at: datetime
    status: int
    headers: tuple[Header, ...]
    body: bytes
    ip_address: str = ""
    protocol: str = ""
    cut_short: bool = False


def header_lines(request: Request, usual: tuple[Header, ...] = ()) -> tuple[Header, ...]:
    """Every value of every name as latin-1 text, and what is `usual` of the names it does not have.

    Made once, for Scrapy's headers are slow.
    """
    known: tuple[Header, ...] | None = request.meta.get(ASKED)
    if known is not None:
        return known
    own = as_text((name, value) for name, values in request.headers.items() for value in values)
    names = {name.lower() for name, _ in own}
    lines = (*own, *(line for line in usual if line[0].lower() not in names))
    request.meta[ASKED] = lines
    return lines


def as_text(lines: Iterable[tuple[bytes, bytes]]) -> tuple[Header, ...]:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in lines)
