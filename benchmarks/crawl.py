"""CPU per page of crawl, archive and links (durable) beside bare Scrapy and wget, on the same invented web.

    .venv/bin/python benchmarks/crawl.py [--pages 2000] [--hosts 40] [--repeats 3]

The web is served by another process; what is measured is the client alone, user and system time of the
whole process, from os.wait4. The contenders take turns, so that a busy machine slows all of them. Our first
run, which finds the addresses and leaves bytecode for the others, is not counted.

To start is a large part of a short run and none of a night's; so each also fetches a single page as often,
and what is left without that is given beside the whole.

nianbao discovers, archives durably and keeps links; Scrapy, with this project's settings, keeps nothing, and
lean it does not even inflate (bare.py); wget writes a compressed WARC. Those that follow links get fewer
pages, for TRS turns its pages by script.
"""

import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import click
from fastwarc.warc import ArchiveIterator, WarcRecordType
from rich.console import Console
from rich.table import Table
from sqlalchemy import create_engine, text

from benchmarks.machine import describe_machine
from samples.site import build_sites

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
ASSETS = "css,js,jpg,png,gif,ico"
DATABASE = "crawl.db"
DEMO = len(build_sites())  # hosts that are always there


@dataclass(frozen=True, slots=True)
class Spent:
    """`cpu` is user and system seconds of the process and its children."""

    pages: int
    cpu: float

    @property
    def milliseconds(self) -> float:
        """CPU a page."""
        return 1000 * self.cpu / self.pages


@dataclass(slots=True)
class Contender:
    """`command` is run in a fresh folder; `count` finds there how many answers it got."""

    name: str
    command: list[str]
    count: Callable[[Path], int]
    single: list[str]  # the same for one page
    prepare: Callable[[Path], object] = Path.is_dir  # nothing to do
    runs: list[Spent] = field(default_factory=list)
    starts: list[Spent] = field(default_factory=list)

    @property
    def milliseconds(self) -> float:
        """CPU a page, of the run in the middle."""
        return statistics.median(spent.milliseconds for spent in self.runs)

    @property
    def start(self) -> float:
        """Seconds of CPU for a single page."""
        return statistics.median(spent.cpu for spent in self.starts)

    @property
    def rest(self) -> float:
        """Milliseconds of CPU a page, once it has started."""
        return self.milliseconds - 1000 * self.start / self.runs[-1].pages


@click.command()
@click.option("--pages", default=2000, show_default=True)
@click.option(
    "--hosts", default=40, show_default=True, help="That the pages are on; a commit has one of each."
)
@click.option("--repeats", default=3, show_default=True)
def main(pages: int, hosts: int, repeats: int) -> None:
    """Print a table of milliseconds and ratios."""
    console = Console(width=120)
    console.print(describe_machine(), soft_wrap=True)
    names = [site.host for site in build_sites(copies=hosts - DEMO)]
    with tempfile.TemporaryDirectory(prefix="nianbao-bench-") as name:
        bench = Path(name)
        with serving(pages, hosts, bench):
            ours = make_ours(write_sites(names, bench))
            run(ours, ours.command, bench)
            contenders = [ours, *make_peers(names, bench)]
            for _ in range(repeats):
                for contender in contenders:
                    contender.starts.append(run(contender, contender.single, bench))
                    contender.runs.append(run(contender, contender.command, bench))
    if not shutil.which("wget"):
        console.print("skipped: wget is not installed here")
    console.print(table_of(contenders))


@contextmanager
def serving(pages: int, hosts: int, bench: Path) -> Iterator[None]:
    """Serve the grown web from a process of its own, as the proxy of every client started meanwhile."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "samples.web", "--port", str(port), "--pages", str(pages)]
    command += ["--copies", str(hosts - DEMO)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        server.stdout.readline()  # printed when every page is drawn
        try:
            with proxied(f"http://127.0.0.1:{port}", bench / "bytecode"):
                yield
        finally:
            server.terminate()


@contextmanager
def proxied(proxy: str, bytecode: Path) -> Iterator[None]:
    """Let every client find its way, and keep its bytecode: starts are not what is measured."""
    environ = os.environ  # noqa: TID251 - inherited by the clients
    kept = dict(environ)
    for name in ("no_proxy", "NO_PROXY", "HTTP_PROXY", "PYTHONDONTWRITEBYTECODE"):
        environ.pop(name, None)
    settings = {"http_proxy": proxy, "NIANBAO_DB": f"sqlite:///{DATABASE}", "PYTHONPATH": str(ROOT)}
    environ.update(settings, PYTHONPYCACHEPREFIX=str(bytecode))
    try:
        yield
    finally:
        environ.clear()
        environ.update(kept)


def write_sites(hosts: list[str], bench: Path) -> Path:
    """Write the registry of the sample sites with no delay: this measures work, not waiting."""
    sites = bench / "sites.toml"
    sites.write_text("\n".join(f'[[site]]\nhost = "{host}"\ndelay = 0\n' for host in hosts), encoding="utf-8")
    return sites


def make_ours(sites: Path) -> Contender:
    def register(folder: Path) -> None:
        shutil.copy(ROOT / "scrapy.cfg", folder)
        subprocess.run(
            [BIN / "nianbao", "sites", "import", sites], cwd=folder, check=True, stdout=subprocess.DEVNULL
        )

    command = [str(BIN / "scrapy"), "crawl", "reports", "-s", "LOG_LEVEL=ERROR", "-s", "NIANBAO_REQUISITES=0"]
    single = [*command, "-s", "NIANBAO_MAX_PAGES=1"]
    return Contender("nianbao", command, count_captures, single, register)


def make_peers(hosts: list[str], bench: Path) -> Iterator[Contender]:
    urls = write_urls(bench)
    bare = [sys.executable, str(ROOT / "benchmarks" / "bare.py")]
    one = bench / "one"
    one.write_text(f"http://{hosts[0]}/\n", encoding="utf-8")
    for name, kind in (("Scrapy, lean, given addresses", "lean"), ("Scrapy, given addresses", "given")):
        yield Contender(name, [*bare, kind, str(urls)], count_printed, [*bare, kind, str(one)])
    single = [*bare, "lean", str(one)]
    homes = bench / "homes"
    homes.write_text("".join(f"http://{host}/\n" for host in hosts), encoding="utf-8")
    yield Contender("Scrapy, following links", [*bare, "following", str(homes)], count_printed, single)
    if shutil.which("wget"):
        wget = ["wget", "-q", "-r", "-l", "inf", "-H", "-D", ",".join(hosts), "-R", ASSETS, "--warc-file=out"]
        single = ["wget", "-q", "--warc-file=out", "-i", str(one)]
        yield Contender("wget -r --warc-file", [*wget, "-i", str(homes)], count_records, single)


def run(contender: Contender, command: list[str], bench: Path) -> Spent:
    folder = Path(tempfile.mkdtemp(dir=bench))
    contender.prepare(folder)
    with (folder / "printed").open("wb") as printed:
        client = subprocess.Popen(command, cwd=folder, stdout=printed)
        _, status, used = os.wait4(client.pid, 0)
    client.returncode = os.waitstatus_to_exitcode(status)
    pages = contender.count(folder)
    if not pages:
        raise SystemExit(f"{contender.name}: nothing fetched, exit status {client.returncode}")
    return Spent(pages, used.ru_utime + used.ru_stime)


def count_captures(folder: Path) -> int:
    with closing(create_engine(f"sqlite:///{folder / DATABASE}").connect()) as connection:
        return int(connection.execute(text("SELECT count(*) FROM captures")).scalar_one())


def count_printed(folder: Path) -> int:
    return int((folder / "printed").read_text() or 0)


def count_records(folder: Path) -> int:
    with (folder / "out.warc.gz").open("rb") as stream:
        return sum(1 for _ in ArchiveIterator(stream, record_types=WarcRecordType.response))


def write_urls(bench: Path) -> Path:
    """Give the peers the addresses that we found, in our order, less those that nobody answers for."""
    (database,) = bench.glob(f"*/{DATABASE}")
    with closing(create_engine(f"sqlite:///{database}").connect()) as connection:
        found = connection.execute(
            text("SELECT url FROM captures WHERE status IS NOT NULL ORDER BY capture_id")
        ).scalars()
        urls = bench / "urls"
        urls.write_text("".join(f"{url}\n" for url in found), encoding="utf-8")
    return urls


def table_of(contenders: list[Contender]) -> Table:
    table = Table(title="CPU of the client per page, median; ratio is ours to theirs")
    for heading in ("client", "pages", "CPU, ms", "least–most", "ratio", "start, s", "rest, ms", "ratio"):
        table.add_column(heading, justify="left" if heading == "client" else "right", no_wrap=True)
    ours = contenders[0]
    for contender in contenders:
        costs = [spent.milliseconds for spent in contender.runs]
        table.add_row(
            contender.name,
            str(contender.runs[-1].pages),
            f"{contender.milliseconds:.2f}",
            f"{min(costs):.2f}–{max(costs):.2f}",
            f"{ours.milliseconds / contender.milliseconds:.2f}",
            f"{contender.start:.2f}",
            f"{contender.rest:.2f}",
            f"{ours.rest / contender.rest:.2f}",
        )
    return table


if __name__ == "__main__":
    main()
