"""A capture: one fetch and whatever came of it. The word shared by crawler, importer and archive."""

import re
from datetime import datetime
from hashlib import sha256

from msgspec import Struct

Header = tuple[str, str]

STATE = re.compile(rb"(?:^|&)__(?:VIEWSTATE\w*|EVENTVALIDATION|PREVIOUSPAGE)=[^&]*")  # of ASP.NET

KINDS = ("home", "listing", "report", "attachment", "asset", "robots", "other")
OUTCOMES = ("new", "unchanged", "blocked", "soft_404", "missing", "error")


class Capture(Struct, frozen=True):
    """`payload` is the body as received, before any content decoding; None when no answer came, and then
    `status` is None and `error` says why. `fetched_at` is aware and in UTC. Header values are latin-1
    text, every value of a repeated name its own entry, in order.

    `outcome` is what the fetcher knows: "blocked", "soft_404", "missing" or "error"; left at "" for a
    good answer, where the archive compares with the request's last payload and says "new" or "unchanged".

    `elapsed` is milliseconds from the request to the last byte; `tls` version and cipher; `charset` what the
    page was read with (what it declares is in its headers and its body); `robots` what robots.txt was found
    to say. Empty or None where the fetcher did not know.
    """

    url: str
    fetched_at: datetime
    status: int | None
    payload: bytes | None
    headers: tuple[Header, ...] = ()
    kind: str = "other"
    outcome: str = ""
    method: str = "GET"
    request_headers: tuple[Header, ...] = ()
    error: str = ""
    ip_address: str = ""
    protocol: str = ""
    request_body: bytes = b""
    tls: str = ""
    charset: str = ""
    robots: str = ""
    elapsed: int | None = None

    @property
    def request_key(self) -> str:
        return request_key(self.url, self.method, self.request_body)


def request_key(url: str, method: str = "GET", body: bytes = b"") -> str:
    """What makes a request one row of the frontier: its address, and of what is posted a digest. The state of
    a form is another every night, and left out: what it asks for is in its other fields.

    Addresses have no fragment (crawler/addresses.py), so that no key can be the address of another page.
    """
    return url if method == "GET" else f"{url}#{method}:{sha256(STATE.sub(b'', body)).hexdigest()}"
