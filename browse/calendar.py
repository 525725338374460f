"""Captures in time: a calendar of an address or a site, a year at a time, and the years as a line."""

from calendar import Calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import RowMapping
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from browse.asking import ask
from browse.charts import HEIGHT, WIDTH, bars
from browse.pages import render

OF_URL, OF_HOST = "url = :of", "host = :of"
BY_DAY = """
    SELECT substr(fetched_at, 1, 10) AS day, outcome, count(*) AS n, max(capture_id) AS last
    FROM captures WHERE {where} GROUP BY 1, 2 ORDER BY 1, 2"""
LISTED = """
    SELECT capture_id, url, fetched_at, status, size, kind, outcome FROM captures
    WHERE {where} AND fetched_at >= :begin AND fetched_at < :end ORDER BY fetched_at, capture_id LIMIT 400"""
GRAVEST = ("blocked", "error", "missing", "soft_404", "new", "unchanged")  # what a day is coloured by
WEEKS = Calendar(firstweekday=0)


@dataclass(frozen=True, slots=True)
class Day:
    """What was captured on a day: how many captures, the gravest outcome, and the newest capture."""

    on: date
    captures: int = 0
    outcome: str = ""
    last: int = 0


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    weeks: tuple[tuple[Day | None, ...], ...]


def calendar(request: Request) -> Response:
    """`/calendar?url=` or `?host=`, with `&year=`."""
    asked = request.query_params
    of, where = (asked["url"], OF_URL) if asked.get("url") else (asked.get("host", ""), OF_HOST)
    days = days_of(ask(request, BY_DAY.format(where=where), of=of))
    if not days:
        raise HTTPException(404)
    years = sorted({on.year for on in days})
    wanted = asked.get("year", "")
    year = int(wanted) if wanted in map(str, years) else years[-1]
    span = {"begin": f"{year:04}", "end": f"{year + 1:04}"}
    return render(
        request,
        "calendar.html",
        of=of,
        is_url=where == OF_URL,
        year=year,
        years=years,
        months=months(year, days),
        chart=bars([(str(each), captured_in(each, days)) for each in years]),
        width=WIDTH,
        height=HEIGHT,
        found=ask(request, LISTED.format(where=where), of=of, **span) if where == OF_URL else [],
    )


def days_of(rows: Sequence[RowMapping]) -> dict[date, Day]:
    found: dict[date, Day] = {}
    for row in rows:
        on = date.fromisoformat(row["day"])
        before = found.get(on, Day(on, outcome=GRAVEST[-1]))
        outcome = min(before.outcome, row["outcome"], key=GRAVEST.index)
        found[on] = Day(on, before.captures + row["n"], outcome, max(before.last, row["last"]))
    return found


def captured_in(year: int, days: dict[date, Day]) -> int:
    return sum(day.captures for on, day in days.items() if on.year == year)


def months(year: int, days: dict[date, Day]) -> list[Month]:
    return [month(date(year, number, 1), days) for number in range(1, 13)]


def month(first: date, days: dict[date, Day]) -> Month:
    """Its weeks from Monday on; None on days of the months beside it."""
    weeks = WEEKS.monthdatescalendar(first.year, first.month)
    return Month(
        first,
        tuple(
            tuple(days.get(on, Day(on)) if on.month == first.month else None for on in week) for week in weeks
        ),
    )
