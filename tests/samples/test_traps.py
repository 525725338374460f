"""The traps have no end, and nothing in them is a report."""

import re

import pytest

from samples.answers import Question
from samples.traps import TRAPS, Trap
from samples.web import Host

STEPS = 60


def walk(trap: Trap, host: Host) -> set[str]:
    """Every address within sight of the entrances until there are enough."""
    seen, ahead = set(), [address for _, address in trap.entrances]
    while ahead and len(seen) < STEPS:
        address = ahead.pop(0)
        if address in seen:
            continue
        seen.add(address)
        answer = host.answer(Question(address))
        ahead += [answer.headers["Location"]] if "Location" in answer.headers else []
        ahead += [
            found.replace("&amp;", "&") for found in re.findall(r'href="(/[^"]+)"', answer.body.decode())
        ]
        ahead = [each for each in ahead if each.startswith(trap.root)]
    return seen


@pytest.mark.parametrize("name", TRAPS)
def test_a_trap_has_no_end(whole, name):
    site = next(site for site in whole if name in site.traps)
    assert len(walk(TRAPS[name], Host(site))) == STEPS


def test_each_trap_has_its_entrance_on_a_home_page(whole):
    for site in whole:
        home = Host(site).answer(Question("/")).body.decode(site.encoding)
        for name in site.traps:
            assert all(
                f'href="{address}"'.replace("&", "&amp;") in home for _, address in TRAPS[name].entrances
            )


def test_what_is_not_there_is_the_home_page_on_one_site(whole):
    host = Host(next(site for site in whole if site.absent == "home"))
    assert host.answer(Question("/no/such/page.html")).body == host.answer(Question("/")).body
    assert host.answer(Question("/robots.txt")).status == 404


def test_every_kind_of_wall_stands_somewhere(whole):
    walls = {listing.refuses for site in whole for listing in site.listings if listing.refuses}
    assert walls == {200, 405, 412, 521}
