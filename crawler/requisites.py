"""What a report's page needs to look as it did, so that its snapshot does: style sheets, pictures, icons.

They are entries of the frontier like any other, of the lowest scores there are: asked for once however many
pages show them, under the same robots.txt and pace, after every page that is due. Nothing they say leads to
a page, and how they are answered says nothing of how their host treats pages. Bounds: requisites.toml.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from itertools import islice
from typing import Any, Protocol
from urllib.parse import urlsplit

from msgspec.structs import replace

from crawler.addresses import domain_of, host_of, resolve
from crawler.gate import is_official
from crawler.page import Page, decode
from crawler.tags import Tag
from crawler.visit import Link, Visit
from storage.captures import Capture

RULES: dict[str, Any] = tomllib.loads((files("crawler") / "requisites.toml").read_text(encoding="utf-8"))
REQUISITE: str = RULES["kind"]
SHEET, PICTURE = (int(RULES["scores"][name]) for name in ("sheet", "picture"))
LARGEST: int = RULES["limits"]["bytes"]
NEVER = tuple(f".{ending}" for ending in RULES["never"]["endings"])

COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
IMPORT = re.compile(r"""@import\s+(?:url\(\s*)?["']?([^"'()\s;]+)""", re.IGNORECASE)
SHOWN = re.compile(r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^"'()\s]+))\s*\)""", re.IGNORECASE)
BETWEEN = re.compile(r",\s+|(?<=[0-9][wx]),")  # the candidates of a srcset; an address may have commas
MARKUP = (b"<!doctype html", b"<html")  # so begins a page, in lower case
HEAD = 200  # bytes in which it does

Wanted = tuple[str, int]  # a reference as it stands in the page or sheet, and the score it gets


class Reached(Protocol):
    """How a requisite was reached: the frontier's row (storage/frontier.py)."""

    @property
    def url(self) -> str: ...
    @property
    def score(self) -> int: ...
    @property
    def depth(self) -> int: ...


def requisites_of(page: Page, depth: int) -> tuple[Link, ...]:
    """Of a report's page, `depth` clicks from a start page; style sheets first."""
    wanted = sorted(shown_on(page), key=lambda each: -each[1])
    return links_to(wanted, page.base, page.encoding, depth + 1, RULES["limits"]["page"])


def shown_on(page: Page) -> Iterator[Wanted]:
    for tag in page.tags.named("link", "img", "input", "source", "video", "style"):
        yield from shown_by(tag)
    for written in ("background=", "BACKGROUND="):
        yield from ((tag.attributes.get("background", ""), PICTURE) for tag in page.tags.with_word(written))
    for tag in page.tags.with_word("url("):
        yield from shown_in(tag.attributes.get("style", ""), SHEET)


def shown_by(tag: Tag) -> Iterator[Wanted]:
    said = tag.attributes
    match tag.name:
        case "style":
            yield from shown_in(tag.within, SHEET + 1)
        case "link":
            relations = set(said.get("rel", "").lower().split())
            for score, name in ((SHEET, "sheet"), (PICTURE, "picture")):
                if relations.intersection(RULES["links"][name]):
                    yield said.get("href", ""), score
        case "video":
            yield said.get("poster", ""), PICTURE
        case _:
            if tag.name != "source":  # that is a film's
                yield said.get("src", ""), PICTURE
            yield from ((each, PICTURE) for each in candidates(said.get("srcset", "")))


def candidates(srcset: str) -> Iterator[str]:
    """`a.png 1x, b.png 2x`"""
    return (each.split()[0] for each in BETWEEN.split(srcset) if each.strip())


def shown_in(style: str, score: int) -> Iterator[Wanted]:
    """What a style sheet of that score imports and shows."""
    said = COMMENT.sub("", style[: RULES["limits"]["characters"]])
    imported = IMPORT.findall(said)
    if score - 1 > PICTURE:
        yield from ((reference, score - 1) for reference in imported)
    shown = ("".join(each) for each in SHOWN.findall(said))
    yield from ((reference, PICTURE) for reference in shown if reference not in imported)


def links_to(wanted: Iterable[Wanted], base: str, encoding: str, depth: int, most: int) -> tuple[Link, ...]:
    """Each address once, the first `most` of them."""
    best: dict[str, Link] = {}
    for reference, score in wanted:
        is_address = reference and not reference.startswith(("data:", "#"))
        url = resolve(base, reference, encoding) if is_address else None
        if url and url not in best and not urlsplit(url).path.lower().endswith(NEVER):
            best[url] = Link(url, REQUISITE, score, depth)
    return tuple(islice(best.values(), most))


def look_at(visit: Visit, body: bytes, reached: Reached) -> Visit:
    """A style sheet leads to what it shows; a page that came in place of a requisite is none."""
    if body[:HEAD].lstrip().lower().startswith(MARKUP):
        said = "a page where a style sheet or a picture should be"
        return replace(visit, capture=replace(visit.capture, outcome="soft_404", error=said))
    if reached.score <= PICTURE:
        return visit
    style, encoding = decode(body)
    wanted = shown_in(style, reached.score)
    found = links_to(wanted, reached.url, encoding, reached.depth + 1, RULES["limits"]["sheet"])
    return replace(visit, links=found)


def servants_of(visit: Visit) -> list[str]:
    """Other hosts below the page's domain that its requisites lie on."""
    own, domain = host_of(visit.capture.url), domain_of(visit.capture.url)
    hosts = dict.fromkeys(host_of(link.url) for link in visit.links if link.kind == REQUISITE)
    return [host for host in hosts if host != own and host.endswith(f".{domain}") and is_official(host)]


@dataclass(slots=True)
class Spent:
    """What the requisites of one host took in this run."""

    files: int = 0
    bytes: int = 0
    failures: int = 0  # in a row


@dataclass(slots=True)
class Allowance:
    """What requisites may still take in this run; `daily` is the number of pages of a host in a day."""

    is_wanted: bool
    daily: float
    spent: dict[str, Spent] = field(default_factory=dict)  # by host

    def note(self, capture: Capture) -> None:
        """Count an answer."""
        spent = self.spent.setdefault(host_of(capture.url), Spent())
        is_failure = capture.status is None or capture.outcome in {"blocked", "error"}
        spent.files += 1
        spent.bytes += len(capture.payload or b"")
        spent.failures = spent.failures + 1 if is_failure else 0

    def is_open(self, host: str, today: int) -> bool:
        """Whether the host may be asked for one more, after so many fetches of the day."""
        spent, bounds = self.spent.get(host, Spent()), RULES["host"]
        is_left = all(getattr(spent, name) < bounds[name] for name in ("files", "bytes", "failures"))
        return self.is_wanted and is_left and today < bounds["share"] * self.daily
