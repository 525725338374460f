"""A crawl that is killed, one that is asked to stop, and one that reaches its limit."""

import json
import signal
import threading
from typing import Any

from storage.database import open_database
from tests.pipeline.tiny_web import WUYOU, TinyWeb, crawl, links, page, register, rows, site, start_crawl

COLUMN = {
    f"http://{WUYOU}/": links(("/xxgknb/", "政府信息公开年报")),
    f"http://{WUYOU}/xxgknb/": links(
        *((f"/xxgknb/{n}.html", f"{1990 + n}年政府信息公开年度报告") for n in range(20))
    ),
    **{f"http://{WUYOU}/xxgknb/{n}.html": page(f"<p>{n}</p>", "政府信息公开年度报告") for n in range(20)},
}
ALL = {*COLUMN, f"http://{WUYOU}/robots.txt"}


class Gatekeeper:
    """Lets so many requests pass, then holds the next until it is opened."""

    def __init__(self, passing: int) -> None:
        self.passing = passing
        self.reached = threading.Event()
        self.opened = threading.Event()

    def __call__(self, _url: str) -> None:
        self.passing -= 1
        if self.passing < 0:
            self.reached.set()
            assert self.opened.wait(30)


def contents(url: str) -> list[tuple[Any, ...]]:
    database = open_database(url)
    found = rows(database, "SELECT url, sha256 FROM captures ORDER BY url")
    database.close()
    return found


def test_a_killed_crawl_goes_on_where_it_was(tmp_path):
    url = f"sqlite:///{tmp_path}/nianbao.db"
    register(url, site(WUYOU))
    with TinyWeb(COLUMN, Gatekeeper(9)) as web:
        process = start_crawl(web, url)
        assert web.before.reached.wait(30)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        before = contents(url)
        web.before.opened.set()
        summary = crawl(web, url)
    after = contents(url)
    assert [address for address, _ in after] == sorted(ALL)  # all of them, and none twice
    assert len(before) == 9
    assert set(before) <= set(after)
    assert summary["fetched"] == len(ALL) - len(before)
    database = open_database(url)
    assert rows(database, "SELECT state, captures FROM runs ORDER BY run_id") == [
        ("interrupted", 9),
        ("done", len(ALL) - 9),
    ]
    database.close()


def test_a_crawl_asked_to_stop_keeps_what_was_under_way(tmp_path):
    url = f"sqlite:///{tmp_path}/nianbao.db"
    register(url, site(WUYOU))
    with TinyWeb(COLUMN, Gatekeeper(5)) as web:
        process = start_crawl(web, url)
        assert web.before.reached.wait(30)
        process.send_signal(signal.SIGTERM)
        web.before.opened.set()
        out, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors
    summary = json.loads(out)
    assert summary["state"] == "interrupted"
    assert summary["fetched"] == len(web.asked) == len(contents(url))
    assert summary["fetched"] < len(ALL)


def test_a_run_ends_at_its_limit_and_is_done(tmp_path):
    url = f"sqlite:///{tmp_path}/nianbao.db"
    register(url, site(WUYOU))
    with TinyWeb(COLUMN) as web:
        summary = crawl(web, url, max_pages=6)
    assert (summary["state"], summary["fetched"], len(web.asked)) == ("done", 6, 6)
