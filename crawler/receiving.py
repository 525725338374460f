"""What came over the wire, kept before anything decodes or judges it."""

from dataclasses import dataclass
from datetime import datetime

from scrapy.http import Headers, Request, Response

from settings import clock
from storage.captures import Header

RECEIVED = "received"  # the key in request.meta
SECRET = frozenset({"proxy-authorization"})  # the operator's, never the site's business nor the archive's


@dataclass(frozen=True, slots=True)
class Received:
    """An answer as received. `body` is still in its content encoding; `cut_short` when it ended too early."""

    at: datetime
    status: int
    headers: tuple[Header, ...]
    body: bytes
    ip_address: str
    protocol: str
    cut_short: bool


class KeepReceived:
    """Downloader middleware nearest to the wire: notes the answer in `request.meta`."""

    def process_response(self, request: Request, response: Response) -> Response:
        request.meta[RECEIVED] = Received(
            at=clock.now(),
            status=response.status,
            headers=header_lines(response.headers),
            body=response.body,
            ip_address="" if request.meta.get("proxy") else str(response.ip_address or ""),
            protocol=response.protocol or "",
            cut_short="dataloss" in response.flags,
        )
        return response


def header_lines(headers: Headers) -> tuple[Header, ...]:
    """Every value of every name, as latin-1 text."""
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in headers.items()
        for value in values
        if name.decode("latin-1").lower() not in SECRET
    )
