"""A worker among others that was held up: it must not ask a host that is another's by now."""

from collections.abc import Iterator

import pytest

from crawler.crew import Crew
from crawler.sharing import LONGEST_BEAT, SHORTEST_BEAT
from storage.leases import LEASE
from tests.crawler.played import A, B, Crawl, site


class Robbed(Crew):
    """A crew whose first host is another worker's when it looks."""

    beats = 0

    def beat(self, *_: object) -> list[str]:
        self.beats += 1
        self.held -= {A}
        return []


class Clock:
    """`time.monotonic`, standing still."""

    seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("crawler.sharing.time.monotonic", clock)
    return clock


@pytest.fixture
def crawl(tmp_path, clock) -> Iterator[Crawl]:
    """Two hosts held, after a beat."""
    crawl = Crawl(f"sqlite:///{tmp_path}/nianbao.db", site(A), site(B))
    scheduler = crawl.scheduler
    scheduler.crew = Robbed(crawl.run_id, held={A, B})
    scheduler.exhausted, scheduler.beaten = {}, clock.seconds
    yield crawl
    scheduler.database.close()


def test_a_worker_that_is_not_late_goes_on_without_asking(crawl, clock):
    clock.seconds += LONGEST_BEAT - 0.001
    assert {crawl.next(), crawl.next()} == {f"http://{A}/robots.txt", f"http://{B}/robots.txt"}
    assert crawl.scheduler.crew.beats == 0


def test_a_worker_that_was_held_up_asks_what_it_holds_before_it_asks_a_host(crawl, clock):
    clock.seconds += LONGEST_BEAT
    assert [crawl.next(), crawl.next()] == [f"http://{B}/robots.txt", None]
    assert crawl.scheduler.crew.beats == 1


def test_it_looks_while_its_leases_still_hold():
    assert LONGEST_BEAT < LEASE


def test_a_worker_with_nothing_to_do_looks_sooner(crawl, clock):
    crawl.scheduler.waiting.ready.clear()
    clock.seconds += SHORTEST_BEAT - 0.001
    assert crawl.next() is None
    assert crawl.scheduler.crew.beats == 0
    clock.seconds += 0.001
    assert crawl.next() is None
    assert crawl.scheduler.crew.beats == 1
