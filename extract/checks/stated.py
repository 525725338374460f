"""Holding a figure of the prose against the tables: what the rules of stated figures have in common.

Prose often counts a whole district where the table counts one office, so nothing here is more than a warning;
and where it states several figures, one of them being the table's is enough.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from extract.checks.sums import NOTHING, Cells, added
from extract.forms.crosswalk import crosswalk
from extract.forms.model import Form
from extract.forms.sums import Address
from extract.result import Check

UNITS = "(?:件次|件|宗|起|份|条|项|例|个|次)"
NUMBER = rf"(?P<number>\d{{1,3}}(?:,\d{{3}})+|\d{{1,7}}){UNITS}"


@dataclass(frozen=True, slots=True)
class Wording:
    """How a figure is stated in text without white space: `some` holds a group `number`, `none` says there
    was none. A match that holds one of the words of `unless` speaks of something else.
    """

    some: re.Pattern[str]
    unless: re.Pattern[str]
    none: re.Pattern[str] | None = None


def stated(
    rule: str, measure: str, wording: Wording, form: Form, cells: Cells, prose: str
) -> Iterator[Check]:
    """The scope is the measure of the crosswalk; `expected` is what the prose states."""
    whole = [parts for parts in addresses(form.code, measure) if cells.keys() >= parts]
    figures = list(figures_in(prose, wording)) if whole else []
    for parts in whole:
        actual = added(parts, cells)
        number = actual or NOTHING
        if number not in figures and not (figures and number) and is_denied(prose, wording):
            figures = [*figures, NOTHING]
        if figures:
            passed = number in figures
            yield Check(rule, measure, number if passed else figures[0], actual, passed, "warning")


def figures_in(prose: str, wording: Wording) -> Iterator[Decimal]:
    for match in wording.some.finditer(prose):
        if not wording.unless.search(match[0]):
            yield Decimal(match["number"].replace(",", ""))


def is_denied(prose: str, wording: Wording) -> bool:
    """Whether the prose says that there was none."""
    denials = wording.none.finditer(prose) if wording.none else ()
    return any(not wording.unless.search(match[0]) for match in denials)


@lru_cache(maxsize=64)
def addresses(form: str, measure: str) -> tuple[frozenset[Address], ...]:
    """Of the cells that make the measure; `form` is its code."""
    return tuple(frozenset(each.cells) for each in crosswalk() if each.form == form and each.code == measure)
