"""Is this an annual report at all? Evidence with weights (judge.toml), a score, and the reasons to show."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from msgspec import Struct

from extract.document import Document
from extract.result import Identity
from extract.titles import LONGEST
from extract.words import squeeze, starts_official_section

LOOKED_AT = 4_000
"""Characters of the text that are searched; an annual report says what it is at its beginning."""


class Judgement(Struct, frozen=True, gc=False):
    """`reasons` in the order of judge.toml, each with its weight, for and against; `margin` is how far their
    sum lies from the least that makes a report, and below zero for what is none.
    """

    is_report: bool
    margin: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Sign:
    reason: str
    weight: int
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None

    def speaks(self, words: str) -> bool:
        return self.pattern.search(words) is not None and not (self.unless and self.unless.search(words))


@dataclass(frozen=True, slots=True)
class _Scales:
    enough: int
    title: tuple[_Sign, ...]
    text: tuple[_Sign, ...]
    cells: Mapping[str, Any]
    sections: Mapping[str, Any]
    listing: Mapping[str, Any]


@lru_cache(maxsize=1)
def _scales() -> _Scales:
    table = tomllib.loads(resources.files("extract").joinpath("judge.toml").read_text("utf-8"))
    title, text = (tuple(map(_sign, table.pop(kind))) for kind in ("title", "text"))
    return _Scales(title=title, text=text, **table)


def _sign(entry: Mapping[str, Any]) -> _Sign:
    unless = entry.get("unless")
    pattern = re.compile(entry["pattern"])
    return _Sign(entry["reason"], entry["weight"], pattern, re.compile(unless) if unless else None)


def judge(document: Document, identity: Identity, cells_read: int, url: str) -> Judgement:  # noqa: ARG001
    """`url` is part of the contract and not asked: what a site files under 年报 is what is in doubt."""
    scales = _scales()
    weighed = dict(_evidence(scales, document, identity, cells_read))
    score = sum(weighed.values())
    reasons = tuple(f"{weight:+d} {reason}" for reason, weight in weighed.items())
    return Judgement(score >= scales.enough, score - scales.enough, reasons)


def _evidence(
    scales: _Scales, document: Document, identity: Identity, cells_read: int
) -> Iterator[tuple[str, int]]:
    prose = [block.text for block in document.prose()]
    title, text = squeeze(identity.title)[:LONGEST], squeeze("".join(prose))[:LOOKED_AT]
    yield from ((sign.reason, sign.weight) for sign in scales.title if sign.speaks(title))
    yield from ((sign.reason, sign.weight) for sign in scales.text if sign.speaks(text))
    yield from _counted(scales.cells, cells_read)
    headings = {squeeze(line)[2:] for line in prose if starts_official_section(squeeze(line))}
    yield from _counted(scales.sections, len(headings))
    if _is_listing(scales.listing, document, len(text)):
        yield scales.listing["reason"], scales.listing["weight"]


def _counted(scale: Mapping[str, Any], count: int) -> Iterator[tuple[str, int]]:
    for step in ("many", "few"):
        if count >= scale[step]["at_least"]:
            yield scale["reason"].format(count), scale[step]["weight"]
            return


def _is_listing(scale: Mapping[str, Any], document: Document, prose: int) -> bool:
    links = any(finding.code == "mostly_links" for finding in document.findings)
    return links and prose < scale["most_prose"]
