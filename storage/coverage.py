"""The ledger of what should be there: expected bodies by year, less what is.

The law names the bodies by kind, no list names them all. So a body is expected when the registry has its
site, when a list of bodies on an annual column names it, or when it has published in another year; from the
first year that its host has a report of, to the last whose legal date has passed. What is found is in
`reports`; here are only the gaps (storage/tables/), and the view `coverage` shows both.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from settings import clock
from settings.calendar import last_due_year
from storage.database import Database
from storage.tables import captures, coverage_gaps, frontier, readings, runs, sites
from storage.values import as_moment, as_text

# The name of a site, less what makes it a site's name.
SITE_WORDS = re.compile(r"(官方|门户|政务|信息)*网站?$")
# A body in a list of bodies: nothing else stands in the line.
UNIT = re.compile(
    r"[\u4e00-\u9fff]{1,20}(局|委|委员会|办公室|中心|厅|街道|街道办事处|镇|乡|镇人民政府|乡人民政府|管委会|支队|总队)"
)
KINDS = re.compile(r"乡镇|部门|单位|各|直属|所属|下属")  # a kind of bodies, and not one of them
GOVERNMENT = "人民政府"
TOWNSHIP = re.compile(r"(街道|街道办事处|镇|乡|镇人民政府|乡人民政府)$")
FOLDERS_OF_NONE = 3  # slashes of an address that lies in no folder
GROUP = 1000
PROVINCE = 2  # digits of a region code
SINCE = re.compile(r" for \d{4}$")  # of a body's own reason: it published for 2019


@dataclass(frozen=True, slots=True)
class Body:
    """One who must publish. `level` as in `reports`; `since` the first year expected, None where unknown."""

    publisher: str
    region_code: str
    host: str
    level: str
    because: str
    since: int | None = None


def count_coverage(connection: Connection) -> dict[str, int]:
    """By state, how many bodies' years."""
    rows = connection.exec_driver_sql("SELECT state, count(*) FROM coverage GROUP BY state ORDER BY state")
    return {state: count for state, count in rows}  # noqa: C416 - rows are not pairs to mypy


@dataclass(frozen=True, slots=True)
class RegionLine:
    """The ledger of one province (GB/T 2260, its first two digits and noughts; empty where the region is not
    known): bodies' years by state, and of those that are missing or blocked by why they are expected.
    """

    region_code: str
    states: Mapping[str, int]
    because: Mapping[str, int]


def coverage_by_region(connection: Connection) -> tuple[RegionLine, ...]:
    states = counted_by_region(connection, "SELECT region_code, state, count(*) FROM coverage GROUP BY 1, 2")
    reasons = counted_by_region(
        connection, "SELECT region_code, because, count(*) FROM coverage_gaps GROUP BY 1, 2"
    )
    return tuple(
        RegionLine(region, dict(sorted(states[region].items())), dict(sorted(reasons[region].items())))
        for region in sorted(states)
    )


def counted_by_region(connection: Connection, query: str) -> dict[str, Counter[str]]:
    """Rows of a region, a word and a number, added up by province and word."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for region, word, number in connection.exec_driver_sql(query):
        province = f"{region[:PROVINCE]}0000" if region else ""
        found[province][SINCE.sub("", word)] += number
    return found


def refresh_coverage(database: Database) -> int:
    """Reckon the gaps anew; how many there are."""
    with database.write() as connection:
        rows = list(gaps(connection, as_of(connection)))
        connection.execute(delete(coverage_gaps))
        for start in range(0, len(rows), GROUP):
            connection.execute(insert(coverage_gaps), rows[start : start + GROUP])
    return len(rows)


def as_of(connection: Connection) -> datetime:
    """The end of the archive's last sealed run, so that the archive alone decides; before it, now."""
    last = connection.scalar(select(func.max(runs.c.finished_at)).where(runs.c.seal.is_not(None)))
    return as_moment(last) if last else clock.now()


def gaps(connection: Connection, now: datetime) -> Iterator[dict[str, object]]:
    there = published_years(connection)
    first = first_years(connection)
    walls = find_walls(connection, now, set(first))
    for body in expected_bodies(connection):
        last = last_due_year(body.level, now)
        since = body.since or first.get(body.host, last)
        for year in range(since, last + 1):
            if year not in there.get((body.publisher, body.region_code), ()):
                yield {
                    "publisher": body.publisher,
                    "region_code": body.region_code,
                    "year": year,
                    "state": "blocked" if walls.hide(body) else "missing",
                    "host": body.host,
                    "because": body.because,
                }


def published_years(connection: Connection) -> Mapping[tuple[str, str], set[int]]:
    years: dict[tuple[str, str], set[int]] = defaultdict(set)
    columns = (readings.c.publisher, readings.c.region_code, readings.c.year)
    current = select(*columns).where(readings.c.standing == "current", readings.c.year.is_not(None))
    for publisher, region, year in connection.execute(current.distinct()):
        years[publisher, region].add(year)
    return years


def first_years(connection: Connection) -> dict[str, int]:
    """By host, the first year of which it has a report."""
    query = select(readings.c.host, func.min(readings.c.year)).where(
        readings.c.standing == "current", readings.c.year.is_not(None)
    )
    return {host: year for host, year in connection.execute(query.group_by(readings.c.host))}  # noqa: C416 - rows are not pairs to mypy


@dataclass(frozen=True, slots=True)
class Walls:
    """Hosts that let nobody in to reports, and bodies whose reports are of a listing that is walled in by
    now: what is missing there may stand behind.
    """

    hosts: Container[str]
    bodies: Container[tuple[str, str]]

    def hide(self, body: Body) -> bool:
        return body.host in self.hosts or (body.publisher, body.region_code) in self.bodies


def find_walls(connection: Connection, now: datetime, with_reports: set[str]) -> Walls:
    listings = walled_listings(connection)
    mute = {host for _, host in listings} - with_reports
    bodies = {body for url, host in listings for body in listed_on(connection, url, host)}
    return Walls(closed_hosts(connection, now) | mute, bodies)


def listed_on(connection: Connection, listing: str, host: str) -> list[tuple[str, str]]:
    """The bodies whose reports were found on a listing, or lie in its folder."""
    folder = listing.partition("?")[0].rpartition("/")[0] + "/"
    is_top = folder.count("/") == FOLDERS_OF_NONE
    lies_there = readings.c.url.startswith(folder, autoescape=True)
    is_listed = (frontier.c.found_on == listing) if is_top else (frontier.c.found_on == listing) | lies_there
    query = select(readings.c.publisher, readings.c.region_code).join(
        frontier, frontier.c.request_key == readings.c.url
    )
    query = query.where(readings.c.host == host, readings.c.standing == "current", is_listed)
    return [(publisher, region) for publisher, region in connection.execute(query.distinct())]


def walled_listings(connection: Connection) -> list[tuple[str, str]]:
    """Addresses and hosts of listings whose last answer was a wall; it counts as a failure."""
    failed = select(frontier.c.url, frontier.c.host).where(
        frontier.c.kind == "listing", frontier.c.attempts > 0, frontier.c.method == "GET"
    )
    outcome = select(captures.c.outcome).order_by(captures.c.fetched_at.desc(), captures.c.capture_id.desc())
    return [
        (url, host)
        for url, host in connection.execute(failed).all()
        if connection.scalar(outcome.where(captures.c.url == url).limit(1)) == "blocked"
    ]


def closed_hosts(connection: Connection, now: datetime) -> set[str]:
    """Hosts that let nobody in: at rest, or whose last answer was a wall."""
    resting = sites.c.rest_until > as_text(now)
    return set(connection.scalars(select(sites.c.host).where(resting | (sites.c.last_outcome == "blocked"))))


def expected_bodies(connection: Connection) -> list[Body]:
    """Each once. Who published is known best, then who has a site, then who is only named in a list."""
    known: dict[tuple[str, str], Body] = {}
    for body in (*published(connection), *registered(connection)):
        known.setdefault((body.publisher, body.region_code), body)
    names: dict[str, list[str]] = defaultdict(list)
    for publisher, region in known:
        names[region].append(publisher)
    for body in listed(connection):
        if not any(
            name.endswith(body.publisher) or body.publisher in name for name in names[body.region_code]
        ):
            known.setdefault((body.publisher, body.region_code), body)
    return list(known.values())


def published(connection: Connection) -> Iterator[Body]:
    columns = (readings.c.publisher, readings.c.region_code)
    most = (func.max(readings.c.host), func.max(readings.c.level), func.min(readings.c.year))
    query = select(*columns, *most).where(
        readings.c.standing == "current", readings.c.publisher != "", readings.c.year.is_not(None)
    )
    for publisher, region, host, level, since in connection.execute(query.group_by(*columns)):
        yield Body(publisher, region, host, level, f"published for {since}", since)


def registered(connection: Connection) -> Iterator[Body]:
    query = select(sites.c.host, sites.c.name, sites.c.region_code).where(sites.c.registered == 1)
    for host, name, region in connection.execute(query.where(sites.c.name != "")):
        publisher = SITE_WORDS.sub("", name)
        level = "county" if publisher.endswith(GOVERNMENT) else "department"
        yield Body(publisher, region, host, level, "the registry has its site")


def listed(connection: Connection) -> Iterator[Body]:
    """Bodies that name a listing on an annual column. They are called there as at home: 财政局."""
    homes = {host: (name, region) for host, name, region in home_names(connection)}
    columns = (frontier.c.host, frontier.c.text)
    query = select(*columns).where(frontier.c.kind == "listing", frontier.c.text != "").distinct()
    for host, text in connection.execute(query):
        name, region = homes.get(host, ("", ""))
        if UNIT.fullmatch(text) and not KINDS.search(text):
            prefix = SITE_WORDS.sub("", name).removesuffix(GOVERNMENT)
            publisher = text if text.startswith(prefix) else prefix + text
            level = "township" if TOWNSHIP.search(text) else "department"
            yield Body(publisher, region, host, level, "a list of bodies names it")


def home_names(connection: Connection) -> Iterable[tuple[str, str, str]]:
    columns = (sites.c.host, sites.c.name, sites.c.region_code)
    return [(host, name, region) for host, name, region in connection.execute(select(*columns))]
