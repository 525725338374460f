"""One crawl of a site of each content system, and of each way in which pages lead on, from its home page
alone: its yield and its manners.
"""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from sqlalchemy import Connection

from samples import proofs
from samples.comparison import compare
from samples.rehearsal import Rehearsal
from samples.site import Site, load_folder
from samples.truth import truth
from samples.web import Asked

DELAY = 0.05  # seconds; jitter may halve it
LEAST = 0.02  # between two requests to a host: half the delay, less what the machine may lose on the way


class Crawl(NamedTuple):
    sites: tuple[Site, ...]
    log: list[Asked]
    connection: Connection


SITES = (*load_folder("families"), *load_folder("ways"))


@pytest.fixture(scope="module")
def families(tmp_path_factory) -> Iterator[Crawl]:
    with Rehearsal(SITES, tmp_path_factory.mktemp("families"), DELAY, most=800) as rehearsal:
        log = rehearsal.play(0)
        with rehearsal.connected() as connection:
            yield Crawl(SITES, log, connection)


HOSTS = sorted(site.host for site in SITES)


@pytest.mark.parametrize("host", HOSTS)
def test_every_report_is_found_and_nothing_else(families, host):
    expected = [item for item in truth(families.sites) if item.host == host]
    here = [line for line in compare(families.connection, expected).differences if f"/{host}/" in line]
    assert here == []


def test_the_harvest_is_worth_the_asking(families):
    found = proofs.harvest(families.connection, families.log, truth(families.sites))
    assert {host: share for host, share in found.items() if share < 0.25} == {}


def test_no_host_is_asked_twice_within_its_delay(families):
    assert proofs.asked_too_soon(families.log, LEAST) == []


def test_nothing_banned_is_asked_for(families):
    assert proofs.asked_though_banned(families.log, families.sites) == []


def test_nothing_is_asked_twice(families):
    assert proofs.asked_twice(families.log) == []
