"""The sites table: what the operator registered, what pages said of themselves, how the last visit went."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, case, select

from settings.registry import Site
from storage.database import dialect_insert
from storage.tables import sites
from storage.values import as_text

REGION_DIGITS = 6  # a 网站标识码 begins with the GB/T 2260 code of the place


def register_sites(connection: Connection, registered: Sequence[Site]) -> None:
    """Put what the operator says over whatever was known of these hosts. What a key leaves empty stays."""
    for site in registered:
        values = {
            "start": json.dumps(site.start, ensure_ascii=False),
            "listing": site.listing,
            "delay": site.delay,
            "note": site.note,
            "registered": 1,
        }
        known = {"name": site.name, "region_code": site.region}
        row = dialect_insert(connection, sites).values(host=site.host, **values, **known)
        said = {name: value for name, value in known.items() if value}
        connection.execute(row.on_conflict_do_update(index_elements=["host"], set_=values | said))


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
    code = region or (site_id_code[:REGION_DIGITS] if site_id_code[:REGION_DIGITS].isdecimal() else "")
    facts = {"name": name, "site_id_code": site_id_code, "icp_number": icp, "police_number": police}
    facts = {column: value for column, value in (facts | {"region_code": code}).items() if value}
    row = dialect_insert(connection, sites).values(host=host, **facts)
    if not facts:
        connection.execute(row.on_conflict_do_nothing())
        return
    filled = {
        column: case((sites.c[column] == "", value), else_=sites.c[column]) for column, value in facts.items()
    }
    connection.execute(row.on_conflict_do_update(index_elements=["host"], set_=filled))


def note_visit(connection: Connection, host: str, at: datetime, outcome: str, family: str = "") -> None:
    """Keep when the site was last visited and how that went; a recognised family stays until another is."""
    values = {"last_run_at": as_text(at), "last_outcome": outcome} | ({"family": family} if family else {})
    row = dialect_insert(connection, sites).values(host=host, **values)
    connection.execute(row.on_conflict_do_update(index_elements=["host"], set_=values))
