"""The ledger over two nights of the invented web, as the database and `nianbao status` tell it."""

import json
import subprocess

import pytest
from sqlalchemy import text

from samples.rehearsal import PROGRAM, Rehearsal
from samples.site import build_web

HOSTS = ("www.wuyou.gov.cn", "www.changbi.gov.cn", "www.bolv.gov.cn")
WALLED = 12  # the night on which the column of 长臂县 answers 412; a township of 乌有县 was late before


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> tuple[dict[tuple[str, int], str], dict]:
    """State by body and year, and what the command says."""
    sites = [site for site in build_web() if site.host in HOSTS]
    with Rehearsal(sites, tmp_path_factory.mktemp("ledger")) as rehearsal:
        for night in (0, WALLED):
            rehearsal.play(night)
        with rehearsal.connected() as connection:
            rows = connection.execute(text("SELECT publisher, year, state FROM coverage")).all()
        command = [PROGRAM, "--db", rehearsal.database, "status", "--json"]
        said = subprocess.run(command, env=rehearsal.environment, check=True, capture_output=True, text=True)
    return {(publisher, year): state for publisher, year, state in rows}, json.loads(said.stdout)


@pytest.mark.parametrize(
    ("publisher", "year", "state"),
    [
        ("乌有县人民政府", 2025, "found"),
        ("乌有县虹影镇人民政府", 2025, "late"),  # in April
        ("伯虑县教育局", 2025, "missing"),
        ("长臂县教育局", 2025, "blocked"),  # what was on the column once may be there still
        ("长臂县教育局", 2018, "found"),
    ],
)
def test_each_state_is_where_it_should_be(told, publisher, year, state):
    ledger, _ = told
    assert ledger.get((publisher, year)) == state


def test_status_says_the_same(told):
    ledger, said = told
    states = list(ledger.values())
    assert said["coverage"] == {state: states.count(state) for state in sorted(set(states))}
