"""The registry of sites: which hosts may be visited, and what is known about each.

A sites file is TOML with `[[site]]` tables (CONTRACT.md). An unknown key is an error, for a misspelt
`start` would otherwise mean a site that is never visited.
"""

import re
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import urlsplit

HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
REGION = re.compile(r"\d{6}(\d{3}){0,2}")  # GB/T 2260; of places below a county three digits more each


class RegistryError(ValueError):
    """A sites file that cannot be used. The message names the file, the site and the mend."""


@dataclass(frozen=True, slots=True)
class Site:
    """`region` is a GB/T 2260 code; `delay` is in seconds between two requests; `listing` a family's name."""

    host: str
    name: str = ""
    region: str = ""
    start: tuple[str, ...] = field(default_factory=tuple)
    listing: str = ""
    delay: float | None = None
    note: str = ""


KEYS = {item.name: item.type for item in fields(Site)}


def load_sites(path: Path) -> list[Site]:
    """The sites of a file, in its order. Raises RegistryError with one line that says what to mend."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RegistryError(
            f"{path}: cannot be read ({error.strerror}); name an existing sites file"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RegistryError(f"{path}: not a TOML file in UTF-8 ({error})") from error
    tables = data.pop("site", None)
    if data or not isinstance(tables, list) or not tables:
        extra = f"; unknown key {min(data)!r}" if data else ""
        raise RegistryError(f"{path}: a sites file holds only [[site]] tables, at least one{extra}")
    sites = [parse_site(table, f"{path}: site {number}") for number, table in enumerate(tables, 1)]
    hosts = [site.host for site in sites]
    for host in hosts:
        if hosts.count(host) > 1:
            raise RegistryError(f"{path}: host {host} stands there twice; keep one [[site]] for it")
    return sites


def parse_site(table: object, where: str) -> Site:
    """One `[[site]]` table, or RegistryError."""
    if not isinstance(table, dict):
        raise RegistryError(f"{where}: is not a table; write [[site]]")
    for key in table:
        if key not in KEYS:
            raise RegistryError(f"{where}: unknown key {key!r}; known are {', '.join(KEYS)}")
    host = text(table, "host", where).lower().rstrip(".")
    if not HOST.fullmatch(host):
        raise RegistryError(f"{where}: host {host!r} is not a host name such as www.example.gov.cn")
    return Site(
        host=host,
        name=text(table, "name", where),
        region=region(table, where),
        start=start(table, host, where),
        listing=text(table, "listing", where),
        delay=delay(table, where),
        note=text(table, "note", where),
    )


def text(table: dict[str, object], key: str, where: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise RegistryError(f"{where}: {key} must be text in quotes")
    return value.strip()


def region(table: dict[str, object], where: str) -> str:
    code = text(table, "region", where)
    if code and not REGION.fullmatch(code):
        raise RegistryError(f"{where}: region {code!r} is not a GB/T 2260 code of 6 digits")
    return code


def start(table: dict[str, object], host: str, where: str) -> tuple[str, ...]:
    """Where a crawl of the site begins: the given pages, else its home page."""
    urls = table.get("start", [f"http://{host}/"])
    if not isinstance(urls, list) or not urls or not all(isinstance(url, str) for url in urls):
        raise RegistryError(f'{where}: start must be a list of addresses, such as ["http://{host}/"]')
    for url in urls:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or parts.hostname != host:
            raise RegistryError(f"{where}: start {url!r} is not an http or https address on {host}")
    return tuple(urls)


def delay(table: dict[str, object], where: str) -> float | None:
    value = table.get("delay")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise RegistryError(f"{where}: delay must be a number of seconds, 0 or more")
    return float(value)
