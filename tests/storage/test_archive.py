import gzip
import os
import socket
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import event, func, select, text, update

from storage.archive import captures_to_read, load_capture, record_captures
from storage.captures import Capture
from storage.database import Database
from storage.payloads import PayloadError, load_payload
from storage.runs import RunClosedError, finish_run, start_run
from storage.tables import payloads, runs
from storage.values import as_text

NOW = datetime(2026, 11, 22, 10, 0, 0, 123000, UTC)
URL = "http://www.a.gov.cn/report.html"


def page(body: bytes | None = b"page" * 100, minutes: int = 0, **values) -> Capture:
    given = {"url": URL, "status": 200, "kind": "report"} | values
    return Capture(fetched_at=NOW + timedelta(minutes=minutes), payload=body, **given)


def record(database: Database, *captures: Capture):
    with database.write() as connection:
        run = start_run(connection, "crawl", NOW)
        recorded = record_captures(connection, run, captures)
        finish_run(connection, run, NOW, "done")
    return recorded


def outcomes(database: Database, *captures: Capture) -> list[str]:
    return [each.outcome for each in record(database, *captures)]


def test_a_capture_comes_back_as_it_went_in(database: Database):
    capture = page(
        b"\x00\xff" * 300,
        headers=(
            ("Content-Type", "text/html; charset=gb2312"),
            ("Set-Cookie", "a=\xe9"),
            ("Set-Cookie", "b"),
        ),
        request_headers=(("User-Agent", "nianbao"),),
        outcome="blocked",
        error="cut short",
        ip_address="10.0.0.1",
        protocol="HTTP/1.1",
        method="POST",
    )
    (recorded,) = record(database, capture)
    with database.read() as connection:
        stored = load_capture(connection, recorded.capture_id)
        row = connection.execute(text("SELECT host, content_type, size FROM captures")).one()
    assert stored.capture == capture
    assert stored.sha256 == recorded.sha256
    assert tuple(row) == ("www.a.gov.cn", "text/html; charset=gb2312", 600)


def test_no_answer_is_a_capture_too(database: Database):
    (recorded,) = record(database, page(None, status=None, error="timeout"))
    assert (recorded.outcome, recorded.sha256) == ("error", None)
    with database.read() as connection:
        assert load_capture(connection, recorded.capture_id).capture.error == "timeout"


def test_characters_that_no_database_can_hold(database: Database):
    odd = page(b"\0", headers=(("Content-Type", "text/html\0"),), error="\0\ud83d")
    (recorded,) = record(database, odd)
    with database.read() as connection:
        stored = load_capture(connection, recorded.capture_id).capture
        assert connection.scalar(text("SELECT content_type FROM captures")) == "text/html\ufffd"
    assert (stored.payload, stored.headers, stored.error) == (b"\0", odd.headers, "\ufffd?")


def test_an_empty_body_is_a_payload_and_no_body_is_none(database: Database):
    empty, none = record(database, page(b""), page(None, status=304, minutes=1))
    assert empty.sha256 is not None
    assert none.sha256 is None


def test_each_body_is_kept_once(database: Database):
    record(database, page(), page(url="http://www.b.gov.cn/"), page(minutes=1))
    record(database, page(minutes=2))
    with database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM payloads")).scalar() == 1
        assert connection.execute(text("SELECT count(*) FROM captures")).scalar() == 4


def test_a_body_that_does_not_shrink_is_kept_raw(database: Database):
    record(database, page(bytes(range(256))), page(b"again" * 100, minutes=1))
    with database.read() as connection:
        codecs = connection.execute(select(payloads.c.codec, payloads.c.size).order_by(payloads.c.size)).all()
    assert [tuple(row) for row in codecs] == [("raw", 256), ("zstd", 500)]


def test_new_then_unchanged_then_new(database: Database):
    assert outcomes(database, page(), page(minutes=1), page(b"other", 2), page(b"other", 3)) == [
        "new", "unchanged", "new", "unchanged",
    ]  # fmt: skip
    assert outcomes(database, page(b"other", 4), page(minutes=5), page(minutes=6)) == [
        "unchanged",
        "new",
        "unchanged",
    ]


def test_pages_sent_in_gzip_share_as_plain_ones_do(database: Database):
    """The first makes the template, others lean on it, and tonight's page on that of last night."""
    table = b"".join(b"<td>%d</td>" % number for number in range(2000))
    bodies = [gzip.compress(b"<html>%d views" % number + table, 6, mtime=0) for number in range(3)]
    urls = [URL, "http://www.a.gov.cn/other.html", URL]
    sent = [page(body, at, url=url) for at, (body, url) in enumerate(zip(bodies, urls, strict=True))]
    with database.write() as connection:
        run = start_run(connection, "crawl", NOW)
        recorded = [record_captures(connection, run, [capture])[0] for capture in sent]
    with database.read() as connection:
        query = select(payloads.c.codec, func.length(payloads.c.body)).order_by(payloads.c.payload_id)
        kept = connection.execute(query).all()
        given = [load_capture(connection, each.capture_id).capture.payload for each in recorded]
    assert given == bodies
    assert [codec for codec, _ in kept] == ["gzip zstd", "gzip zstd", "gzip splice"]
    assert max(size for _, size in kept) < 60 < len(bodies[0])


def test_a_challenge_in_between_does_not_make_a_page_new(database: Database):
    record(database, page())
    blocked = page(b"challenge", 1, status=412, outcome="blocked")
    assert outcomes(database, blocked, page(minutes=2)) == ["blocked", "unchanged"]


def test_an_older_page_brought_later_is_held_against_its_own_time(database: Database):
    record(database, page(b"today", 60))
    assert outcomes(database, page(b"today", 30), page(b"today", 45), page(b"today", 90)) == [
        "new", "unchanged", "unchanged",
    ]  # fmt: skip


def test_pages_of_a_list_posted_for_at_one_address_are_told_apart(database: Database):
    first, second = (page(b"rows of %d" % at, method="POST", request_body=b"page=%d" % at) for at in (1, 2))
    shown = page(b"the form")
    again = [replace(each, fetched_at=NOW + timedelta(days=1)) for each in (first, second, shown)]
    assert outcomes(database, first, second, shown) == ["new"] * 3
    assert outcomes(database, *again) == ["unchanged"] * 3
    both = [replace(each, fetched_at=NOW + timedelta(days=2), payload=b"rows") for each in (first, second)]
    assert outcomes(database, *both, *both) == ["new", "new", "unchanged", "unchanged"]


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(404, "missing"), (410, "missing"), (500, "error"), (403, "error"), (304, "unchanged")],
)
def test_the_status_judges_where_nobody_did(database: Database, status, outcome):
    assert outcomes(database, page(None, status=status)) == [outcome]


def test_a_batch_takes_few_statements(database: Database):
    statements: list[str] = []
    with database.write() as connection:
        run = start_run(connection, "crawl", NOW)
        event.listen(connection, "before_cursor_execute", lambda *given: statements.append(given[2]))
        captures = [page(b"%d" % number, url=f"http://www.a.gov.cn/{number}") for number in range(100)]
        recorded = record_captures(connection, run, captures)
    assert [each.capture_id for each in recorded] == sorted(each.capture_id for each in recorded)
    assert len(statements) <= 24  # six tables, each asked, numbered, filled and asked again
    with database.read() as connection:
        urls = [load_capture(connection, each.capture_id).capture.url for each in recorded]
    assert urls == [capture.url for capture in captures]


def test_nothing_to_record(database: Database):
    assert record(database) == []


def test_what_is_to_be_read(database: Database):
    record(
        database,
        page(),
        page(minutes=1),
        page(url="http://a.gov.cn/list", kind="listing"),
        page(url="http://a.gov.cn/soft", outcome="soft_404"),
        page(url="http://a.gov.cn/gone", status=404),
        page(url="http://a.gov.cn/file.pdf", kind="attachment"),
    )
    with database.read() as connection:
        assert list(captures_to_read(connection, "1")) == [1, 6]
        assert list(captures_to_read(connection, "1", after=1)) == [6]
        assert list(captures_to_read(connection, "1", kinds=("listing",))) == [3]


def test_a_flipped_bit_is_noticed(database: Database):
    (recorded,) = record(database, page())
    with database.write() as connection:
        body = connection.execute(select(payloads.c.body)).scalar_one()
        bad = bytes([*body[:-1], body[-1] ^ 1])
        connection.execute(update(payloads).values(body=bad))
    with database.read() as connection, pytest.raises(PayloadError, match=recorded.sha256):
        load_capture(connection, recorded.capture_id)


def test_a_payload_that_is_not_there(database: Database):
    with database.read() as connection, pytest.raises(PayloadError, match="00ff is missing"):
        load_payload(connection, "00ff")


def test_an_unknown_capture(database: Database):
    with database.read() as connection, pytest.raises(LookupError, match="capture 7"):
        load_capture(connection, 7)


def test_a_finished_run_takes_no_more(database: Database):
    with database.write() as connection:
        run = start_run(connection, "crawl", NOW)
        finish_run(connection, run, NOW, "done")
    with pytest.raises(RunClosedError, match="run 1 is not running"), database.write() as connection:
        record_captures(connection, run, [page()])
    with pytest.raises(RunClosedError), database.write() as connection:
        finish_run(connection, run, NOW, "done")


def test_runs_left_by_the_dead_are_closed(database: Database):
    with database.write() as connection:
        ours = start_run(connection, "crawl", NOW)  # as if by our process's number in an earlier life
        record_captures(connection, ours, [page()])
        start_run(connection, "crawl", NOW)
    with database.read() as connection:
        rows = connection.execute(select(runs.c["run_id", "state", "captures"]).order_by(runs.c.run_id)).all()
    assert [tuple(row) for row in rows] == [(1, "interrupted", 1), (2, "running", 0)]


@pytest.mark.parametrize(("silent", "state"), [(5, "running"), (60, "interrupted")])
def test_a_run_on_another_machine_is_given_time(database: Database, silent, state):
    with database.write() as connection:
        start_run(connection, "crawl", NOW)
        connection.execute(
            update(runs).values(owner="elsewhere:1", seen_at=as_text(NOW - timedelta(minutes=silent)))
        )
        start_run(connection, "import", NOW)
        assert connection.scalar(select(runs.c.state).where(runs.c.run_id == 1)) == state


def test_a_run_of_a_living_process_is_left_alone(database: Database):
    with database.write() as connection:
        start_run(connection, "crawl", NOW)
        beside = {
            "living": f"{socket.gethostname()}:{os.getppid()}",
            "dead": f"{socket.gethostname()}:{2**22 + 1}",
        }
        states = {}
        for name, owner in beside.items():
            connection.execute(update(runs).where(runs.c.run_id == 1).values(owner=owner))
            start_run(connection, "import", NOW)
            states[name] = connection.scalar(select(runs.c.state).where(runs.c.run_id == 1))
    assert states == {"living": "running", "dead": "interrupted"}


def test_a_moment_without_a_zone_is_refused(database: Database):
    naive = Capture(URL, datetime(2026, 1, 1), 200, b"")  # noqa: DTZ001 - the point of the test
    with pytest.raises(ValueError, match="no time zone"):
        record(database, naive)
