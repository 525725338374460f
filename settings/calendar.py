"""The calendar of the reports: Beijing's days and nights, the legal dates, and when to come back to what.

条例 第四十九条 (in force since 2019-05-15): departments publish the report of the year before by
31 January, governments by 31 March. Before, everyone by 31 March.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache

from settings.tables import load_toml

BEIJING = timezone(timedelta(hours=8))  # no summer time since 1991
DEPARTMENTS = frozenset({"department", "ministry", "township"})
FIRST_EARLY_YEAR = 2019  # the first year whose departments' reports were due by 31 January


@dataclass(frozen=True, slots=True)
class Calendar:
    """By kind of page, how long to leave it alone: in the season, out of it, and once it has not changed."""

    season: frozenset[int]  # months
    in_season: dict[str, timedelta]
    else_: dict[str, timedelta]
    unchanged: dict[str, timedelta]
    gone: timedelta

    def again(self, kind: str, outcome: str, now: datetime) -> timedelta:
        if outcome in {"missing", "soft_404"} and kind not in self.in_season:
            return self.gone
        if outcome == "unchanged" and kind in self.unchanged:
            return self.unchanged[kind]
        table = self.in_season if now.astimezone(BEIJING).month in self.season else self.else_
        return table.get(kind, self.else_.get(kind, self.else_["other"]))


@cache
def load_calendar() -> Calendar:
    data = load_toml("settings", "calendar.toml")
    return Calendar(
        season=frozenset(data["season"]["months"]),
        in_season=hours(data["season"]["hours"]),
        else_=hours(data["else"]["hours"]),
        unchanged=hours(data["unchanged"]["hours"]),
        gone=timedelta(hours=data["gone"]["hours"]),
    )


def hours(table: dict[str, int]) -> dict[str, timedelta]:
    return {kind: timedelta(hours=number) for kind, number in table.items()}


def beijing_midnight(now: datetime) -> datetime:
    """The moment when the present day began in Beijing, in UTC."""
    return datetime.combine(now.astimezone(BEIJING).date(), time(), BEIJING).astimezone(UTC)


def deadline(year: int, level: str) -> date:
    """The last day on which the report of a year is in time."""
    is_early = year >= FIRST_EARLY_YEAR and level in DEPARTMENTS
    return date(year + 1, 1, 31) if is_early else date(year + 1, 3, 31)


def last_due_year(level: str, now: datetime) -> int:
    """The newest year whose report must be there by now."""
    today = now.astimezone(BEIJING).date()
    return today.year - 1 if today > deadline(today.year - 1, level) else today.year - 2


@dataclass(frozen=True, slots=True)
class NightHours:
    """From `start` to `end` in Beijing, over midnight where the end comes first."""

    start: time
    end: time

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"

    def seconds_left(self, now: datetime) -> float:
        """Until the end of the hours; 0 outside them."""
        here = now.astimezone(BEIJING)
        begun = datetime.combine(here.date(), self.start, BEIJING)
        if begun > here:
            begun -= timedelta(days=1)
        ends = datetime.combine(begun.date(), self.end, BEIJING)
        if ends <= begun:
            ends += timedelta(days=1)
        return max(0.0, (ends - here).total_seconds())


def parse_hours(text: str) -> NightHours:
    """`22:00-06:00`. Raises ValueError."""
    start, _, end = text.partition("-")
    hours = NightHours(time.fromisoformat(start.strip()), time.fromisoformat(end.strip()))
    if hours.start == hours.end:
        raise ValueError(f"{text}: begins and ends at the same time")
    return hours
