"""Nights killed with signal 9 after so many requests, then gone on with by a later release of the program:
nothing lost, nothing twice. The whole campaign is `benchmarks/nights.py --kill`.
"""

from collections import Counter

from sqlalchemy import text

from samples import proofs
from samples.comparison import compare
from samples.nights import known_after
from samples.rehearsal import Rehearsal
from samples.site import build_sites

KILLED = {0: (1, 60), 2: (12,)}  # by night, the requests after which a run is killed


def test_a_killed_night_loses_nothing_and_does_nothing_twice(tmp_path):
    sites = build_sites()
    with Rehearsal(sites, tmp_path) as rehearsal:
        for night, moments in KILLED.items():
            before = len(rehearsal.web.log)
            for attempt, moment in enumerate(moments):
                rehearsal.kill(night, moment, attempt, release=f".{night}")
            rehearsal.play(night, attempt=len(moments), release=f".{night + 1}")
            log = rehearsal.web.log[before:]
            so_far = [each for each in KILLED if each <= night]
            with rehearsal.connected() as connection:
                assert compare(connection, known_after(sites, so_far)).differences == ()
                assert proofs.held_twice(connection) == []
                assert connection.execute(text("SELECT count(*) FROM report_versions")).scalar_one() == 0
            asked = Counter((line.host, line.path) for line in log)
            assert max(asked.values()) <= 1 + len(moments)
        assert rehearsal.verify() == ""
