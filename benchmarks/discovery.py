"""Harvest (reports for each fetch) and recall of the crawl, on the invented web and on a saved real site.

    .venv/bin/python -m benchmarks.discovery [--saved FOLDER] [--worst N] [HOST ...]

FOLDER holds the files of one site and is named after its host. Everything is crawled as an operator would,
by the command line through a proxy, with no delay. Of the saved site nobody knows the truth but the files:
its recall is left out.
"""

import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy import create_engine, text

from benchmarks.machine import describe_machine
from crawler.addresses import host_of
from crawler.traps import pattern_of
from samples.comparison import compare
from samples.demo import proxied
from samples.site import Site, build_web
from samples.truth import truth
from samples.web import SampleWeb

ROOT = Path(__file__).parents[1]
FEW = 10  # reports; a site with fewer says little about the harvest
LONGEST = 120  # seconds; a crawl that falls into a trap ends here


@dataclass(frozen=True, slots=True)
class Crop:
    """What the crawl of one site cost and gave; `fetched` is without robots.txt, `false` what was stored as a
    report and is none.
    """

    host: str
    family: str
    fetched: int
    found: int
    expected: int
    false: int = 0

    @property
    def harvest(self) -> float:
        return self.found / self.fetched if self.fetched else 0.0

    @property
    def recall(self) -> float:
        return self.found / self.expected if self.expected else 1.0


@click.command()
@click.option(
    "--saved", type=click.Path(path_type=Path, exists=True), help="Files of a site, named after it."
)
@click.option("--worst", default=0, help="Show so many patterns of addresses that took fetches for nothing.")
@click.argument("hosts", nargs=-1)
def main(saved: Path | None, worst: int, hosts: tuple[str, ...]) -> None:
    """Crawl the invented web, or only HOSTS of it, and a saved site if there is one."""
    console = Console(width=120)
    console.print(describe_machine(), soft_wrap=True)
    sites = [site for site in build_web() if not hosts or site.host in hosts]
    with tempfile.TemporaryDirectory(prefix="nianbao-discovery-") as name:
        crops = list(crop_invented(sites, Path(name), console, worst))
    console.print(table_of(crops))
    large = [crop for crop in crops if crop.expected >= FEW]
    found, fetched = sum(crop.found for crop in large), sum(crop.fetched for crop in large)
    expected = sum(crop.expected for crop in crops)
    console.print(
        f"harvest {found / max(fetched, 1):.2f} over {len(large)} sites with at least {FEW} reports; recall "
        f"{sum(crop.found for crop in crops) / max(expected, 1):.3f} over all {len(crops)}"
    )
    if saved:
        with tempfile.TemporaryDirectory(prefix="nianbao-discovery-") as name:
            console.print(table_of([crop_saved(saved, Path(name), console, worst)]))


def crop_invented(sites: list[Site], folder: Path, console: Console, worst: int) -> Iterator[Crop]:
    database = f"sqlite:///{folder}/discovery.db"
    with SampleWeb(sites) as web:
        crawl(folder, database, web.proxy, [site.host for site in sites])
    with closing(create_engine(database).connect()) as connection:
        expected = truth(sites)
        for line in compare(connection, expected).differences:
            console.print(f"  {line}", highlight=False, soft_wrap=True)
    wanted = {item.url for item in expected}
    stored, fetches, families = results(database)
    console.print(*patterns_of([url for url in fetches if url not in wanted], worst), sep="\n")
    for site in sites:
        own = {url for url in wanted if host_of(url) == site.host}
        fetched = sum(host_of(url) == site.host for url in fetches)
        false = sum(host_of(url) == site.host for url in stored - wanted)
        yield Crop(site.host, families.get(site.host, ""), fetched, len(own & stored), len(own), false)


def crop_saved(saved: Path, folder: Path, console: Console, worst: int) -> Crop:
    database = f"sqlite:///{folder}/discovery.db"
    with saved_site(saved) as proxy:
        crawl(folder, database, proxy, [saved.name])
    stored, fetches, families = results(database)
    console.print(*patterns_of([url for url in fetches if url not in stored], worst), sep="\n")
    return Crop(saved.name, families.get(saved.name, ""), len(fetches), len(stored), len(stored))


def results(database: str) -> tuple[set[str], list[str], dict[str, str]]:
    """Addresses of reports, every fetch of a page, and the family of each host."""
    with closing(create_engine(database).connect()) as connection:
        stored = set(connection.execute(text("SELECT url FROM reports")).scalars())
        pages = text("SELECT url FROM captures WHERE kind NOT IN ('robots', 'asset')")
        fetches = list(connection.execute(pages).scalars())
        pairs = connection.execute(text("SELECT host, family FROM sites"))
        families = {row.host: row.family for row in pairs}
    return stored, fetches, families


class SavedFiles(SimpleHTTPRequestHandler):
    """A proxy that knows one site."""

    def __init__(self, *arguments: object, host: str, directory: str) -> None:
        self.host = host
        super().__init__(*arguments, directory=directory)  # type: ignore[arg-type]

    def send_head(self) -> object:  # type: ignore[override]
        """Answer for the one host alone, as a proxy does for one that is dead."""
        if urlsplit(self.path).hostname != self.host:
            self.send_error(502)
            return None
        self.path = urlsplit(self.path).path
        return super().send_head()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name http.server uses
        """Keep quiet."""


@contextmanager
def saved_site(saved: Path) -> Iterator[str]:
    with ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(SavedFiles, host=saved.name, directory=str(saved))
    ) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def patterns_of(urls: Iterable[str], most: int) -> list[str]:
    counted = Counter(pattern_of(url) for url in urls)
    return [f"{count:5} {pattern}" for pattern, count in counted.most_common(most)]


def crawl(folder: Path, database: str, proxy: str, hosts: Iterable[str]) -> None:
    """Crawl as an operator does, with every address going to the proxy."""
    registry = folder / "sites.toml"
    tables = (f'[[site]]\nhost = "{host}"\ndelay = 0\n' for host in hosts)
    registry.write_text("\n".join(tables), encoding="utf-8")
    program = str(Path(sys.executable).with_name("nianbao"))
    command = [program, "--db", database, "crawl", "--sites", str(registry), "--delay", "0"]
    command += ["--max-seconds", str(LONGEST)]
    subprocess.run(command, env=proxied(proxy), cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def table_of(crops: list[Crop]) -> Table:
    table = Table(title="fetches and reports; false: stored as a report and none")
    for heading in ("site", "family", "fetched", "reports", "of", "false", "recall", "harvest"):
        table.add_column(heading, justify="left" if heading in {"site", "family"} else "right", no_wrap=True)
    for crop in crops:
        numbers = (str(crop.fetched), str(crop.found), str(crop.expected), str(crop.false))
        table.add_row(crop.host, crop.family, *numbers, f"{crop.recall:.2f}", f"{crop.harvest:.2f}")
    return table


if __name__ == "__main__":
    main()
