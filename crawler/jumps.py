"""Where a click or a script of a page would send its reader, read out of their text: nothing is ever run."""

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlsplit

TERM = re.compile(
    r"""\s*(?:(?P<quote>['"])(?P<text>(?:\\.|(?!(?P=quote)).){0,2000})(?P=quote)|(?P<name>[A-Za-z_$][\w$.]*))
        \s*(?P<more>\+)?""",
    re.VERBOSE | re.DOTALL,
)
QUOTED = re.compile(r"""(?P<quote>['"])(?P<text>(?:\\.|(?!(?P=quote)).)*)(?P=quote)""")
ESCAPED = re.compile(r"\\(?:u(?P<code>[0-9a-fA-F]{4})|(?P<sign>.))", re.DOTALL)
JUMP = re.compile(
    r"\blocation(?:\.href)?\s*=(?!=)|\blocation\.(?:replace|assign)\s*\(|\bnavigate\s*\("
    r"|\bopen\s*\((?=[^)]*_(?:self|top|parent)\b)",
    re.IGNORECASE,
)
ADDRESS = re.compile(
    r"""(?:https?://|\.{0,2}/)[^\s<>{}]+
      | [\w%.~-][\w%./~-]*\.(?:s?html?|jspx?|aspx?|php|do|action|pdf|docx?|wps|et|xlsx?|ofd|rtf|zip|rar)
        (?:[?\#][^\s<>{}]*)?""",
    re.VERBOSE | re.IGNORECASE,
)
DEEPEST = 3  # variables that stand for variables
MOST_JUMPS = 20  # of one script; who has more sends nobody anywhere


def jumps_in(script: str, url: str) -> Iterator[str]:
    """What a script on the page at `url` sets the location to."""
    for jump in islice(JUMP.finditer(script), MOST_JUMPS):
        if said := value_at(script, jump.end(), url):
            yield said


def clicked(script: str, url: str) -> str:
    """The address that a click's script goes to: `location.href='/a/'`, `openUrl('/a/')`; or nothing."""
    quoted = (unescaped(match["text"]) for match in QUOTED.finditer(script))
    return next(jumps_in(script, url), "") or next((each for each in quoted if ADDRESS.fullmatch(each)), "")


def value_at(script: str, place: int, url: str, depth: int = 0) -> str:
    """What an expression of literals, variables and parts of the location, joined by +, comes to; nothing
    where any of it is unknown.
    """
    said = ""
    while term := TERM.match(script, place):
        part = unescaped(term["text"]) if term["name"] is None else named(script, term["name"], url, depth)
        if part is None:
            return ""
        said, place = said + part, term.end()
        if not term["more"]:
            break
    return said


def named(script: str, name: str, url: str, depth: int) -> str | None:
    """The value of a variable or of a part of the location; None where it cannot be known."""
    parts = urlsplit(url)
    own = {
        "host": parts.netloc,
        "hostname": parts.hostname or "",
        "domain": parts.hostname or "",
        "protocol": f"{parts.scheme}:",
        "origin": f"{parts.scheme}://{parts.netloc}",
        "search": "",
        "hash": "",
    }
    owner, _, last = name.rpartition(".")
    if owner.endswith(("location", "document")):
        return own.get(last)
    assigned = None if owner or depth >= DEEPEST else re.search(rf"\b{re.escape(name)}\s*=(?!=)", script)
    return value_at(script, assigned.end(), url, depth + 1) or None if assigned else None


def unescaped(text: str) -> str:
    """What a literal of a script says."""
    return ESCAPED.sub(lambda match: chr(int(match["code"], 16)) if match["code"] else match["sign"], text)
