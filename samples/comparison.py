"""A database held against the truth: which reports and figures of the invented sites are there as printed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, text

from samples.figures import Printed
from samples.forms import Code
from samples.truth import Expected

REPORTS = "SELECT report_id, url, publisher, year, form, published_on, status FROM reports"
CELLS = (
    "SELECT table_code, row_code, col_code, raw_text, value, state FROM cells WHERE report_id = :report_id"
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`differences` says, a line each, what is missing, too much or not as printed; empty is perfect."""

    reports_expected: int
    reports_found: int
    figures_expected: int
    figures_found: int
    differences: tuple[str, ...]


def compare(connection: Connection, expected: Iterable[Expected]) -> Comparison:
    wanted = {item.url: item for item in expected}
    stored = {row["url"]: dict(row) for row in connection.execute(text(REPORTS)).mappings()}
    found = wanted.keys() & stored.keys()
    differences = [f"missing: {url}" for url in sorted(wanted.keys() - found)]
    differences += [f"not a report: {url}" for url in sorted(stored.keys() - found)]
    figures_found = 0
    for url in sorted(found):
        wrong = list(wrong_figures(connection, wanted[url], stored[url]))
        differences += [f"{url}: {line}" for line in (*wrong_facts(wanted[url], stored[url]), *wrong)]
        figures_found += len(figures_of(wanted[url])) - len(wrong)
    return Comparison(
        reports_expected=len(wanted),
        reports_found=len(found),
        figures_expected=sum(len(figures_of(item)) for item in wanted.values()),
        figures_found=figures_found,
        differences=tuple(differences),
    )


def figures_of(expected: Expected) -> dict[Code, Printed]:
    return dict(expected.figures.cells) if expected.figures else {}


def wrong_facts(expected: Expected, stored: dict[str, Any]) -> Iterator[str]:
    """Compare whose report it is, of which year and when, and in which form."""
    facts: dict[str, object] = {
        "publisher": expected.publisher,
        "year": expected.year,
        "published_on": expected.published_on,
    }
    facts |= {"form": expected.form} if expected.figures else {"status": "text_only"}
    for name, fact in facts.items():
        if stored[name] != fact:
            yield f"{name} is {stored[name]!r}, not {fact!r}"


def wrong_figures(connection: Connection, expected: Expected, stored: dict[str, Any]) -> Iterator[str]:
    rows = connection.execute(text(CELLS), {"report_id": stored["report_id"]})
    there = {
        (table, row, column): (raw, None if value is None else Decimal(str(value)), state)
        for table, row, column, raw, value, state in rows
    }
    for code, cell in figures_of(expected).items():
        printed = (cell.text, cell.value, cell.state)
        if there.get(code) != printed:
            yield f"{'/'.join(code)} is {there.get(code)}, not {printed}"
