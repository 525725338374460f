"""Where a new reading stands among the versions of its report."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import Connection, select

from storage.tables import capture_rows, readings

Change = Literal["new", "changed", "unchanged", "rejected"]


@dataclass(frozen=True, slots=True)
class Known:
    """An earlier reading of a report, and when the page it was read from was fetched."""

    reading_id: int
    capture_id: int
    standing: str
    version: int
    digest: str
    fetched_at: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a new reading stands: `same` already says what it says, `instead_of` steps back for it."""

    standing: Literal["current", "superseded", "rejected"]
    change: Change
    same: int | None = None
    instead_of: int | None = None


def known_readings(connection: Connection, keys: Collection[str]) -> dict[str, list[Known]]:
    """What is known of reports, by key: oldest version first, each with the time of its page."""
    query = (
        select(
            readings.c.report_id,
            *readings.c["reading_id", "capture_id", "standing", "version", "digest"],
            capture_rows.c.fetched_at,
        )
        .join(capture_rows, capture_rows.c.capture_id == readings.c.capture_id)
        .where(readings.c.report_id.in_(keys))
        .order_by(readings.c.report_id, readings.c.version)
        .with_for_update(of=readings)  # two workers at one report take turns
    )
    found: dict[str, list[Known]] = {key: [] for key in keys}
    for key, *row in connection.execute(query):
        found[key].append(Known(*row))
    return found


def fetched_times(connection: Connection, capture_ids: Collection[int]) -> dict[int, str]:
    columns = capture_rows.c["capture_id", "fetched_at"]
    found = connection.execute(select(*columns).where(capture_rows.c.capture_id.in_(capture_ids)))
    return {capture_id: fetched_at for capture_id, fetched_at in found}  # noqa: C416 - rows are not pairs to mypy


def stepped_back(known: Sequence[Known], reading_id: int | None) -> list[Known]:
    """With that one superseded."""
    return [replace(row, standing="superseded") if row.reading_id == reading_id else row for row in known]


def place_report(known: Sequence[Known], digest: str, fetched_at: str, read: Sequence[int]) -> Place:
    """`read` are the captures that were read, first the one that the reading stands on."""
    current = next((row for row in known if row.standing == "current"), None)
    if current is None:
        is_new = all(row.standing == "rejected" for row in known)
        return Place("current", "new" if is_new else "changed")
    if current.digest == digest:
        return Place("current", "unchanged", same=current.reading_id)
    if len(read) == 1 and (fetched_at, read[0]) < (current.fetched_at, current.capture_id):
        return Place("superseded", "unchanged", same=same_reading(known, digest))
    return Place("current", "changed", instead_of=current.reading_id)


def place_rejected(known: Sequence[Known], digest: str, _fetched_at: str, read: Sequence[int]) -> Place:
    stood_on_it = (row for row in known if row.standing == "current" and row.capture_id in read)
    mistaken = next((row.reading_id for row in stood_on_it), None)
    return Place("rejected", "rejected", same=same_reading(known, digest), instead_of=mistaken)


def same_reading(known: Sequence[Known], digest: str) -> int | None:
    return next((row.reading_id for row in known if row.digest == digest), None)
