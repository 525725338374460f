from datetime import UTC, datetime, timedelta

import pytest

from crawler.visit import Link, Visit
from pipeline.commit import NEXT_NIGHT, note_hosts, patience, settlement
from storage import frontier
from storage.archive import Recorded
from storage.captures import Capture
from storage.frontier import Settlement
from storage.sites import load_sites
from storage.tables import sites

NEXT_MONTH = timedelta(days=30)
NOW = datetime(2024, 2, 1, tzinfo=UTC)
URL = "http://www.wuyou.gov.cn/a/"


def visit(kind: str = "report", url: str = URL, family: str = "") -> Visit:
    return Visit(Capture(url, NOW, 200, b"", kind=kind), family=family)


@pytest.mark.parametrize(
    ("kind", "outcome", "again"),
    [
        ("home", "new", NEXT_NIGHT),
        ("listing", "unchanged", NEXT_NIGHT),
        ("robots", "missing", timedelta(days=1)),
        ("report", "new", NEXT_MONTH),
        ("attachment", "missing", NEXT_MONTH),
        ("report", "soft_404", NEXT_MONTH),
    ],
)
def test_when_to_come_back_depends_on_the_kind(database, kind, outcome, again):
    with database.read() as connection:
        found = settlement(connection, visit(kind), Recorded(1, outcome, None), NOW)
    assert found == Settlement(URL, NOW + again)


def test_a_wall_is_left_alone_until_the_next_night(database):
    with database.read() as connection:
        found = settlement(connection, visit(), Recorded(1, "blocked", None), NOW)
    assert found == Settlement(URL, NOW + NEXT_NIGHT, failed=True)


def test_a_failure_is_tried_three_times_a_night(database):
    waits = []
    with database.write() as connection:
        frontier.add_links(connection, {"": [Link(URL, "report", 90, 1)]}, {"www.wuyou.gov.cn"}, NOW)
        for _ in range(4):
            found = settlement(connection, visit(), Recorded(1, "error", None), NOW)
            frontier.settle(connection, [found])
            waits.append(found.due_at - NOW)
    assert waits == [timedelta(minutes=1), timedelta(minutes=10), NEXT_NIGHT, timedelta(minutes=1)]
    assert patience(5) == NEXT_NIGHT


def test_each_host_is_noted_once_with_its_last_outcome_and_its_family(database):
    group = [visit(family="trs"), visit(), visit(url="http://www.nanke.gov.cn/")]
    recorded = [
        Recorded(number, outcome, None) for number, outcome in enumerate(("new", "missing", "blocked"))
    ]
    with database.write() as connection:
        note_hosts(connection, group, recorded)
        rows = connection.execute(sites.select().order_by(sites.c.host)).all()
        assert load_sites(connection) == []
    assert [(row.host, row.last_outcome, row.family) for row in rows] == [
        ("www.nanke.gov.cn", "blocked", ""),
        ("www.wuyou.gov.cn", "missing", "trs"),
    ]
