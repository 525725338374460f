"""The addresses in an archived page, turned into the archive at the time of the page."""

from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

PLAIN = "!#$%&'()*+,/:;=?@[]~-._"  # what a URL is made of, an escape of its own included
PICTURE = "data:image/"


def in_ascii(address: str) -> str:
    """As it may stand in a header; what is escaped already stays."""
    return quote(address, safe=PLAIN)


@dataclass(frozen=True, slots=True)
class Archive:
    """How an archived page sees the world. `base` is what its relative addresses are relative to; `pages` and
    `snapshots` are the two origins; `timestamp` has 14 digits.
    """

    base: str
    timestamp: str
    pages: str
    snapshots: str

    def resource(self, address: str) -> str:
        """What the page shows in itself: a picture, a style sheet. Empty for what no archive has."""
        if address.strip().lower().startswith(PICTURE):
            return address.strip()
        found = self.absolute(address)
        return found and f"{self.snapshots}/{self.timestamp}/{found}"

    def link(self, address: str) -> str:
        """Where a click leads: out of the frame, to the page under its banner. A place on the page stays."""
        if address.strip().startswith("#"):
            return address.strip()
        found = self.absolute(address)
        return found and f"{self.pages}/web/{self.timestamp}/{found}"

    def absolute(self, address: str) -> str:
        """The http address meant; empty for every other scheme, and for what is no address."""
        try:
            found = urljoin(self.base, address.strip().replace("\\", "/"))
            parts = urlsplit(found)
            is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
        except ValueError:
            return ""
        return in_ascii(found) if is_web else ""
