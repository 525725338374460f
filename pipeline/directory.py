"""The official national directory of government websites (全国政府网站基本信息数据库), as it is downloaded.

Its columns have had several names over the years, so they are found by their headings. A row that cannot be
used is reported with its line; the others are used.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from crawler.gate import is_official
from pipeline.spreadsheets import NoTableError, Row, tables_of
from settings.registry import HOST, RegistryError, Site

HEADINGS = {
    "name": ("网站名称", "名称"),
    "url": ("首页网址", "首页地址", "首页链接", "网站地址", "网址", "网站域名", "域名"),
    "site_id_code": ("网站标识码", "政府网站标识码", "标识码", "网站标识"),
    "keeper": ("主办单位", "主办单位名称", "主管单位"),
}
SITE_ID = re.compile(r"[0-9]{10}|bm[0-9]{8}", re.IGNORECASE)
SEPARATORS = re.compile(r"[;；,，、\s]+")
REGION_DIGITS = 6  # a local site's code begins with the GB/T 2260 code of its place
HEAD_ROWS = 10  # a title or two may stand above the headings


@dataclass(frozen=True, slots=True)
class Listed:
    """A site of the directory; `site_id_code` may be empty."""

    site: Site
    site_id_code: str


@dataclass(frozen=True, slots=True)
class Unusable:
    """`line` counts from 1, as an editor or a spreadsheet shows it."""

    line: int
    reason: str


def load_directory(path: Path) -> tuple[list[Listed], list[Unusable]]:
    """The sites by host, several lines of one host as one. Raises RegistryError where it is no directory."""
    listed: dict[str, Listed] = {}
    unusable: list[Unusable] = []
    try:
        tables = tables_of(path)
    except NoTableError as error:
        raise RegistryError(str(error)) from error
    for line, row, columns in entries_of(tables, path):
        found = read_row(row, columns)
        if isinstance(found, str):
            unusable.append(Unusable(line, found))
        else:
            known = listed.get(found.site.host)
            listed[found.site.host] = joined(known, found) if known else found
    return list(listed.values()), unusable


def entries_of(tables: Sequence[list[Row]], path: Path) -> Iterator[tuple[int, Row, dict[str, int]]]:
    """Every row below headings, with its line and where its columns are."""
    has_headings = False
    for rows in tables:
        for head, row in enumerate(rows[:HEAD_ROWS]):
            columns = columns_in([text(cell) for cell in row])
            if "url" in columns:
                has_headings = True
                below = enumerate(rows[head + 1 :], head + 2)
                yield from ((line, row, columns) for line, row in below if any(text(cell) for cell in row))
                break
    if not any(any(text(cell) for cell in row) for rows in tables for row in rows):
        raise RegistryError(f"{path}: is empty; download the directory again")
    if not has_headings:
        raise RegistryError(f"{path}: no column is headed 首页网址 or 网址; is this the official directory?")


def columns_in(cells: Sequence[str]) -> dict[str, int]:
    return {
        what: next(cells.index(name) for name in names if name in cells)
        for what, names in HEADINGS.items()
        if any(name in cells for name in names)
    }


def read_row(row: Row, columns: dict[str, int]) -> Listed | str:
    """The site of a row, or why it cannot be used."""
    cells = {what: text(row[place]) if place < len(row) else "" for what, place in columns.items()}
    urls = [url for url in SEPARATORS.split(cells["url"]) if url]
    if not urls:
        return "no address"
    if len(row) - 1 == columns["url"] < max(columns.values()):
        return f"{urls[0]}: the line ends in its address; is the file whole?"
    start = start_at(urls[0])
    if isinstance(start, str):
        return start
    code = cells.get("site_id_code", "").lower()
    code = code if SITE_ID.fullmatch(code) else ""
    region = code[:REGION_DIGITS] if code[:REGION_DIGITS].isdecimal() else ""
    name = "".join((cells.get("name") or cells.get("keeper", "")).split())  # a cell may break it over lines
    return Listed(Site(start.netloc, name, region, (start.geturl(),)), code)


def start_at(url: str) -> SplitResult | str:
    """The address of a start page, or why it cannot be one."""
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return f"{url}: not an address"
    if parts.scheme not in {"http", "https"} or not HOST.fullmatch(host):
        return f"{url}: not an address of a website"
    if not is_official(host):
        return f"{host}: not a gov.cn host; if it is meant, register it with `nianbao sites add`"
    if port is not None:
        return f"{url}: has a port of its own, which is not fetched"
    return SplitResult(parts.scheme, host, parts.path or "/", "", "")


def joined(first: Listed, other: Listed) -> Listed:
    """Two sites on one host: the first has the name, both are started from."""
    start = tuple(dict.fromkeys((*first.site.start, *other.site.start)))
    return replace(first, site=replace(first.site, start=start))


def text(cell: object) -> str:
    """A spreadsheet may hold a code as a number."""
    return f"{cell:.0f}" if isinstance(cell, float) else str(cell).strip()
