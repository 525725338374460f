"""Nights killed with signal 9 after so many requests, then run again: nothing lost, nothing twice."""

from collections import Counter

from sqlalchemy import text

from samples.comparison import compare
from samples.nights import known_after
from samples.rehearsal import Rehearsal
from samples.site import build_sites

KILLED = {0: (1, 60), 2: (12,)}  # by night, the requests after which a run is killed
DOUBLE = """
    SELECT url, sha256, count(*) FROM captures
    WHERE outcome = 'new' AND kind != 'listing' GROUP BY url, sha256 HAVING count(*) > 1
"""


def test_a_killed_night_loses_nothing_and_does_nothing_twice(tmp_path):
    sites = build_sites()
    with Rehearsal(sites, tmp_path) as rehearsal:
        for night, moments in KILLED.items():
            before = len(rehearsal.web.log)
            for attempt, moment in enumerate(moments):
                rehearsal.kill(night, moment, attempt)
            rehearsal.play(night, attempt=len(moments))
            log = rehearsal.web.log[before:]
            with rehearsal.connected() as connection:
                assert (
                    compare(connection, known_after(sites, [n for n in KILLED if n <= night])).differences
                    == ()
                )
                assert connection.execute(text(DOUBLE)).all() == []
            asked = Counter((line.host, line.path) for line in log)
            assert max(asked.values()) <= 1 + len(moments)
        assert rehearsal.verify() == ""
