"""What happens in thirty nights happens to exactly one report or listing, and everything else stays."""

from collections import Counter
from dataclasses import replace

import pytest

from samples.nights import CHANGES, NIGHTS, day_of, known_after, load_events, sites_on
from samples.truth import truth


@pytest.fixture(scope="module")
def nightly(whole):
    """The truth of every night, by URL."""
    return [{item.url: item for item in truth(sites_on(whole, night))} for night in range(NIGHTS + 1)]


def test_night_0_is_the_web_as_its_files_say(whole):
    assert sites_on(whole, 0) == whole
    assert tuple(replace(site, night=0) for site in sites_on(whole, 1)) == whole


def test_everything_that_can_happen_does(whole):
    assert {event.what for event in load_events()} == set(CHANGES)
    assert {event.host for event in load_events()} <= {site.host for site in whole}
    assert all(0 < event.night <= NIGHTS for event in load_events())


def test_each_report_that_appears_is_one_more(nightly):
    for event in load_events():
        if event.what == "appears":
            news = nightly[event.night].keys() - nightly[event.night - 1].keys()
            mine = [nightly[event.night][url] for url in news]
            found = [item for item in mine if (item.publisher, item.year) == (event.publisher, event.year)]
            assert [item.published_on for item in found] == [str(day_of(event.night))]


def test_a_revision_keeps_the_address_and_changes_figures_and_day(nightly):
    for event in load_events():
        if event.what == "is revised":
            before, after = nightly[event.night - 1], nightly[event.night]
            (url,) = [
                url
                for url, item in after.items()
                if (item.publisher, item.year) == (event.publisher, event.year)
            ]
            assert before[url].figures != after[url].figures
            assert after[url].published_on == str(day_of(event.night))


def test_what_comes_and_goes_changes_no_other_address(nightly):
    """But for a new content system, a night changes a few addresses and leaves hundreds."""
    migrations = {event.night for event in load_events() if event.what == "migrates"}
    for night in set(range(1, NIGHTS + 1)) - migrations:
        assert len(nightly[night].keys() ^ nightly[night - 1].keys()) <= 6, night


def test_a_migration_changes_every_address_of_its_host(nightly):
    (event,) = [each for each in load_events() if each.family == "siteserver"]
    before, after = (
        {url for url, item in nightly[night].items() if item.host == event.host}
        for night in (event.night - 1, event.night)
    )
    assert len(before) == len(after) == 3
    assert not before & after


def test_nothing_known_is_ever_forgotten(whole):
    """What has vanished or moved stays known under the address it had."""
    known = [{item.url for item in known_after(whole[:5], range(night + 1))} for night in (0, 3, 6)]
    assert known[0] < known[1] < known[2]
    hosts = Counter(item.host for item in known_after(whole[:5], range(7)))
    assert hosts["zrzy.zixu.gov.cn"] == 6


def test_what_a_dead_host_publishes_is_known_when_it_returns(whole):
    late = ("南柯县人民政府", 2025)
    while_dead, after = (known_after(whole[:1], nights) for nights in ((0, 4), (0, 4, 5)))
    assert late not in {(item.publisher, item.year) for item in while_dead}
    assert late in {(item.publisher, item.year) for item in after}
