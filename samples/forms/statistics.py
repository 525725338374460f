"""The table of indicators that reports on 2014 to 2018 carry: a line each, with its unit and figure."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from samples.forms import Layout, Slot

HEADS = ("统计指标", "单位", "统计数")


@dataclass(frozen=True, slots=True)
class Indicator:
    code: str
    label: str
    unit: str


@dataclass(frozen=True, slots=True)
class Part:
    caption: str
    indicators: tuple[Indicator, ...]


@cache
def load_parts() -> tuple[Part, ...]:
    data = tomllib.loads(Path(__file__).with_name("2014.toml").read_text(encoding="utf-8"))
    return tuple(
        Part(part["caption"], tuple(Indicator(*row) for row in part["rows"])) for part in data["parts"]
    )


def indicators() -> Iterator[Indicator]:
    """All 58, in printed order."""
    for part in load_parts():
        yield from part.indicators


def statistics() -> Layout:
    """Three columns; a caption's line has no unit and no figure."""
    heads = tuple(Slot(text) for text in HEADS)
    return (heads, *(row for part in load_parts() for row in part_rows(part)))


def part_rows(part: Part) -> Iterator[tuple[Slot, ...]]:
    yield (Slot(part.caption), Slot(), Slot())
    for each in part.indicators:
        yield (Slot(each.label), Slot(each.unit), Slot(code=("statistics", each.code, "value")))
