from datetime import UTC, datetime, timedelta

import pytest

from crawler.manners import LONGEST_DELAY, LONGEST_REST, Manners, retry_after
from storage.captures import Capture

NOW = datetime(2026, 4, 1, 18, tzinfo=UTC)
URL = "http://www.wuyou.gov.cn/"


def answer(status: int | None = 200, outcome: str = "", kind: str = "report", ms: int = 50, **headers: str):
    said = tuple(headers.items())
    return Capture(URL, NOW, status, b"", said, kind=kind, outcome=outcome, elapsed=ms)


def test_refusals_slow_the_guest_down_and_good_answers_let_it_come_back():
    manners = Manners(1.5)
    delays = []
    for status in (200, 429, 503, 503, 200, 200, 200):
        manners.note(answer(status))
        delays.append(manners.delay())
    assert delays == [1.5, 3, 6, 12, 6, 3, 1.5]


def test_no_delay_is_longer_than_a_minute():
    manners = Manners(1.5)
    for _ in range(20):
        manners.note(answer(503))
    assert manners.delay() == LONGEST_DELAY


def test_a_slow_server_rests_as_long_as_it_worked():
    manners = Manners(1.5)
    manners.note(answer(ms=8000))
    assert manners.delay() == 8
    for _ in range(12):
        manners.note(answer(ms=100))
    assert manners.delay() == 1.5
    assert manners.slowest == 8


def test_five_walls_in_a_row_are_enough_and_one_after_a_rest():
    manners = Manners(1.5)
    for _ in range(4):
        manners.note(answer(412, "blocked"))
    manners.note(answer(404, "missing", kind="robots"))
    assert not manners.has_enough()
    manners.note(answer(None, "error"))
    assert manners.has_enough()
    tired = Manners(1.5, rests=1)
    tired.note(answer(412, "blocked"))
    assert tired.has_enough()


def test_rests_grow_with_the_nights():
    assert Manners(1.5).rest() == timedelta(hours=20)
    assert Manners(1.5, rests=2).rest() == timedelta(hours=80)
    assert Manners(1.5, rests=60).rest() == LONGEST_REST


@pytest.mark.parametrize(
    ("status", "said", "seconds"),
    [
        (503, "120", 120),
        (429, "Wed, 01 Apr 2026 18:01:30 GMT", 90),
        (429, "Wed, 01 Apr 2020 18:01:30 GMT", 0),
        (429, "soon", 0),
        (200, "120", 0),
    ],
)
def test_the_server_may_say_when_to_come_back(status, said, seconds):
    assert retry_after(answer(status, **{"Retry-After": said})) == seconds
