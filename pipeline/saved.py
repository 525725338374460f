"""Saved pages as captures: what `nianbao import` accepts, checked whole before anything is written.

A path is a WARC or WACZ, a single file, a folder with manifest.csv (file,url,fetched_on), or a folder of
sites named after their hosts. `find_saved` looks at all of them first and raises UsageProblem with one
line for the first that cannot be used, so that a bad import changes nothing.
"""

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit

from extract.readers.formats import NotReadable, sniff
from pipeline.errors import UsageProblem
from settings.registry import HOST
from storage.captures import Capture
from storage.warc.read import Elsewhere, WarcError, read_warc
from storage.warc.records import Skipped
from storage.warc.wacz import faults_of

AHEAD = timedelta(days=1)  # by which the calendar of the east is before ours
LARGEST_FILE = 64 * 1024 * 1024  # bytes; the largest real report seen is under 20 MB, a scan
ARCHIVES = (".warc", ".warc.gz", ".warc.zst", ".wacz", ".arc", ".arc.gz")
CONTENT_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".shtml": "text/html",
    ".txt": "text/plain",
    ".pdf": "application/pdf",
    ".doc": "application/msword",
    ".wps": "application/vnd.ms-works",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".rtf": "application/rtf",
    ".xls": "application/vnd.ms-excel",
    ".et": "application/vnd.ms-excel",
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".ofd": "application/ofd",
    ".zip": "application/zip",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}
PAGES = ("text/html", "text/plain")
TEXTS = ("html", "text", "csv", "mhtml", "word_xml", "excel_xml")  # what a page may be found to be
MANIFEST = "manifest.csv"
MANIFEST_COLUMNS = ("file", "url", "fetched_on")


@dataclass(frozen=True, slots=True)
class SavedFile:
    """A file that stands for one fetch. `url` is empty where nobody knows it any more."""

    path: Path
    url: str
    fetched_at: datetime
    kind: str

    def capture(self) -> Capture:
        payload = self.path.read_bytes()
        return Capture(
            url=self.url or f"urn:sha256:{hashlib.sha256(payload).hexdigest()}",
            fetched_at=self.fetched_at,
            status=200,
            payload=payload,
            headers=(("Content-Type", content_type(self.path)),),
            kind=self.kind,
        )


@dataclass(frozen=True, slots=True)
class SavedArchive:
    """A WARC or WACZ, read once to its end; without fault, or with broken records left out and told of."""

    path: Path
    skipped: Skipped | None = None

    def captures(self, elsewhere: Elsewhere) -> Iterator[Capture]:
        return read_warc(self.path, self.skipped, elsewhere)


Saved = SavedFile | SavedArchive


def find_saved(
    paths: Iterable[Path], url: str, fetched_on: str, now: datetime, skipped: Skipped | None = None
) -> list[Saved]:
    """Everything the paths hold, in order. `now` dates what has no date of its own. With `skipped`, broken
    records of a WARC are told to it and left out, where else they make the whole file refused.
    """
    paths = list(paths)
    at = parse_day(fetched_on, "--fetched-on") if fetched_on else now
    if url:
        check_url(url, "--url")
        if len(paths) != 1 or paths[0].is_dir() or is_archive(paths[0]):
            raise UsageProblem("--url goes with exactly one file; a folder names its pages in manifest.csv")
    found = [saved for path in paths for saved in saved_at(path, url, at)]
    if skipped:
        found = [replace(each, skipped=skipped) if isinstance(each, SavedArchive) else each for each in found]
    for saved in found:
        check(saved, now)
    return found


def saved_at(path: Path, url: str, at: datetime) -> list[Saved]:
    if not path.exists():
        raise UsageProblem(f"{path}: no such file or folder")
    if path.is_dir():
        return list(saved_in_folder(path, at))
    if is_archive(path):
        return [SavedArchive(path)]
    if path.suffix.lower() not in CONTENT_TYPES:
        raise UsageProblem(f"{path}: cannot be imported; known are {', '.join((*ARCHIVES, *CONTENT_TYPES))}")
    return [SavedFile(path, url, at, "report")]


def is_archive(path: Path) -> bool:
    return path.name.lower().endswith(ARCHIVES)


def saved_in_folder(folder: Path, at: datetime) -> Iterator[Saved]:
    if (folder / MANIFEST).is_file():
        yield from saved_in_manifest(folder, at)
    elif is_host(folder.name):
        yield from saved_site(folder, at)
    elif hosts := sorted(child for child in folder.iterdir() if child.is_dir() and is_host(child.name)):
        for child in hosts:
            yield from saved_site(child, at)
    else:
        raise UsageProblem(
            f"{folder}: has neither a {MANIFEST} ({','.join(MANIFEST_COLUMNS)}) nor folders named after hosts"
        )


def is_host(name: str) -> bool:
    return bool(HOST.fullmatch(name)) and not re.fullmatch(r"[\d.]+", name)


def saved_in_manifest(folder: Path, at: datetime) -> Iterator[Saved]:
    manifest = folder / MANIFEST
    try:
        rows = list(csv.DictReader(io.StringIO(manifest.read_text(encoding="utf-8-sig"))))
    except (UnicodeDecodeError, csv.Error) as error:
        raise UsageProblem(f"{manifest}: not a CSV file in UTF-8 ({error})") from error
    if not rows or not set(MANIFEST_COLUMNS) <= set(rows[0]):
        raise UsageProblem(f"{manifest}: wants a heading with {','.join(MANIFEST_COLUMNS)} and a row a file")
    for number, row in enumerate(rows, 2):
        yield from saved_in_row(folder, row, f"{manifest}: line {number}", at)


def saved_in_row(folder: Path, row: dict[str, str | None], where: str, at: datetime) -> Iterator[Saved]:
    file, url, day = ((row[column] or "").strip() for column in MANIFEST_COLUMNS)
    path = (folder / file).resolve()
    if not file or not path.is_relative_to(folder.resolve()) or not path.exists():
        raise UsageProblem(f"{where}: file {file!r} is not in the folder")
    fetched_at = parse_day(day, where) if day else at
    if path.is_dir():
        yield from saved_in_folder(path, fetched_at)
        return
    if url:
        check_url(url, where)
    if is_archive(path):
        yield SavedArchive(path)
    elif path.suffix.lower() in CONTENT_TYPES:
        yield SavedFile(path, url, fetched_at, "report")
    else:
        raise UsageProblem(f"{where}: {file!r} is of no kind that can be imported")


def saved_site(folder: Path, at: datetime) -> Iterator[SavedFile]:
    """The files of one host, `index.html` standing for its folder's address."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.stat().st_size and not path.is_symlink():
            yield SavedFile(path, site_url(folder, path), at, kind_of(path))


def site_url(folder: Path, path: Path) -> str:
    relative = path.relative_to(folder).as_posix()
    if relative == "index.html" or relative.endswith("/index.html"):
        relative = relative.removesuffix("index.html")
    return f"http://{folder.name}/{quote(relative)}"


def content_type(path: Path) -> str:
    return CONTENT_TYPES.get(path.suffix.lower(), "application/octet-stream")


def kind_of(path: Path) -> str:
    """A document on a site may be the report of the page that links to it."""
    if is_page(path):
        return "other"
    is_document = path.suffix.lower() in CONTENT_TYPES and not content_type(path).startswith("image/")
    return "attachment" if is_document else "asset"


def is_page(path: Path) -> bool:
    return content_type(path) in PAGES


def check(saved: Saved, now: datetime) -> None:
    """Raises UsageProblem for what cannot be read: empty, too large, broken, or not what its name says; and
    for what would stand over every later page.
    """
    if isinstance(saved, SavedArchive):
        check_archive(saved)
        return
    if saved.fetched_at > now + AHEAD:
        raise UsageProblem(
            f"{saved.path}: cannot have been fetched on {saved.fetched_at:%Y-%m-%d}, a day to come"
        )
    size = saved.path.stat().st_size
    if size == 0:
        raise UsageProblem(f"{saved.path}: is empty; there is nothing to import")
    if size > LARGEST_FILE:
        raise UsageProblem(f"{saved.path}: {size} bytes are over the limit of {LARGEST_FILE} for one file")
    if is_page(saved.path) and saved.kind == "report":
        payload = saved.path.read_bytes()
        try:
            found = sniff(payload)
        except NotReadable as error:
            raise UsageProblem(f"{saved.path}: {error}") from error
        if found not in TEXTS:
            raise UsageProblem(f"{saved.path}: begins with {payload[:4]!r}: {found}, not HTML or text")


def check_archive(saved: SavedArchive) -> None:
    """Read it once; what is left out is told of when it is read for good. A WACZ is held against what it says
    of itself.
    """
    for fault in faults_of(saved.path):
        if not saved.skipped:
            raise UsageProblem(f"{saved.path}: {fault}; get it again, or --skip-broken takes what is whole")
        saved.skipped(f"what {saved.path} says of itself: {fault}")
    try:
        for _ in read_warc(saved.path, saved.skipped and (lambda _: None)):
            pass
    except WarcError as error:
        raise UsageProblem(str(error)) from error


def check_url(url: str, where: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise UsageProblem(f"{where}: {url!r} is not an http or https address")


def parse_day(text: str, where: str) -> datetime:
    try:
        day = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageProblem(f"{where}: {text!r} is not a date such as 2024-01-31") from error
    return day.replace(tzinfo=day.tzinfo or UTC).astimezone(UTC)
