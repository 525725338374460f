"""What a page's scripts would ask for, read out of their text: no script is ever run."""

import re
from collections.abc import Iterator

from crawler.page import Page

PAIR = re.compile(
    r"""['"]?(?P<name>[\w-]+(?:\[\])?)['"]?\s*:\s*\[?\s*
        (?:(?P<quote>['"])(?P<text>.*?)(?P=quote)|(?P<bare>[\w.-]+))""",
    re.VERBOSE,
)
OPEN_END = re.compile(
    r"[?&](?:p|pn|(?:cur_?)?page_?(?:no|num|index)?|current(?:page)?|currpage)=$", re.IGNORECASE
)
QUOTED = re.compile(r"""['"](?P<address>(?P<before>[^'"\s<>?]*)(?:\?[^'"\s<>]*)?)['"]""")
LONGEST_CALL = 4000  # characters from a script's address to the end of what it sends there


def asked_address(page: Page, path: str) -> str:
    """The address with a query that a script asks at `path`, for the first page; or nothing."""
    asked = (address for address in quoted(page.text, path) if "?" in address)
    address = next(asked, "").replace("&amp;", "&")
    return f"{address}1" if OPEN_END.search(address) else address


def quoted(text: str, path: str) -> Iterator[str]:
    """The addresses that stand in quotes and have the path before their query, if they have one."""
    place = text.find(path)
    while place >= 0:
        begin = max(text.rfind(quote, 0, place) for quote in "'\"")
        match = QUOTED.match(text, begin) if begin >= 0 else None
        if match and path in match["before"]:
            yield match["address"]
        place = text.find(path, place + 1)


def sent_fields(page: Page, path: str) -> dict[str, str]:
    """The names and values of the object literal that a script sends to `path`."""
    place = page.text.find(path)
    begin = page.text.find("{", place)
    if place < 0 or begin < 0:
        return {}
    literal = page.text[begin + 1 : begin + LONGEST_CALL].partition("}")[0]
    return {match["name"]: value_of(page, match) for match in PAIR.finditer(literal)}


def value_of(page: Page, match: re.Match[str]) -> str:
    """A literal, or what the page assigned to the variable that stands there."""
    bare = match["bare"]
    if bare is None:
        return match["text"]
    if bare.isdecimal():
        return bare
    return variable(page, bare)


def variable(page: Page, name: str) -> str:
    match = re.search(rf"""\b{re.escape(name)}\s*=\s*['"]?([^'",;\s]*)""", page.text)
    return match[1] if match else ""
