"""The real command line against the invented web, night after night, in a folder of its own."""

import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, create_engine

from samples.demo import proxied
from samples.nights import moment_of
from samples.site import Site
from samples.web import Asked, SampleWeb

PROGRAM = str(Path(sys.executable).with_name("nianbao"))
GOOD = (0, 3)  # done, and done with trouble on some site
BREATH = 0.005  # seconds between two looks at the web's log
# The command line of a later release: its extractor bears another name, and its crawler says so too.
LATER_RELEASE = """
import sys
from pipeline import reading
reading.EXTRACTOR += sys.argv.pop(1)
from pipeline.cli import main
main()
"""
BETWEEN_RUNS = timedelta(minutes=15)  # of one night: after the product's own patience with an address


class RunFailed(Exception):  # noqa: N818 - what happened, with what the program said last
    """The command line ended with another exit status than it should."""


class Rehearsal:
    """`delay` is in seconds between two requests to a host; a run ends after `most` pages at the latest."""

    def __init__(self, sites: Iterable[Site], folder: Path, delay: float = 0, most: int = 5000) -> None:
        self.sites = tuple(sites)
        self.web = SampleWeb(self.sites)
        self.database = f"sqlite:///{folder / 'rehearsal.db'}"
        self.registry = write_registry(self.sites, folder / "sites.toml")
        self.options = ["--delay", str(delay), "--max-pages", str(most)]
        self.environment = compiled(proxied(self.web.proxy), folder / "bytecode")

    def __enter__(self) -> Self:
        self.web.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.web.__exit__(kind, error, trace)

    def play(self, night: int, attempt: int = 0, release: str = "") -> list[Asked]:
        """Run a night to its end and give what was asked for in it. Raises RunFailed."""
        before = self.begin(night)
        process = self.start(night, attempt, release)
        _, said = process.communicate()
        if process.returncode not in GOOD:
            raise RunFailed(f"night {night}: exit status {process.returncode}\n{said[-2000:]}")
        return self.web.log[before:]

    def kill(
        self, night: int, after: int, attempt: int = 0, seconds: float = 0, release: str = ""
    ) -> list[Asked]:
        """Begin a night and kill it with signal 9 so many seconds after so many requests have come, or let it
        end before.
        """
        before = self.begin(night)
        process = self.start(night, attempt, release)
        while len(self.web.log) - before < after and not has_ended(process):
            pass
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        process.kill()
        process.communicate()
        return self.web.log[before:]

    def begin(self, night: int) -> int:
        self.web.show_night(night)
        return len(self.web.log)

    def start(self, night: int, attempt: int, release: str = "") -> subprocess.Popen[str]:
        """`release` is added to the version of the installed program; without one it runs as installed."""
        at = moment_of(night) + attempt * BETWEEN_RUNS
        environment = self.environment | {"NIANBAO_NOW": at.isoformat()}
        program = [PROGRAM]
        if release:
            program = [sys.executable, "-c", LATER_RELEASE, release]
            environment["NIANBAO_USER_AGENT"] = f"nianbao/0.1{release}"
        command = [*program, "--db", self.database, "crawl", "--sites", str(self.registry)]
        return subprocess.Popen(
            [*command, *self.options],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        engine = create_engine(self.database)
        with engine.connect() as connection:
            yield connection
        engine.dispose()

    def verify(self) -> str:
        """What `nianbao verify` complains of; empty when all is well."""
        command = [PROGRAM, "--db", self.database, "verify"]
        done = subprocess.run(command, env=self.environment, check=False, capture_output=True, text=True)
        return "" if done.returncode == 0 else done.stdout + done.stderr


def compiled(environment: dict[str, str], folder: Path) -> dict[str, str]:
    """Let Python keep its bytecode: without it a start takes seconds, and there are many."""
    kept = {name: value for name, value in environment.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPYCACHEPREFIX": str(folder)}


def has_ended(process: subprocess.Popen[str]) -> bool:
    try:
        process.wait(BREATH)
    except subprocess.TimeoutExpired:
        return False
    return True


def write_registry(sites: Iterable[Site], file: Path) -> Path:
    """A sites file as an operator writes it."""
    tables = (
        f'[[site]]\nhost = "{site.host}"\nname = "{site.name}"\nregion = "{site.region}"\n'
        f'start = ["{site.named}/"]\n'
        for site in sites
    )
    file.write_text("\n".join(tables), encoding="utf-8")
    return file
