"""The demo's sites over a week in which reports appear, change, vanish and move and a host is away."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from sqlalchemy import text

from samples import proofs
from samples.comparison import Comparison, compare
from samples.nights import known_after
from samples.rehearsal import Rehearsal
from samples.site import build_sites
from samples.web import Asked

PLAYED = (0, 1, 3, 5)
DEAREST = 0.03  # of the first night's bytes, for a night without news
MAY = 35  # a night out of the season
WEEK = 6  # nights after which listings are read again there


class Played(NamedTuple):
    log: list[Asked]
    comparison: Comparison


@pytest.fixture(scope="module")
def week(tmp_path_factory) -> Iterator[dict[int, Played]]:
    """What each night asked for, and the database after it held against what could be known by then."""
    week = {}
    sites = build_sites()
    with Rehearsal(sites, tmp_path_factory.mktemp("week")) as rehearsal:
        for night in PLAYED:
            log = rehearsal.play(night)
            so_far = [each for each in PLAYED if each <= night]
            with rehearsal.connected() as connection:
                week[night] = Played(log, compare(connection, known_after(sites, so_far)))
        assert rehearsal.verify() == ""
    return week


@pytest.mark.parametrize("night", PLAYED)
def test_what_was_visible_is_in_the_database_after_the_night(week, night):
    assert week[night].comparison.differences == ()


def test_a_night_without_news_asks_each_listing_at_most_once(week):
    log = week[1].log
    assert proofs.asked_twice(log) == []
    assert [asked for asked in log if asked.status == 200 and not asked.is_conditional] == []


def test_a_night_without_news_costs_almost_nothing(week):
    assert proofs.bytes_sent(week[1].log) <= DEAREST * proofs.bytes_sent(week[0].log)


def test_a_host_that_answers_again_is_in_good_standing_again(tmp_path):
    sites = [site for site in build_sites() if site.host == "www.shenjing.gov.cn"]
    with Rehearsal(sites, tmp_path) as rehearsal:
        rehearsal.play(0)
        with rehearsal.connected() as connection:
            connection.execute(text("UPDATE sites SET rest_until = '2026-04-02T10:00:00.000Z', rests = 3"))
            connection.commit()
        rehearsal.play(1)
        with rehearsal.connected() as connection:
            standing = "SELECT rest_until, rests FROM sites WHERE host = 'www.shenjing.gov.cn'"
            assert connection.execute(text(standing)).one() == (None, 0)


def test_out_of_the_season_a_night_costs_nothing_until_something_is_due(tmp_path):
    sites = build_sites()[:2]
    with Rehearsal(sites, tmp_path) as rehearsal:
        rehearsal.play(MAY)
        assert rehearsal.play(MAY + 1) == []
        week = rehearsal.play(MAY + WEEK)
    for site in sites:
        asked = [line.path for line in week if line.host == site.host]
        assert asked[:2] == ["/robots.txt", "/"]
        assert asked.count("/robots.txt") == 1
    assert [line for line in week if line.status == 200 and not line.is_conditional] == []
