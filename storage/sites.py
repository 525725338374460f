"""The sites table: what the operator registered, what pages said of themselves, how the last visit went."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, Executable, case, func, or_, select, update

from settings.registry import Site
from storage.inserting import insert_of
from storage.locks import hold_lock
from storage.outcomes import GOOD
from storage.tables import captures, runs, sites
from storage.values import as_text

UNKNOWN_FAMILY = "generic"  # the crawler's lister of last resort; it never replaces a family's name
UNVERIFIED = "unverified"  # the note of a site that no run has reached yet
FACTS = ("name", "site_id_code", "icp_number", "police_number", "region_code")
SAID = ("name", "region_code")  # what the operator may leave for pages to say
REGION_DIGITS = 6  # a 网站标识码 begins with the GB/T 2260 code of the place


def register_sites(connection: Connection, registered: Sequence[Site]) -> None:
    """Put what the operator says over whatever was known of these hosts. What a key leaves empty stays."""
    hold_lock(connection, "crawl")
    rows = [
        {
            "host": site.host,
            "name": site.name,
            "region_code": site.region,
            "start": json.dumps(site.start, ensure_ascii=False),
            "listing": site.listing,
            "delay": site.delay,
            "note": site.note,
            "registered": 1,
        }
        for site in registered
    ]
    if rows:
        connection.execute(registration(connection.dialect.name), rows)


@cache
def registration(dialect: str) -> Executable:
    insert = insert_of(dialect, sites)
    given = insert.excluded
    said = {name: case((given[name] == "", sites.c[name]), else_=given[name]) for name in SAID}
    decided = {name: given[name] for name in ("start", "listing", "delay", "note", "registered")}
    return insert.on_conflict_do_update(index_elements=["host"], set_=said | decided)


def register_listed(connection: Connection, listed: Sequence[tuple[Site, str]]) -> int:
    """Sites of the official directory with their codes; how many are new. What the operator said stays."""
    known = set(connection.scalars(select(sites.c.host).where(sites.c.registered == 1)))
    register_sites(connection, [site for site, _ in listed if site.host not in known])
    fill(
        connection,
        [{"host": site.host} | facts_of(site.name, code, "", "", site.region) for site, code in listed],
    )
    return sum(site.host not in known for site, _ in listed)


def load_sites(connection: Connection) -> list[Site]:
    """Give the registered sites, by host."""
    rows = connection.execute(select(sites).where(sites.c.registered == 1).order_by(sites.c.host))
    return [
        Site(
            host=row.host,
            name=row.name,
            region=row.region_code,
            start=tuple(json.loads(row.start)),
            listing=row.listing,
            delay=None if row.delay is None else float(row.delay),
            note=row.note,
        )
        for row in rows
    ]


def note_site_facts(
    connection: Connection,
    host: str,
    name: str = "",
    site_id_code: str = "",
    icp: str = "",
    police: str = "",
    region: str = "",
) -> None:
    """Fill what is still empty from what a page says; the operator's words and earlier findings stay.

    Without a region, the first six digits of the site id code tell it.
    """
    fill(connection, [{"host": host} | facts_of(name, site_id_code, icp, police, region)])


def fill(connection: Connection, told: Sequence[Mapping[str, str]]) -> None:
    """Facts by host; only what is still empty takes them."""
    hold_lock(connection, "crawl")
    if told:
        empty = dict.fromkeys(FACTS, "")
        connection.execute(filling(connection.dialect.name), [empty | dict(each) for each in told])


@cache
def filling(dialect: str) -> Executable:
    insert = insert_of(dialect, sites)
    filled = {name: case((sites.c[name] == "", insert.excluded[name]), else_=sites.c[name]) for name in FACTS}
    return insert.on_conflict_do_update(index_elements=["host"], set_=filled)


def facts_of(name: str, site_id_code: str, icp: str, police: str, region: str = "") -> dict[str, str]:
    """By column, what is not empty."""
    code = region or (site_id_code[:REGION_DIGITS] if site_id_code[:REGION_DIGITS].isdecimal() else "")
    said = dict(zip(FACTS, (name, site_id_code, icp, police, code), strict=True))
    return {column: value for column, value in said.items() if value}


class KnownSites:
    """What is known of some hosts, asked for once; what a page says is written where it adds anything."""

    def __init__(self, connection: Connection, hosts: Collection[str]) -> None:
        self.connection = connection
        self.facts = load_facts(connection, hosts)

    def region(self, host: str) -> str:
        """The GB/T 2260 code of the host, empty where nobody said it."""
        return self.facts[host]["region_code"] if host in self.facts else ""

    def note(self, host: str, name: str, site_id_code: str, icp: str, police: str) -> None:
        known = self.facts.get(host, {})
        said = facts_of(name, site_id_code, icp, police)
        if host not in self.facts or not all(known[column] for column in said):
            note_site_facts(self.connection, host, name, site_id_code, icp, police)
            self.facts |= load_facts(self.connection, [host])


def load_facts(connection: Connection, hosts: Collection[str]) -> dict[str, Mapping[str, str]]:
    query = select(*sites.c["host", *FACTS]).where(sites.c.host.in_(hosts))
    return {row["host"]: dict(row) for row in connection.execute(query).mappings()}


def load_regions(connection: Connection, hosts: Collection[str]) -> dict[str, str]:
    """The GB/T 2260 codes of those hosts that are known."""
    return {host: facts["region_code"] for host, facts in load_facts(connection, hosts).items()}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a host stands with us: left in peace until `rest_until` (ISO 8601), after `rests` nights of rest in
    a row; an empty `tls_mode` is strict. Where only one of http and https answers, `scheme` is that one.
    """

    rest_until: str | None
    rests: int
    tls_mode: str
    scheme: str = ""


def load_standings(connection: Connection, hosts: Collection[str] | None = None) -> dict[str, Standing]:
    """Of all registered hosts, or of these."""
    columns = (sites.c.host, sites.c.rest_until, sites.c.rests, sites.c.tls_mode, sites.c.scheme)
    query = select(*columns).where(sites.c.registered == 1)
    rows = connection.execute(query if hosts is None else query.where(sites.c.host.in_(hosts)))
    return {host: Standing(*standing) for host, *standing in rows}


def note_rest(connection: Connection, host: str, until: datetime | None, rests: int) -> None:
    """Leave the host in peace until then; None where it is open again."""
    values = {"rest_until": until and as_text(until), "rests": rests}
    connection.execute(update(sites).where(sites.c.host == host).values(values))


def note_tls_mode(connection: Connection, host: str, mode: str) -> None:
    connection.execute(update(sites).where(sites.c.host == host).values(tls_mode=mode))


def note_scheme(connection: Connection, host: str, scheme: str) -> None:
    """The one that answers, http or https; empty where both may."""
    connection.execute(update(sites).where(sites.c.host == host).values(scheme=scheme))


def fetches_since(
    connection: Connection, moment: datetime, hosts: Collection[str] | None = None
) -> dict[str, int]:
    """By host, how many captures crawls made; of all hosts, or of these."""
    recent = select(runs.c.run_id).where(runs.c.seen_at >= as_text(moment), runs.c.command == "crawl")
    query = select(captures.c.host, func.count()).where(captures.c.fetched_at >= as_text(moment))
    if hosts is not None:
        query = query.where(captures.c.host.in_(hosts))
    counted = connection.execute(query.where(captures.c.run_id.in_(recent)).group_by(captures.c.host))
    return {host: count for host, count in counted}  # noqa: C416 - rows are not pairs to mypy


@dataclass(frozen=True, slots=True)
class Visited:
    """How the last visit to a host went, and the family that its pages showed or nothing."""

    host: str
    at: datetime
    outcome: str
    family: str = ""


def note_visits(connection: Connection, visited: Iterable[Visited]) -> None:
    """Keep for each host when it was last visited and how that went, in the order given; a recognised family
    stays until another is.
    """
    rows = [
        {
            "host": each.host,
            "family": each.family,
            "last_run_at": as_text(each.at),
            "last_outcome": each.outcome,
        }
        for each in visited
    ]
    if rows:
        connection.execute(noting_visits(connection.dialect.name), rows)


@cache
def noting_visits(dialect: str) -> Executable:
    """The statement, made once: making it costs more than running it."""
    row = insert_of(dialect, sites)
    said = row.excluded.family
    says_little = (said == "") | ((said == UNKNOWN_FAMILY) & (sites.c.family != ""))
    is_good = or_(*(row.excluded.last_outcome == good for good in GOOD))  # for many rows IN is not allowed
    is_reached = is_good & (sites.c.note == UNVERIFIED)
    return row.on_conflict_do_update(
        index_elements=["host"],
        set_={
            "family": case((says_little, sites.c.family), else_=said),
            "last_run_at": row.excluded.last_run_at,
            "last_outcome": row.excluded.last_outcome,
            "note": case((is_reached, ""), else_=sites.c.note),
        },
    )
