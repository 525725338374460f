"""What a host answers for a page that cannot be there, kept in the archive and read back from it.

A host that answers 200 for anything at all, with its home page or with words of its own, is found out by the
likeness of its answers to this one. Who was never in doubt is never asked: the first answer that should be
a report and does not call itself one makes us ask, once a month.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection

from crawler.addresses import host_of, origin_of
from crawler.page import Page, decode
from crawler.robots import LARGEST, Missing
from crawler.visit import Link, Visit
from storage import frontier
from storage.archive import load_capture
from storage.content import ContentError, decoded_body

PROBE = "other"  # captures.kind of the answer, for it is no page of the site
PROBE_SCORE = 900  # after robots.txt, before everything else
TEXT = re.compile(r">([^<]{2,})<")
ALIKE = 0.9  # part of the pieces of text that two answers have in common (Jaccard)


@dataclass(frozen=True, slots=True)
class Stranger:
    """The pieces of text of the answer; none where the host is honest."""

    pieces: frozenset[str] = frozenset()

    def resembles(self, page: Page) -> bool:
        if not self.pieces:
            return False
        other = pieces_of(page.text)
        return len(self.pieces & other) >= ALIKE * len(self.pieces | other)


HONEST = Stranger()


def is_doubtful(visit: Visit) -> bool:
    """A good answer that was to be a report and neither calls itself one nor offers a file."""
    capture = visit.capture
    is_good = capture.status == 200 and not capture.outcome
    return is_good and capture.kind == "report" and not visit.is_promising


def probe_link(url: str) -> Link:
    return Link(url, PROBE, PROBE_SCORE, 0)


def probe_url(url: str) -> str:
    """An address that nobody made: always the same on a host, so that its answers can be compared."""
    name = sha256(host_of(url).encode()).hexdigest()[:16]
    return f"{origin_of(url)}/nianbao-{name}.html"


def find_stranger(connection: Connection, url: str, now: datetime) -> Stranger | Missing:
    """What the archive knows of the host's answer; Missing where it is to be asked first."""
    address = probe_url(url)
    if frontier.is_due(connection, address, now):
        return Missing(address)
    capture_id = frontier.last_capture(connection, address)
    if capture_id is None:
        return HONEST
    capture = load_capture(connection, capture_id).capture
    if capture.status != 200:
        return HONEST
    try:
        text = decode(decoded_body(capture.headers, capture.payload or b"", LARGEST))[0]
    except ContentError:
        return HONEST
    return Stranger(pieces_of(text))


def pieces_of(text: str) -> frozenset[str]:
    return frozenset(piece.strip() for piece in TEXT.findall(text) if piece.strip())
