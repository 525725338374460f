"""What an invented site is: its listings, the entries on them, the reports behind those; from sites/*.toml.

A new site is a new file; a new content system is a class in families/ and a template. The demo's sites lie in
sites/ itself, one for each family of content systems in families/ there, those with traps in traps/, those
whose reports are files in files/, and those whose pages lead on otherwise than by plain links in ways/.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import cycle, islice, product
from pathlib import Path
from random import Random
from typing import Any

from samples.figures import FIRST_YEAR, LAST_YEAR, Figures, figures, misprint
from samples.forms import Code

SITES = Path(__file__).parent / "sites"
ORDINARY = SITES / "ordinary.toml"  # what every site has, for those that say `has_ordinary`
FOLDERS = ("", "families", "traps", "files", "ways")  # of SITES
GROWTH_YEARS = tuple(range(FIRST_YEAR, LAST_YEAR + 1))


@dataclass(frozen=True, slots=True)
class Report:
    """An annual report; one without `figures` is prose only, as all are about years before 2019. Where it is
    a file, `offer` says how its page leads there (files.py).
    """

    publisher: str
    year: int
    figures: Figures | None
    look: str
    offer: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a listing with the page behind it. `prose` names its text in prose.toml.

    Where `is_gone` the line is still there and its page is not; where `is_unlisted` neither is. `filed` is
    the day in its address, where a revision has changed the day that it shows.
    """

    title: str
    published: date
    source: str
    prose: str = ""
    report: Report | None = None
    is_gone: bool = False
    is_unlisted: bool = False
    filed: date | None = None

    @property
    def day(self) -> date:
        return self.filed or self.published


Linked = tuple[Entry, str]  # an entry and its address


@dataclass(frozen=True, slots=True)
class Listing:
    """`path` has no slash at its ends; `refuses` is the status of a wall before it, 0 without one;
    `grows` names the body whose towns may be added here to make the site larger. What only some content
    systems have: `by_area` asks for reports by unit and year, `by_script` has its lines from a script, and
    `type_code` is Lonsun's number of a kind of column. Where it `is_empty` its lines are away for a time.
    """

    path: str
    name: str
    entries: tuple[Entry, ...] = ()
    column_type: str = ""
    page_size: int = 10
    refuses: int = 0
    grows: str = ""
    by_area: bool = False
    by_script: bool = False
    type_code: str = ""
    is_empty: bool = False


@dataclass(frozen=True, slots=True)
class Temper:
    """How a server misbehaves: seconds before each answer, and every how-manieth is a 503, or cut short,
    or longer than its Content-Length says; 0 is never.
    """

    seconds: float = 0
    fails_every: int = 0
    cuts_every: int = 0
    understates_every: int = 0


@dataclass(frozen=True, slots=True)
class Site:
    """`robots` is the text of robots.txt, "html" for a web page in its place, or empty for a 404.
    `absent` says what comes for a page that is not there: "missing" a 404, "soft_404" one with status 200,
    "home" the home page. `declares` is the encoding that pages and headers speak of, whatever their bytes
    are. `traps` are names of traps.py, `way` is one of ways.py. With `scheme` https the certificate is the
    server's own, and http sends there. A site that is `linked_by` the other scheme is dead by it, though the
    registry and its own scripts name nothing else. `night` is told to content systems that go by it.
    """

    host: str
    name: str
    region: str
    site_id_code: str
    icp_number: str
    police_number: str
    organisation_code: str
    address: str
    family: str
    listings: tuple[Listing, ...]
    neighbours: tuple[tuple[str, str], ...] = ()
    extension: str = "html"
    encoding: str = "utf-8"
    declares: str = "utf-8"
    robots: str = ""
    absent: str = "missing"
    scheme: str = "http"
    linked_by: str = ""
    traps: tuple[str, ...] = ()
    way: str = ""
    temper: Temper = Temper()
    is_dead: bool = False
    night: int = 0

    @property
    def named(self) -> str:
        """Scheme and host as others write them."""
        return f"{self.linked_by or self.scheme}://{self.host}"

    def children(self, path: str) -> tuple[Listing, ...]:
        """Find the listings right under a path; the empty path is the home page."""
        return tuple(listing for listing in self.listings if listing.path.rpartition("/")[0] == path)

    def ancestors(self, path: str) -> tuple[Listing, ...]:
        """Name the way from the home page to a listing, with the listing itself."""
        return tuple(item for item in self.listings if path == item.path or path.startswith(item.path + "/"))


def build_web() -> tuple[Site, ...]:
    """Build every invented site there is."""
    return tuple(site for folder in FOLDERS for site in load_folder(folder))


def load_folder(folder: str) -> tuple[Site, ...]:
    files = sorted((SITES / folder).glob("*.toml"))
    return tuple(load_site(file) for file in files if file != ORDINARY)


def build_sites(pages: int = 0, copies: int = 0) -> tuple[Site, ...]:
    """Build the demo's sites, grown to about `pages` pages together by more towns on those that can grow.

    `copies` are so many more hosts to share the pages, each a copy of one that can grow.
    """
    sites = load_folder("")
    growing = [site for site in sites if any(listing.grows for listing in site.listings)]
    share = -(-pages // (len(growing) + copies))
    copied = [
        replace(site, host=f"{number}.{site.host}")
        for number, site in zip(range(1, copies + 1), cycle(growing), strict=False)
    ]
    return tuple(
        grow(site, share) if site in growing or site in copied else site for site in (*sites, *copied)
    )


def load_site(file: Path) -> Site:
    data = filings_of(tomllib.loads(file.read_text(encoding="utf-8")))
    tables = data.pop("listing") + (ordinary(data["name"]) if data.pop("has_ordinary", False) else [])
    listings = tuple(load_listing(table, data["name"]) for table in tables)
    neighbours = tuple((name, url) for name, url in data.pop("neighbours", []))
    robots, temper = data.pop("robots", "").lstrip(), Temper(**data.pop("temper", {}))
    traps = tuple(data.pop("traps", []))
    return Site(listings=listings, neighbours=neighbours, robots=robots, traps=traps, temper=temper, **data)


def filings_of(data: dict[str, Any]) -> dict[str, Any]:
    """Add the numbers that a site has from its filings, where its file does not give them."""
    region = data["region"]
    return {
        "site_id_code": f"{region}0001",
        "icp_number": f"虚ICP备{region}01号",
        "police_number": f"虚公网安备{region}02000001号",
        "organisation_code": f"11{region}000000001X",
        "address": f"{data['name'].removesuffix('人民政府')}镜花路1号",
    } | data


def ordinary(name: str) -> list[dict[str, Any]]:
    """The columns that every government has, with what looks like an annual report and is none."""
    text = ORDINARY.read_text(encoding="utf-8").replace("{place}", name.removesuffix("人民政府"))
    tables: list[dict[str, Any]] = tomllib.loads(text)["listing"]
    return tables


def load_listing(table: dict[str, Any], source: str) -> Listing:
    reports = [entry for series in table.pop("series", []) for entry in load_series(series)]
    articles = [
        Entry(item["title"], item["date"], source, item["prose"]) for item in table.pop("article", [])
    ]
    gone = [Entry(title, date(2015, 3, 20), source, is_gone=True) for title in table.pop("gone", [])]
    return Listing(entries=newest_first([*reports, *articles, *gone]), **table)


def newest_first(entries: list[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda entry: entry.published, reverse=True))


def load_series(series: Mapping[str, Any]) -> Iterator[Entry]:
    """One entry for each body and year."""
    for publisher, year in product(series["publishers"], series["years"]):
        yield report_entry(publisher, year, series)


def report_entry(publisher: str, year: int, series: Mapping[str, Any]) -> Entry:
    title = series.get("title", "{publisher}{year}年政府信息公开工作年度报告")
    random = Random(f"{publisher} {year} published")
    return Entry(
        title=title.format(publisher=publisher, year=year),
        published=date(year + 1, series.get("month", 1), random.randint(8, 29)),
        source=publisher,
        report=Report(
            publisher,
            year,
            report_figures(publisher, year, series),
            series.get("look", "word"),
            series.get("offer", ""),
        ),
    )


def report_figures(publisher: str, year: int, series: Mapping[str, Any]) -> Figures | None:
    if year < FIRST_YEAR:
        return None
    true = figures(publisher, year, series.get("volume", 8), series.get("zeros", "0"))
    planted = series.get("misprint", {})
    return misprint(true, code_of(planted["code"])) if planted.get("year") == year else true


def code_of(parts: list[str]) -> Code:
    table, row, column = parts
    return table, row, column


def grow(site: Site, pages: int) -> Site:
    """Add towns, each with a report a year, until the site has about so many pages more."""
    towns = max(0, pages - len(site.listings)) // len(GROWTH_YEARS)
    listings = tuple(grow_listing(item, towns) if item.grows else item for item in site.listings)
    return replace(site, listings=listings)


def grow_listing(listing: Listing, towns: int) -> Listing:
    names = (f"{listing.grows}{first}{second}{rank}" for rank, first, second in product(RANKS, FIRST, SECOND))
    series = {"publishers": list(islice(names, towns)), "years": GROWTH_YEARS, "volume": 4}
    return replace(listing, entries=newest_first([*listing.entries, *load_series(series)]))


FIRST = "云雾烟霞虹露霜雪月星"
SECOND = "隐幻浮寄忘游眠影虚渺"
RANKS = ("镇人民政府", "乡人民政府", "街道办事处")
