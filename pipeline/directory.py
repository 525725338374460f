"""The official national directory of government websites (全国政府网站基本信息数据库), as it is downloaded.

A table in CSV (UTF-8 or GB18030) or in XLS and XLSX. Its columns have had several names over the years, so
they are found by their headings. A row that cannot be used is reported with its line; the others are used.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from python_calamine import CalamineError, CalamineWorkbook

from crawler.gate import is_official
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
SHEETS = {".xls", ".xlsx"}

Row = Sequence[object]


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
    for line, row, columns in entries_of(tables_of(path), path):
        found = read_row(row, columns)
        if isinstance(found, str):
            unusable.append(Unusable(line, found))
        else:
            known = listed.get(found.site.host)
            listed[found.site.host] = joined(known, found) if known else found
    return list(listed.values()), unusable


def tables_of(path: Path) -> list[list[Row]]:
    """One for each sheet. A row's place is its line, less one."""
    try:
        if path.suffix.lower() in SHEETS:
            book = CalamineWorkbook.from_path(path)
            sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
            return [list(sheet.to_python(skip_empty_area=False)) for sheet in sheets]
        return [csv_rows(path.read_bytes())]
    except OSError as error:
        raise RegistryError(f"{path}: cannot be read ({error.strerror}); name an existing file") from error
    except (CalamineError, csv.Error, UnicodeDecodeError) as error:
        raise RegistryError(f"{path}: no table in CSV (UTF-8, GB18030), XLS or XLSX ({error})") from error


def csv_rows(data: bytes) -> list[Row]:
    try:
        decoded = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        decoded = data.decode("gb18030")
    head = decoded[:4096]
    delimiter = max(",\t;", key=head.count)
    reader = csv.reader(io.StringIO(decoded, newline=""), delimiter=delimiter)
    rows: list[Row] = []
    for row in reader:
        rows.extend([()] * (reader.line_num - 1 - len(rows)))  # a quoted cell may go over several lines
        rows.append(row)
    return rows


def entries_of(tables: Iterable[list[Row]], path: Path) -> Iterator[tuple[int, Row, dict[str, int]]]:
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
    start = urls[0] if "://" in urls[0] else f"http://{urls[0]}"
    try:
        parts = urlsplit(start)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return f"{urls[0]}: not an address"
    if parts.scheme not in {"http", "https"} or not HOST.fullmatch(host):
        return f"{urls[0]}: not an address of a website"
    if not is_official(host):
        return f"{host}: not a gov.cn host; if it is meant, register it with `nianbao sites add`"
    if port is not None:
        return f"{urls[0]}: has a port of its own, which is not fetched"
    code = cells.get("site_id_code", "").lower()
    code = code if SITE_ID.fullmatch(code) else ""
    region = code[:REGION_DIGITS] if code[:REGION_DIGITS].isdecimal() else ""
    name = cells.get("name") or cells.get("keeper", "")
    path = parts.path or "/"
    return Listed(Site(host, name, region, (f"{parts.scheme}://{host}{path}",)), code)


def joined(first: Listed, other: Listed) -> Listed:
    """Two sites on one host: the first has the name, both are started from."""
    start = tuple(dict.fromkeys((*first.site.start, *other.site.start)))
    return replace(first, site=replace(first.site, start=start))


def text(cell: object) -> str:
    """A spreadsheet may hold a code as a number."""
    return f"{cell:.0f}" if isinstance(cell, float) else str(cell).strip()
