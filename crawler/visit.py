"""A visit: what the spider's callback makes of one answer. The pipeline commits it whole or not at all."""

from msgspec import Struct

from storage.captures import Capture, Header, request_key


class Link(Struct, frozen=True):
    """A link worth following. `score` orders the frontier, higher first; `depth` is clicks from a start page;
    `kind` is what the link promises (captures.kind); `text` is the link's own words. Some listings want
    their pages asked for with a form: `method`, `body` and `headers`. `hops` counts the redirects in a row
    that led to it; `day` (ISO 8601) is printed beside it in a list.
    """

    url: str
    kind: str
    score: int
    depth: int
    text: str = ""
    method: str = "GET"
    body: bytes = b""
    headers: tuple[Header, ...] = ()
    hops: int = 0
    day: str = ""

    @property
    def request_key(self) -> str:
        return request_key(self.url, self.method, self.body)


class Visit(Struct, frozen=True):
    """`capture.url` is the frontier's URL, so that committing the visit settles exactly that entry.
    `family` names the content system recognised on the page, or is empty. A report `is_promising` that calls
    itself one, or offers a file. `hosts` are others of the same domain that the page links to.
    """

    capture: Capture
    links: tuple[Link, ...] = ()
    family: str = ""
    is_promising: bool = False
    hosts: tuple[str, ...] = ()
