from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, select

from storage import frontier
from storage.archive import record_captures
from storage.captures import Capture, request_key
from storage.database import Database
from storage.frontier import Pending, Settlement, add_links, due_on
from storage.runs import start_run
from storage.tables import frontier as table

NOW = datetime(2024, 2, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
HOST = "www.wuyou.gov.cn"
HOSTS = {HOST}
FORM = (("Content-Type", "application/x-www-form-urlencoded"),)


@dataclass(frozen=True)
class Link:
    url: str
    kind: str = "listing"
    score: int = 50
    depth: int = 1
    text: str = ""
    method: str = "GET"
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    hops: int = 0

    @property
    def request_key(self) -> str:
        return request_key(self.url, self.method, self.body)


def url(path: str, host: str = HOST) -> str:
    return f"http://{host}{path}"


def add(connection: Connection, *links: Link, now: datetime = NOW) -> None:
    add_links(connection, {"": links}, HOSTS, now)


def due(database: Database, now: datetime = NOW, limit: int = 10) -> list[str]:
    with database.read() as connection:
        return [row.url for row in due_on(connection, HOST, now, limit)]


def row(connection: Connection, address: str):
    return connection.execute(select(table).where(table.c.url == address)).mappings().one()


def test_the_most_promising_comes_first_and_equals_in_the_order_they_were_found(database):
    with database.write() as connection:
        add(connection, Link(url("/c"), score=50), now=NOW + timedelta(seconds=1))
        add(connection, Link(url("/b"), score=50))
        add(connection, Link(url("/a"), score=90))
        add(connection, Link(url("/d", "www.nanke.gov.cn"), score=99))
    assert due(database, LATER) == [url("/a"), url("/b"), url("/c")]
    assert due(database, LATER, limit=1) == [url("/a")]


def test_a_pending_address_takes_the_better_promise_and_the_shorter_way(database):
    with database.write() as connection:
        add(connection, Link(url("/a"), "listing", 50, 2, "old"))
        add(connection, Link(url("/a"), "report", 90, 5, "new"))
        add(connection, Link(url("/a"), "other", 10, 1, "worse"))
        assert due_on(connection, HOST, NOW, 1) == [Pending(url("/a"), HOST, "report", 90, 1, 0)]
        assert row(connection, url("/a"))["text"] == "new"


def test_one_page_may_name_an_address_twice(database):
    with database.write() as connection:
        add(connection, Link(url("/a"), score=20), Link(url("/a"), score=70), Link(url("/a"), score=60))
        assert row(connection, url("/a"))["score"] == 70


def test_a_settled_address_is_never_armed_again_by_a_link(database):
    with database.write() as connection:
        add(connection, Link(url("/a")), Link(url("/b")))
        month, never = Settlement(url("/a"), NOW + timedelta(days=30)), Settlement(url("/b"), None, "robots")
        frontier.settle(connection, [month, never])
        add(connection, Link(url("/a"), score=99), Link(url("/b"), score=99))
        assert row(connection, url("/a"))["score"] == 50
        assert row(connection, url("/b"))["decision"] == "robots"
    assert due(database) == []
    assert due(database, NOW + timedelta(days=30)) == [url("/a")]


def test_a_failed_fetch_counts_until_one_succeeds(database):
    with database.write() as connection:
        add(connection, Link(url("/a")))
        for _ in range(2):
            frontier.settle(connection, [Settlement(url("/a"), LATER, failed=True)])
        assert frontier.attempts_at(connection, url("/a")) == 2
        assert not frontier.is_due(connection, url("/a"), NOW)
        assert frontier.is_due(connection, url("/a"), LATER)
        frontier.settle(connection, [Settlement(url("/a"), LATER)])
        assert frontier.attempts_at(connection, url("/a")) == 0


def test_an_address_never_heard_of_is_due(database):
    with database.write() as connection:
        assert frontier.is_due(connection, url("/robots.txt"), NOW)
        assert frontier.find(connection, url("/robots.txt")) is None


def test_links_to_other_hosts_wait_outside_until_the_host_is_registered(database):
    stranger = url("/a", "zrzy.wuyou.gov.cn")
    with database.write() as connection:
        add(connection, Link(stranger, score=40), Link(url("/b")))
        add(connection, Link(stranger, score=60))
        assert row(connection, stranger)["decision"] == "outside"
        assert row(connection, stranger)["score"] == 60
        assert not frontier.is_due(connection, stranger, LATER)
        frontier.let_in(connection, ["zrzy.wuyou.gov.cn"], LATER)
        assert frontier.is_due(connection, stranger, LATER)
        assert row(connection, stranger)["decision"] == ""


def test_counts_say_what_is_due_what_waits_and_what_was_decided(database):
    with database.write() as connection:
        add(connection, *(Link(url(f"/{name}")) for name in "abcd"))
        frontier.settle(connection, [Settlement(url("/a"), LATER), Settlement(url("/b"), None, "robots")])
        assert frontier.count_by_state(connection, NOW) == {"due": 2, "waiting": 1, "robots": 1}


@pytest.mark.parametrize("links", [[], [Link(url("/a"))]])
def test_adding_nothing_is_nothing(database, links):
    with database.write() as connection:
        add(connection, *links)
        assert len(connection.execute(select(table)).all()) == len(links)


def test_the_last_capture_is_the_newest_by_its_time(database):
    def capture(at: datetime, payload: bytes) -> Capture:
        return Capture(url("/a"), at, 200, payload)

    with database.write() as connection:
        run_id = start_run(connection, "crawl", NOW)
        late, _early = record_captures(connection, run_id, [capture(LATER, b"1"), capture(NOW, b"2")])
        assert frontier.last_capture(connection, url("/a")) == late.capture_id
        assert frontier.last_capture(connection, url("/b")) is None


def test_each_form_posted_to_an_address_is_a_request_of_its_own(database):
    forms = [Link(url("/q"), method="POST", body=f"page={n}".encode(), headers=FORM) for n in (1, 2)]
    with database.write() as connection:
        add(connection, Link(url("/q")), *forms, *forms)
        pending = due_on(connection, HOST, NOW, 10)
        assert {(each.url, each.body) for each in pending} == {
            (url("/q"), b""),
            (url("/q"), b"page=1"),
            (url("/q"), b"page=2"),
        }
        assert {each.headers for each in pending if each.method == "POST"} == {FORM}
        frontier.settle(connection, [Settlement(forms[0].request_key, LATER)])
        assert [each.body for each in due_on(connection, HOST, NOW, 10)] == [b"", b"page=2"]


def test_a_forms_state_is_the_newest_and_makes_no_request_of_its_own(database):
    def asked(state: str) -> Link:
        body = f"__VIEWSTATE={state}&__EVENTVALIDATION=x{state}&__EVENTTARGET=pager&__EVENTARGUMENT=2"
        return Link(url("/InfoList.aspx"), method="POST", body=body.encode(), headers=FORM)

    with database.write() as connection:
        add(connection, asked("first"))
        frontier.settle(connection, [Settlement(asked("first").request_key, LATER)])
        add(connection, asked("second"))
        assert [each.body for each in due_on(connection, HOST, LATER, 10)] == [asked("second").body]
        assert due_on(connection, HOST, NOW, 10) == []


def test_a_304_stands_for_the_body_before_it(database):
    with database.write() as connection:
        run_id = start_run(connection, "crawl", NOW)
        answers = ((200, b"rules", ""), (404, b"gone", "missing"), (304, None, ""))
        first, _, _ = (
            record_captures(connection, run_id, [Capture(url("/r"), NOW, status, body, outcome=outcome)])[0]
            for status, body, outcome in answers
        )
        assert frontier.last_capture(connection, url("/r")) == first.capture_id


def test_what_is_asked_for_otherwise_keeps_all_but_its_address(database):
    form = Link(url("/search"), method="POST", body=b"page=2", headers=FORM, text="下一页")
    with database.write() as connection:
        add_links(connection, {url("/list"): [form]}, HOSTS, NOW)
        there = "https://www.wuyou.gov.cn/search"
        frontier.readdress(connection, {form.request_key: there}, LATER)
        old, new = row(connection, form.url), row(connection, there)
    assert (old["due_at"], old["decision"]) == (None, "scheme")
    assert new["request_key"] == request_key(there, "POST", b"page=2")
    kept = ("request_body", "request_headers", "text", "found_on", "score", "depth", "host")
    assert [new[name] for name in kept] == [old[name] for name in kept]
    assert due(database, LATER) == [there]


def test_what_was_asked_for_by_the_other_scheme_is_taken_back_with_it(database):
    there = url("/a").replace("http:", "https:")
    with database.write() as connection:
        add(connection, Link(url("/a")))
        frontier.readdress(connection, {url("/a"): there}, NOW)
        frontier.settle(connection, [Settlement(there, LATER)])
        frontier.readdress(connection, {there: url("/a")}, LATER)
    assert due(database, LATER) == [url("/a")]


def test_an_origin_has_answered_where_it_gave_more_than_an_error(database):
    with database.write() as connection:
        run_id = start_run(connection, "crawl", NOW)
        told = {"/a": 404, "/b": 502}
        captures = [Capture(url(path), NOW, status, b"") for path, status in told.items()]
        record_captures(connection, run_id, captures[1:])
        assert not frontier.has_answered_since(connection, f"http://{HOST}", NOW)
        record_captures(connection, run_id, captures[:1])
        assert frontier.has_answered_since(connection, f"http://{HOST}", NOW)
        assert not frontier.has_answered_since(connection, f"http://{HOST}", LATER)
        assert not frontier.has_answered_since(connection, f"https://{HOST}", NOW)
