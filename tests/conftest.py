"""What all tests share: the real pages, and a fresh database of each kind."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from ipaddress import ip_address
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy.engine import URL, make_url

from benchmarks.servers import postgres_database, private_server, server_programs
from storage.database import Database, open_database
from storage.tables import metadata

REAL = Path(__file__).parents[2] / "shared" / "real"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
ENVIRON = os.environ  # noqa: TID251 - what the tests may use is no setting of the product


@pytest.fixture(scope="session")
def real_dir() -> Path:
    if not REAL.is_dir():
        pytest.skip("the real pages (../shared/real) are not here")
    return REAL


def lacking(what: str) -> NoReturn:
    """Skip, visibly, for want of a program; on CI, which installs them all, fail."""
    pytest.fail(what) if ENVIRON.get("CI") else pytest.skip(what)


@pytest.fixture(scope="session")
def rscript() -> str:
    """The program that runs R."""
    return shutil.which("Rscript") or lacking("R is not installed here (Debian: apt install r-base-core)")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """A server to make databases on: the one named by NIANBAO_TEST_POSTGRES, else a private one."""
    given = ENVIRON.get("NIANBAO_TEST_POSTGRES")
    if given:
        yield make_url(given).set(drivername="postgresql+psycopg")
        return
    programs = server_programs()
    if programs is None:
        lacking("no PostgreSQL server here: install one, or name one in NIANBAO_TEST_POSTGRES")
    with private_server(programs) as address:
        yield address


@pytest.fixture(scope="session")
def postgres_shared(postgres_server: URL) -> Iterator[Database]:
    """One database for all tests of a session, which each of them finds empty."""
    with postgres_database(postgres_server) as url, closing(open_database(url)) as database:
        yield database


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "nianbao.db"
    open_database(f"sqlite:///{path}").close()
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def database_url(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database that is not there yet (SQLite) or empty (Postgres)."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path}/nianbao.db"
    else:
        with postgres_database(request.getfixturevalue("postgres_server")) as url:
            yield url


@pytest.fixture
def database(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database with today's schema, opened; each test that takes it runs on both kinds."""
    if database_kind == "postgres":
        database = request.getfixturevalue("postgres_shared")
        with database.write() as connection:
            tables = ", ".join(metadata.tables)
            connection.exec_driver_sql(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
        yield database
        return
    path = shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "nianbao.db")
    with closing(open_database(f"sqlite:///{path}")) as database:
        yield database


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A headless Chromium that cannot leave this machine, and has not tried to when the module ends.

    A module's and not the session's: Playwright's loop keeps running in this thread while it lives, and
    a test that starts a loop of its own could not.
    """
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        lacking("no Chromium here: install the package chromium")
    log = tmp_path_factory.mktemp("chromium") / "net.json"
    with sync_playwright() as playwright:
        flags = [*CHROMIUM_FLAGS, f"--log-net-log={log}"]
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        yield browser
        browser.close()
    left = {peer for peer in peers(json.loads(log.read_text())) if not ip_address(peer).is_loopback}
    assert not left, f"Chromium called {left}"


def peers(log: dict[str, Any]) -> Iterator[str]:
    """The addresses Chromium opened a connection to, by its own log of the network."""
    attempt = log["constants"]["logEventTypes"]["TCP_CONNECT_ATTEMPT"]
    for event in log["events"]:
        address = event.get("params", {}).get("address") if event["type"] == attempt else None
        if address:
            yield urlsplit(f"//{address}").hostname


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A new window of a new visitor: nothing cached, no cookie, no service worker."""
    with closing(chromium.new_context(viewport={"width": 1280, "height": 800})) as context:
        yield context.new_page()
