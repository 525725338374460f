"""Sites with traps, walls and bad tempers: a bounded number of fetches, every wall recorded, nothing lost."""

from collections.abc import Iterator

import pytest

from samples import proofs
from samples.comparison import compare
from samples.rehearsal import Rehearsal
from samples.site import load_folder
from samples.truth import truth

MOST = 900  # pages: far more than should be needed
BOUND = 40  # fetches that a trap may cost


@pytest.fixture(scope="module")
def trapped(tmp_path_factory) -> Iterator[Rehearsal]:
    """After one run: what failed for a moment is tried again before it ends."""
    with Rehearsal(load_folder("traps"), tmp_path_factory.mktemp("traps"), most=MOST) as rehearsal:
        rehearsal.play(0)
        yield rehearsal


def test_every_report_is_found_and_nothing_else_also_on_a_flaky_host(trapped):
    with trapped.connected() as connection:
        assert compare(connection, truth(trapped.sites)).differences == ()


def test_a_trap_costs_little(trapped):
    costs = proofs.fetches_in_traps(trapped.web.log, trapped.sites)
    assert {trap: cost for trap, cost in costs.items() if cost > BOUND} == {}


def test_every_wall_is_recorded(trapped):
    with trapped.connected() as connection:
        assert proofs.walls_not_recorded(connection, trapped.sites) == []
