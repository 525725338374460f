from datetime import UTC, date, datetime, timedelta

import pytest

from settings.calendar import beijing_midnight, deadline, last_due_year, load_calendar, parse_hours

MARCH = datetime(2026, 3, 10, tzinfo=UTC)
JULY = datetime(2026, 7, 10, tzinfo=UTC)
NIGHT = timedelta(hours=20)
EARLIER = timedelta(hours=4)  # than to the hour, so that what was met late in a night is due when one begins


@pytest.mark.parametrize(
    ("kind", "outcome", "now", "again"),
    [
        ("listing", "unchanged", MARCH, NIGHT),
        ("listing", "new", JULY, timedelta(hours=140)),
        ("home", "missing", MARCH, NIGHT),
        ("robots", "missing", MARCH, NIGHT),
        ("robots", "missing", JULY, timedelta(hours=140)),
        ("report", "new", MARCH, timedelta(days=30) - EARLIER),
        ("report", "unchanged", MARCH, timedelta(days=90) - EARLIER),
        ("report", "missing", MARCH, timedelta(days=30) - EARLIER),
        ("asset", "new", JULY, timedelta(days=30) - EARLIER),
    ],
)
def test_when_to_come_back(kind, outcome, now, again):
    assert load_calendar().again(kind, outcome, now) == again


def test_the_season_is_that_of_beijing():
    last_night_of_april = datetime(2026, 4, 30, 17, tzinfo=UTC)  # the first of May there
    assert load_calendar().again("listing", "new", last_night_of_april) == timedelta(hours=140)


def test_the_legal_dates():
    assert deadline(2023, "department") == date(2024, 1, 31)
    assert deadline(2023, "county") == date(2024, 3, 31)
    assert deadline(2015, "department") == date(2016, 3, 31)
    assert last_due_year("department", MARCH) == 2025
    assert last_due_year("county", MARCH) == 2024
    assert last_due_year("county", datetime(2026, 3, 31, 16, tzinfo=UTC)) == 2025  # 1 April there


def test_the_day_begins_at_midnight_in_beijing():
    assert beijing_midnight(datetime(2026, 3, 10, 17, tzinfo=UTC)) == datetime(2026, 3, 10, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hour", "left"),
    [(14, 8), (16, 6), (21, 1), (22, 0), (6, 0)],  # UTC: 22:00, 00:00, 05:00, 06:00, 14:00
)
def test_how_much_of_the_night_is_left(hour, left):
    now = datetime(2026, 3, 10, hour, tzinfo=UTC)
    assert parse_hours("22:00-06:00").seconds_left(now) == left * 3600


@pytest.mark.parametrize("text", ["", "22:00", "22:00-22:00", "night"])
def test_hours_that_are_none(text):
    with pytest.raises(ValueError):  # noqa: PT011 - whatever its words
        parse_hours(text)
