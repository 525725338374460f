"""What is otherwise than in an earlier release of the same archive, and why.

Both releases are read from their files, side by side and a report at a time; the archive is asked only about
what differs. The cause is `review` where a person said so, `site` where the bytes that the report stands on
are others, else `reading`: the same bytes, read otherwise.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, select

from storage.export.released import (
    Line,
    Pair,
    Release,
    ReleaseError,
    key_of,
    paired,
    refuse_another_archive,
)
from storage.export.selection import Row, Selection
from storage.meanings import load_meanings
from storage.reviews import CELL, NOT_REPORT, REPORT, Review, reviews_of
from storage.tables import captures, readings

# Columns of `reports` that say something of a report by themselves; the others follow from its cells.
FACTS = (
    *("form", "host", "index_number", "is_mirror", "level", "published_on", "publisher", "region_code"),
    *("status", "title", "url", "year"),
)
Facts = dict[str, str]  # a report's columns by name


@dataclass(frozen=True, slots=True)
class Difference:
    """One row of `changes`, but for whose it is. Without codes it is about no cell, without a column about no
    fact, and without either about the whole report.
    """

    change: str  # new, withdrawn, changed
    cause: str
    column: str = ""
    address: tuple[str, str, str] = ("", "", "")
    before: tuple[str, str, str] = ("", "", "")  # value, state and text
    after: tuple[str, str, str] = ("", "", "")


@dataclass(frozen=True, slots=True)
class Causes:
    """What the archive knows of one report: whether it stands on other bytes now, and what persons said."""

    other_bytes: bool
    verdict: str
    cells: dict[tuple[str, str, str], str]  # what persons read on the bytes it stands on now

    def of_report(self, verdict: str) -> str:
        if self.verdict == verdict:
            return "review"
        return "site" if self.other_bytes else "reading"

    def of_cell(self, address: tuple[str, str, str], text: str) -> str:
        if self.cells.get(address) == text:
            return "review"
        return "site" if self.other_bytes else "reading"


def refuse_another(connection: Connection, earlier: Release, selection: Selection) -> None:
    """Raise ReleaseError where the earlier release is not of this archive, or of another part of it."""
    refuse_another_archive(connection, earlier)
    if Selection(**earlier.made_from["selection"]) != selection:
        raise ReleaseError(f"{earlier.folder}: is of another selection; give the options it was made with")
    earlier.refuse_changed("data/reports.csv", "data/cells.csv")


def change_rows(connection: Connection, earlier: Release, now: Release) -> Iterator[Row]:
    """The rows of `changes`, by its key."""
    reports = load_meanings()["reports"]
    cells = Cells(earlier, now)
    last_run = earlier.made_from["run_id"]
    for before, after in paired(earlier.lines(reports), now.lines(reports), key_of(reports)):
        old, new = (dict(zip(reports.names, line, strict=True)) if line else None for line in (before, after))
        whose = new or old or {}
        pairs = cells.of(whose["report_id"])
        for each in differences(connection, old, new, pairs, last_run):
            yield row_of(whose, each, old, new)


def differences(
    connection: Connection, old: Facts | None, new: Facts | None, pairs: list[Pair], last_run: int
) -> Iterator[Difference]:
    if old is None and new is not None:
        yield Difference("new", newcomer_causes(connection, new, last_run).of_report(REPORT))
    elif new is None and old is not None:
        yield Difference("withdrawn", leaver_causes(connection, old, last_run).of_report(NOT_REPORT))
    elif old is not None and new is not None:
        facts = [name for name in FACTS if old[name] != new[name]]
        if facts or pairs:
            causes = causes_between(connection, old, new)
            for name in facts:
                texts = (("", "", old[name]), ("", "", new[name]))
                yield Difference("changed", causes.of_report(REPORT), name, ("", "", ""), *texts)
            yield from (cell_difference(causes, *pair) for pair in pairs)


def cell_difference(causes: Causes, before: Line | None, after: Line | None) -> Difference:
    change = "new" if before is None else "withdrawn" if after is None else "changed"
    printed = after[TEXT] if after else ""
    address = ADDRESS(after or before or [])
    said = [SAID(line) if line else ("", "", "") for line in (before, after)]
    return Difference(change, causes.of_cell(address, printed), "", address, *said)


CELLS = load_meanings()["cells"].names
REPORT_ID, TEXT = CELLS.index("report_id"), CELLS.index("raw_text")
ADDRESS = itemgetter(*map(CELLS.index, ("table_code", "row_code", "col_code")))
SAID = itemgetter(*map(CELLS.index, ("value", "state", "raw_text")))
PRINTED = itemgetter(*map(CELLS.index, ("table_code", "row_code", "col_code", "value", "state", "raw_text")))


class Cells:
    """The cells that differ, report by report, as long as reports are asked for in their order."""

    def __init__(self, earlier: Release, now: Release) -> None:
        cells = load_meanings()["cells"]
        self._key = key_of(cells)
        self._sides = [groupby(each.lines(cells), key=itemgetter(REPORT_ID)) for each in (earlier, now)]
        self._next = [next(side, None) for side in self._sides]

    def of(self, report_id: str) -> list[Pair]:
        before, after = (self._take(side, report_id) for side in range(2))
        if list(map(PRINTED, before)) == list(map(PRINTED, after)):
            return []
        return [pair for pair in paired(iter(before), iter(after), self._key) if differs(*pair)]

    def _take(self, side: int, report_id: str) -> list[Line]:
        there = self._next[side]
        if there is None or there[0] != report_id:
            return []
        lines = list(there[1])
        self._next[side] = next(self._sides[side], None)
        return lines


def differs(before: Line | None, after: Line | None) -> bool:
    return before is None or after is None or SAID(before) != SAID(after)


def causes_between(connection: Connection, old: Facts, new: Facts) -> Causes:
    there, here = (digest_at(connection, each["capture_id"]) for each in (old, new))
    said = reviews_of(connection, [new["url"]]).get(new["url"], [])
    return Causes(there != here, verdict_of(said), cells_of(said, here))


def newcomer_causes(connection: Connection, new: Facts, last_run: int) -> Causes:
    said = reviews_of(connection, [new["url"]]).get(new["url"], [])
    return Causes(run_of(connection, int(new["capture_id"])) > last_run, verdict_of(said), {})


def leaver_causes(connection: Connection, old: Facts, last_run: int) -> Causes:
    """By what its page was read as last."""
    said = reviews_of(connection, [old["url"]]).get(old["url"], [])
    of_report = select(readings.c.capture_id).where(readings.c.report_id == old["report_id"])
    last = connection.scalar(of_report.order_by(readings.c.reading_id.desc()).limit(1))
    return Causes(run_of(connection, last or 0) > last_run, verdict_of(said), {})


def digest_at(connection: Connection, capture_id: str) -> str:
    at = select(captures.c.sha256).where(captures.c.capture_id == int(capture_id))
    return connection.scalar(at) or ""


def run_of(connection: Connection, capture_id: int) -> int:
    return connection.scalar(select(captures.c.run_id).where(captures.c.capture_id == capture_id)) or 0


def verdict_of(said: list[Review]) -> str:
    return next((review.verdict for review in said if review.verdict != CELL), "")


def cells_of(said: list[Review], sha256: str) -> dict[tuple[str, str, str], str]:
    return {
        (each.table_code, each.row_code, each.col_code): each.raw_text
        for each in said
        if each.verdict == CELL and each.sha256 == sha256
    }


def row_of(whose: Facts, each: Difference, old: Facts | None, new: Facts | None) -> Row:
    return (
        *(whose[name] for name in ("report_id", "publisher", "region_code")),
        int(whose["year"]) if whose["year"] else None,
        *(each.change, each.cause, each.column, whose["form"], *each.address),
        *(part for side in (each.before, each.after) for part in typed(side)),
        *(int(side["capture_id"]) if side else None for side in (old, new)),
    )


def typed(side: tuple[str, str, str]) -> tuple[Any, ...]:
    value, state, text = side
    return Decimal(value) if value else None, state, text
