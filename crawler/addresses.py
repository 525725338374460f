"""Addresses in their one canonical form, so that one page is one row of the frontier."""

import re
from functools import lru_cache
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

SESSION_ID = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
SESSION_FIELD = re.compile(
    r"(?:^|&)(?:PHPSESSID|jsessionid|ASPSESSIONID\w*|CFID|CFTOKEN)=[^&]*", re.IGNORECASE
)
DEFAULT_PORTS = {"http": 80, "https": 443}
SAFE = "%/?:@!$&'()*+,;=|[]"  # stay as written (RFC 3986 §3.3-4); all else is percent-encoded
SCHEMES = frozenset(DEFAULT_PORTS)
PATH = re.compile(r"\w+://[^/?#]+/(?:[^?#]*/)?")
PLAIN = re.compile(  # nothing in it could be written otherwise, and nothing has to be resolved
    r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+/(?:[A-Za-z0-9_~-][A-Za-z0-9_.~-]*/)*(?:[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)?"
)
HAS_PATH = re.compile(r"\s*+(?:https?://[^/?#]|(?!//(?:[/?#]|$))[^:;?#][^:?#]*(?:[?#]|$))")
REMEMBERED = 20_000  # references, about 500 bytes each


def canonical(url: str, encoding: str = "utf-8") -> str | None:
    """None for what is no http or https address. The order of the query stays: it may carry meaning.

    `encoding` is the page's: like a browser we write a Chinese path in UTF-8 and a Chinese query in it.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:  # a port that is no number, a bracket left open
        return None
    if parts.scheme not in SCHEMES or not host:
        return None
    path = SESSION_ID.sub("", parts.path) or "/"
    query = quote(SESSION_FIELD.sub("", parts.query).lstrip("&"), SAFE, encoding, "replace")
    return urlunsplit(
        (parts.scheme, place(parts, host, port), quote(path, SAFE, "utf-8", "replace"), query, "")
    )


def place(parts: SplitResult, host: str, port: int | None) -> str:
    """Host and port without what says nothing: case, a final dot, the default port, a user name."""
    bare = host.rstrip(".")
    name = f"[{bare}]" if ":" in bare else bare
    return name if port in {None, DEFAULT_PORTS[parts.scheme]} else f"{name}:{port}"


def resolve(base: str, reference: str, encoding: str = "utf-8") -> str | None:
    """The canonical address that `reference` means on the page at `base`, or None."""
    written = reference.strip()
    return resolve_at(base_for(base, written), written, encoding)


def base_for(base: str, reference: str) -> str:
    """As much of it as the reference needs: an address or a path from the root means the same on all pages of
    a host, a path on all of a folder.
    """
    if not HAS_PATH.match(reference):
        return base
    return origin_of(base) if reference.startswith(("/", "http")) else folder_of(base)


def joined_plainly(base: str, reference: str) -> str:
    """What most references mean: an address, a path from the root, or a name in the same folder. The others
    are not plain when they are joined like this, or have nothing to be joined to.
    """
    if reference.startswith("http"):
        return reference
    if reference.startswith("/"):
        return f"{origin_of(base)}{reference}"
    folder = folder_of(base)
    return f"{folder}{reference.removeprefix('./')}" if reference and folder.endswith("/") else ""


@lru_cache(REMEMBERED)
def resolve_at(base: str, reference: str, encoding: str) -> str | None:
    """`resolve`, remembered: the menu of a site stands on each of its pages."""
    joined = joined_plainly(base, reference)
    if PLAIN.fullmatch(joined):
        return joined
    try:
        return canonical(urljoin(base, reference), encoding)
    except ValueError:
        return None


@lru_cache(REMEMBERED)
def folder_of(url: str) -> str:
    """The address up to its last step: a reference with a path of its own needs no more."""
    path = PATH.match(url)
    return path[0] if path else url


def domain_of(url: str) -> str:
    """The registrable domain: a.b.gov.cn and b.gov.cn are one body's, gov.cn is nobody's."""
    labels = host_of(url).split(".")
    return ".".join(labels[-3:])


@lru_cache(REMEMBERED)
def host_of(url: str) -> str:
    return urlsplit(url).hostname or ""


@lru_cache(REMEMBERED)
def authority_of(url: str) -> str:
    """Host and port."""
    return urlsplit(url).netloc


@lru_cache(REMEMBERED)
def path_of(url: str) -> str:
    return urlsplit(url).path


@lru_cache(REMEMBERED)
def origin_of(url: str) -> str:
    """Scheme, host and port: what a robots.txt speaks for (RFC 9309)."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
