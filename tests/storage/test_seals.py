import hashlib
from datetime import UTC, datetime

from storage.archive import record_captures
from storage.captures import Capture
from storage.database import Database
from storage.runs import finish_run, start_run

START = datetime(2026, 11, 22, 10, tzinfo=UTC)
END = datetime(2026, 11, 22, 11, tzinfo=UTC)
BODY = b"page"


def test_a_seal_can_be_reckoned_by_hand(database: Database):
    """The lines stand here in full: a change of the format is a change of every seal ever made."""
    capture = Capture(
        "http://a.gov.cn/年报",
        START,
        200,
        BODY,
        (("Content-Type", "text/html"),),
        "report",
        ip_address="10.0.0.1",
    )
    with database.write() as connection:
        empty = finish_run(connection, start_run(connection, "import", START), END, "done")
        run = start_run(connection, "crawl", START)
        record_captures(connection, run, [capture])
        seal = finish_run(connection, run, END, "done")
    first = '\n[1,"import","2026-11-22T10:00:00.000Z","2026-11-22T11:00:00.000Z","done",0]\n'
    assert empty == hashlib.sha256(first.encode()).hexdigest()
    second = (
        f"{empty}\n"
        '[2,"crawl","2026-11-22T10:00:00.000Z","2026-11-22T11:00:00.000Z","done",1]\n'
        '[1,"http://a.gov.cn/年报","a.gov.cn","2026-11-22T10:00:00.000Z","GET","[]",200,'
        '"[[\\"Content-Type\\", \\"text/html\\"]]","text/html",'
        f'"{hashlib.sha256(BODY).hexdigest()}",4,"report","new","","10.0.0.1",null]\n'
    )
    assert seal == hashlib.sha256(second.encode()).hexdigest()
