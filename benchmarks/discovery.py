"""Harvest (reports for each fetch), recall and manners of the crawl, on the invented web and a saved site.

    .venv/bin/python -m benchmarks.discovery [--saved FOLDER] [--delay 0.05] [--worst N] [HOST ...]

FOLDER holds the files of one site and is named after its host. Everything is crawled as an operator would,
by the command line through a proxy. The manners are read off the server's log: no host asked twice within its
delay, nothing that robots.txt closes, every wall recorded. Of the saved site nobody knows the truth but
the files: its recall is left out. Exit status 1 where anything is missing, wrong or impolite.
"""

import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
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
from samples import proofs
from samples.comparison import compare
from samples.demo import proxied
from samples.site import Site, build_web
from samples.truth import truth
from samples.web import SampleWeb

ROOT = Path(__file__).parents[1]
FEW = 10  # reports; a site with fewer says little about the harvest
LONGEST = 300  # seconds; a crawl that falls into a trap ends here
LEAST_HARVEST = 0.25  # reports for each fetch
SHOWN = 8  # faults of a kind
HALF = 0.5  # of the delay: what jitter leaves of it


@dataclass(frozen=True, slots=True)
class Crop:
    """What the crawl of one site cost and gave; `fetched` is without robots.txt, styles and
    pictures, `false` what was stored as a
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
@click.option("--delay", default=0.05, show_default=True, help="Seconds between requests to a host.")
@click.option("--worst", default=0, help="Show so many patterns of addresses that took fetches for nothing.")
@click.argument("hosts", nargs=-1)
def main(saved: Path | None, delay: float, worst: int, hosts: tuple[str, ...]) -> None:
    """Crawl the invented web, or only HOSTS of it, and a saved site if there is one."""
    console = Console(width=120, highlight=False)
    console.print(describe_machine(), soft_wrap=True)
    sites = [site for site in build_web() if not hosts or site.host in hosts]
    with tempfile.TemporaryDirectory(prefix="nianbao-discovery-") as name:
        crops, faults = crop_invented(sites, Path(name), console, delay, worst)
    console.print(table_of(crops), yield_of(crops))
    for fault, lines in faults.items():
        console.print(f"{fault}: {len(lines)}", *lines[:SHOWN], sep="\n    ", soft_wrap=True)
    if saved:
        with tempfile.TemporaryDirectory(prefix="nianbao-discovery-") as name:
            console.print(table_of([crop_saved(saved, Path(name), console, worst)]))
    sys.exit(1 if any(faults.values()) else 0)


def yield_of(crops: list[Crop]) -> str:
    large = [crop for crop in crops if crop.expected >= FEW]
    found, fetched = sum(crop.found for crop in large), sum(crop.fetched for crop in large)
    poorest = min((crop.harvest for crop in large), default=0.0)
    recall = sum(crop.found for crop in crops) / max(1, sum(crop.expected for crop in crops))
    return (
        f"harvest {found / max(fetched, 1):.2f} over {len(large)} sites with at least {FEW} reports, "
        f"{poorest:.2f} on the poorest of them; recall {recall:.3f} over all {len(crops)}"
    )


def crop_invented(
    sites: list[Site], folder: Path, console: Console, delay: float, worst: int
) -> tuple[list[Crop], dict[str, list[str]]]:
    """What came of each site, and what should not have."""
    database = f"sqlite:///{folder}/discovery.db"
    with SampleWeb(sites) as web:
        crawl(folder, database, web.proxy, {site.host: site.named for site in sites}, delay)
    expected = truth(sites)
    wanted = {item.url for item in expected}
    stored, fetches, families = results(database)
    console.print(*patterns_of([url for url in fetches if url not in wanted], worst), sep="\n")
    crops = []
    for site in sites:
        own = {url for url in wanted if host_of(url) == site.host}
        fetched = sum(host_of(url) == site.host for url in fetches)
        false = sum(host_of(url) == site.host for url in stored - wanted)
        crops.append(
            Crop(site.host, families.get(site.host, ""), fetched, len(own & stored), len(own), false)
        )
    with closing(create_engine(database).connect()) as connection:
        faults = {
            "not as printed": list(compare(connection, expected).differences),
            "asked too soon": proofs.asked_too_soon(web.log, delay * HALF),
            "asked though banned": proofs.asked_though_banned(web.log, sites),
            "asked twice": proofs.asked_twice(web.log, sites),
            "walls not recorded": proofs.walls_not_recorded(connection, sites),
            "poor harvests": [
                crop.host for crop in crops if crop.expected >= FEW and crop.harvest < LEAST_HARVEST
            ],
        }
    return crops, faults


def crop_saved(saved: Path, folder: Path, console: Console, worst: int) -> Crop:
    database = f"sqlite:///{folder}/discovery.db"
    with saved_site(saved) as proxy:
        crawl(folder, database, proxy, {saved.name: f"http://{saved.name}"}, 0)
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


def crawl(folder: Path, database: str, proxy: str, starts: Mapping[str, str], delay: float) -> None:
    """Crawl the hosts as an operator does, with every address going to the proxy; no wait for what failed."""
    registry = folder / "sites.toml"
    tables = (f'[[site]]\nhost = "{host}"\nstart = ["{start}/"]\n' for host, start in starts.items())
    registry.write_text("\n".join(tables), encoding="utf-8")
    program = str(Path(sys.executable).with_name("nianbao"))
    command = [program, "--db", database, "crawl", "--sites", str(registry), "--delay", str(delay)]
    command += ["--max-seconds", str(LONGEST)]
    environment = proxied(proxy) | {"NIANBAO_NOW": datetime.now(UTC).isoformat()}
    subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


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
