"""Captures out of the archive as WARC files with an index, and as a WACZ: same captures, same bytes."""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import Connection, select, text

from storage.archive import load_capture
from storage.cdx import cdxj_line
from storage.database import Database
from storage.export.earlier import EarlierRuns
from storage.heads import header_value
from storage.seals import RUN_COLUMNS
from storage.signing import signed_data
from storage.tables import captures, runs
from storage.values import as_text
from storage.warc.write import LARGEST, WarcWriter, Written

NAME = "nianbao"
NOT_MODIFIED = 304
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
PIECE = 1024 * 1024
PAGE_KINDS = ("home", "listing", "report", "other")
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which captures: of a host, of some addresses, of a year, of a run; empty or 0 for all."""

    host: str = ""
    year: int | None = None
    run_id: int = 0
    urls: tuple[str, ...] = ()


@dataclass(slots=True)
class Package:
    """What was written: the files, their index in order, the pages, the last moment in it."""

    files: list[Path] = field(default_factory=list)
    index: list[str] = field(default_factory=list)
    pages: list[dict[str, str]] = field(default_factory=list)
    newest: datetime = NEVER
    captures: int = 0
    requires: list[int] = field(default_factory=list)  # runs whose packages hold what revisits refer to


def run_name(run_id: int) -> str:
    return f"run-{run_id:07}"


def chosen_ids(connection: Connection, chosen: Chosen) -> list[int]:
    query = select(captures.c.capture_id)
    if chosen.run_id:
        query = query.where(captures.c.run_id == chosen.run_id)
    if chosen.host:
        query = query.where(captures.c.host == chosen.host)
    if chosen.urls:
        query = query.where(captures.c.url.in_(chosen.urls))
    if chosen.year is not None:
        query = query.where(captures.c.fetched_at.between(f"{chosen.year:04}", f"{chosen.year + 1:04}"))
    return list(connection.scalars(query.order_by(captures.c.capture_id)))


def export_warc(
    database: Database,
    folder: Path,
    chosen: Chosen,
    tell: Tell,
    largest: int = LARGEST,
    name: str = NAME,
) -> Package:
    """Write WARC files and index.cdxj into a folder, in one unchanging view of the database. A run's bodies
    that earlier runs had are referred to there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    package = Package()
    with database.read() as connection:
        earlier = EarlierRuns(connection, chosen.run_id) if chosen.run_id else None
        writer = WarcWriter(folder, name, largest, earlier)
        ids = chosen_ids(connection, chosen)
        for done, capture_id in enumerate(ids, 1):
            stored = load_capture(connection, capture_id)
            for written in writer.add(stored):
                package.index.append(index_line(written))
                if is_page(written):
                    package.pages.append(page_of(connection, capture_id, written))
            package.newest = max(package.newest, stored.capture.fetched_at)
            tell("captures", done, len(ids))
        package.requires = sorted(earlier.used) if earlier else []
    package.index.sort(key=str.encode)
    package.files, package.captures = writer.files, len(ids)
    (folder / "index.cdxj").write_text("".join(f"{line}\n" for line in package.index), encoding="utf-8")
    return package


def index_line(written: Written) -> str:
    """A page that had not changed has no status of its own in an index: players give the page, not a 304."""
    capture = written.capture
    is_same = capture.status == NOT_MODIFIED and written.payload
    mime = (header_value(capture.headers, "content-type") or "unk").partition(";")[0].strip()
    values = {
        "mime": "warc/revisit" if written.kind == "revisit" else mime,
        "status": "-" if is_same else str(capture.status),
        "digest": f"sha256:{written.payload}" if written.payload else "-",
        "length": str(written.length),
        "offset": str(written.offset),
        "filename": written.file,
    }
    return cdxj_line(capture.url, capture.fetched_at, values)


def is_page(written: Written) -> bool:
    capture = written.capture
    said = header_value(capture.headers, "content-type") or ""
    is_html = "html" in said and capture.kind in PAGE_KINDS
    return written.kind == "response" and capture.status == 200 and is_html


def page_of(connection: Connection, capture_id: int, written: Written) -> dict[str, str]:
    """A page with the title and words that were read from it, where it was read."""
    capture = written.capture
    page = {"id": f"capture-{capture_id}", "url": capture.url, "ts": as_text(capture.fetched_at)}
    reading = connection.execute(
        text("SELECT reading_id, title FROM readings WHERE capture_id = :id ORDER BY reading_id DESC"),
        {"id": capture_id},
    ).first()
    if reading is None:
        return page | {"title": capture.url}
    words = connection.scalars(
        text("SELECT text FROM reading_sections WHERE reading_id = :id ORDER BY ordinal"),
        {"id": reading.reading_id},
    )
    return page | {"title": reading.title or capture.url, "text": "\n".join(words)}


def export_wacz(
    database: Database, out: Path, chosen: Chosen, tell: Tell, key: ec.EllipticCurvePrivateKey | None = None
) -> Package:
    """Write one WACZ 1.1.1; with a key, signed as WACZ-auth has it. The file appears when it is whole."""
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".wacz-") as working:
        folder = Path(working)
        name = run_name(chosen.run_id) if chosen.run_id else NAME
        package = export_warc(database, folder, chosen, tell, name=name)
        half = folder / "half.wacz"
        with ZipFile(half, "w") as archive:
            resources = list(add_members(archive, package, folder))
            described = json.dumps(datapackage(package, resources), ensure_ascii=False, indent=2).encode()
            add(archive, "datapackage.json", described)
            sha256 = hashlib.sha256(described).hexdigest()
            digest: dict[str, object] = {"path": "datapackage.json", "hash": f"sha256:{sha256}"}
            if key:
                digest["signedData"] = signed_data(key, sha256, package.newest)
            add(archive, "datapackage-digest.json", json.dumps(digest, indent=2).encode())
        half.replace(out)
    return package


def add_members(archive: ZipFile, package: Package, folder: Path) -> Iterator[dict[str, object]]:
    for file in package.files:
        yield add_file(archive, f"archive/{file.name}", file)
    yield add_file(archive, "indexes/index.cdx", folder / "index.cdxj")
    head = {"format": "json-pages-1.0", "id": "pages", "title": "All Pages", "hasText": True}
    lines = (json.dumps(each, ensure_ascii=False) for each in (head, *package.pages))
    yield add(archive, "pages/pages.jsonl", "".join(f"{line}\n" for line in lines).encode())


def datapackage(package: Package, resources: list[dict[str, object]]) -> dict[str, object]:
    described: dict[str, object] = {
        "profile": "data-package",
        "wacz_version": "1.1.1",
        "title": "nianbao 年报",
        "software": "nianbao",
        "created": as_text(package.newest),
        "resources": resources,
    }
    if package.requires:  # as Browsertrix says it of crawls without what others had
        named = [{"filename": f"{run_name(each)}.wacz"} for each in package.requires]
        described["relation"] = {"requires": named}
    return described


def add(archive: ZipFile, path: str, content: bytes) -> dict[str, object]:
    member = ZipInfo(path, ZIP_DATE)
    member.compress_type = ZIP_DEFLATED
    archive.writestr(member, content)
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    return {"name": Path(path).name, "path": path, "hash": digest, "bytes": len(content)}


def add_file(archive: ZipFile, path: str, file: Path) -> dict[str, object]:
    """What is compressed already is stored, so that a replayer can read ranges of it. With its size known
    beforehand it needs no ZIP64 header, behind which replayweb.page does not find it.
    """
    member = ZipInfo(path, ZIP_DATE)
    member.compress_type = ZIP_STORED
    member.file_size = file.stat().st_size
    digest = hashlib.sha256()
    with file.open("rb") as source, archive.open(member, "w") as target:
        while piece := source.read(PIECE):
            digest.update(piece)
            target.write(piece)
    named = f"sha256:{digest.hexdigest()}"
    return {"name": Path(path).name, "path": path, "hash": named, "bytes": member.file_size}


def export_manifest(
    database: Database, out: Path, key: ec.EllipticCurvePrivateKey | None, now: datetime
) -> dict[str, object]:
    """Write what proves the archive elsewhere: each run's seal and count, and a signature."""
    with database.read() as connection:
        query = select(*RUN_COLUMNS, *runs.c["previous_seal", "seal"]).where(runs.c.seal.is_not(None))
        sealed = [dict(row) for row in connection.execute(query.order_by(runs.c.run_id)).mappings()]
    content = json.dumps({"software": "nianbao", "runs": sealed}, ensure_ascii=False, indent=2).encode()
    sha256 = hashlib.sha256(content).hexdigest()
    out.write_bytes(content)
    digest: dict[str, object] = {"path": out.name, "hash": f"sha256:{sha256}"}
    if key:
        digest["signedData"] = signed_data(key, sha256, now)
    out.with_name(f"{out.stem}-digest.json").write_text(json.dumps(digest, indent=2), encoding="utf-8")
    return digest
