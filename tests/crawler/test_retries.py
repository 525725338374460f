from datetime import UTC, datetime, timedelta

import pytest

from crawler.retries import Retries
from settings import clock, environment

NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)
SOON, LATER = NOW + timedelta(seconds=10), NOW + timedelta(minutes=5)


@pytest.fixture
def retries() -> Retries:
    retries = Retries()
    for host, at in (("b", LATER), ("a", SOON), ("a", LATER)):
        retries.add(host, at)
    return retries


def test_a_host_is_woken_when_its_moment_comes_and_once(retries):
    assert retries.over(NOW) == []
    assert retries.over(SOON) == ["a"]
    assert sorted(retries.over(LATER)) == ["a", "b"]
    assert not retries


def test_a_host_that_rests_is_waited_for_no_more(retries):
    retries.forget("a")
    assert (retries.awaits("a"), retries.awaits("b")) == (False, True)


def test_the_machines_clock_is_waited_for(retries):
    assert not retries.skip_wait()
    assert clock.now() - datetime.now(UTC) < timedelta(seconds=1)


def test_a_rehearsal_goes_on_at_the_next_moment(retries, monkeypatch):
    monkeypatch.setitem(environment.os.environ, "NIANBAO_NOW", NOW.isoformat())
    clock.shift.cache_clear()
    assert retries.skip_wait()
    assert SOON <= clock.now() < SOON + timedelta(seconds=1)
    clock.shift.cache_clear()
