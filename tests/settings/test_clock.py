from datetime import UTC, datetime, timedelta

import pytest

from settings import clock, environment
from settings.environment import SettingError, read_environment


@pytest.fixture
def rehearsal(monkeypatch):
    monkeypatch.setitem(environment.os.environ, "NIANBAO_NOW", "2027-01-31T22:00+08:00")
    clock.shift.cache_clear()
    yield datetime(2027, 1, 31, 14, tzinfo=UTC)
    clock.shift.cache_clear()


def test_the_clock_is_the_machines():
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=1)


def test_a_rehearsal_begins_at_its_time_and_goes_on(rehearsal):
    first, second = clock.now(), clock.now()
    assert rehearsal <= first < second < rehearsal + timedelta(seconds=1)


def test_a_time_without_its_zone_is_utc():
    assert read_environment({"NIANBAO_NOW": "2027-01-31"}).now == datetime(2027, 1, 31, tzinfo=UTC)


def test_what_is_no_time_is_said():
    with pytest.raises(SettingError, match="NIANBAO_NOW: 'tomorrow' is no time"):
        read_environment({"NIANBAO_NOW": "tomorrow"})
