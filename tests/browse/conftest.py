"""An archive with pages of every kind, and the pages over it behind both doors."""

import threading
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

from browse import apart
from browse.app import make_app
from browse.options import Options
from browse.reviewers import Reviewing
from browse.serving import listen, server_of
from browse.snapshots.door import make_snapshots
from browse.snapshots.origins import Origins
from storage.archive import record_captures
from storage.captures import Capture
from storage.database import open_database
from storage.runs import finish_run, start_run

NOW = datetime(2026, 2, 1, 12, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Doors:
    """The two origins, as a browser reaches them."""

    pages: str
    snapshots: str


@pytest.fixture(scope="module")
def keep(tmp_path_factory):
    """An empty archive with a `put` of pages: address to bytes, type and status."""
    folder = tmp_path_factory.mktemp("archive")
    with closing(open_database(f"sqlite:///{folder}/a.db")) as database:
        yield Keep(database)


class Keep:
    now = NOW

    def __init__(self, database):
        self.database = database

    def put(self, url, payload, content_type="text/html", *, at=NOW, headers=(), status=200, outcome=""):
        """Give the capture's id."""
        head = (("Content-Type", content_type), *headers)
        with self.database.write() as connection:
            run = start_run(connection, "import", at)
            capture = Capture(url, at, status, payload, head, outcome=outcome)
            [recorded] = record_captures(connection, run, [capture])
            finish_run(connection, run, at)
        return recorded.capture_id


@pytest.fixture(scope="module")
def doors(keep):
    """A server of both origins on free ports, for a real browser."""
    sockets = listen("127.0.0.1", Origins(0, 0))
    ports = [each.getsockname()[1] for each in sockets]
    server = server_of(keep.database, Options(Origins(*ports), reviewing=Reviewing(is_local=True)))
    thread = threading.Thread(target=server.run, kwargs={"sockets": sockets})
    thread.start()
    yield Doors(*(f"http://127.0.0.1:{port}" for port in ports))
    server.should_exit = True
    thread.join()
    apart.stop()


@pytest.fixture(scope="module")
def snapshots(keep):
    """A client of the snapshots' origin."""
    origins = Origins(pages_url="http://pages.test", snapshots_url="http://snapshots.test")
    app = make_snapshots(keep.database, Options(origins, ("testserver",)))
    with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as client:
        yield client


@pytest.fixture(scope="module")
def pages(keep):
    """A client of the pages' origin, over the same archive."""
    origins = Origins(pages_url="http://pages.test", snapshots_url="http://snapshots.test")
    app = make_app(keep.database, Options(origins, ("testserver",)))
    with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as client:
        yield client
