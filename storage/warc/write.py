"""WARC 1.1 out: captures as gzip members, one record each, the same bytes for the same captures.

What the archive does not know is not invented: the reason phrase is left empty, and headers stand in the
order and case in which the fetcher gave them. Each file begins by saying so, and what it leaves out.
"""

import hashlib
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from storage.archive import StoredCapture
from storage.captures import Capture
from storage.values import as_text

LARGEST = 1_000_000_000  # bytes after which a new file begins
SAME = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
DETAILS = "application/vnd.nianbao.capture+json"  # of a metadata record: what WARC has no place for
# Before the address that a metadata record is about: players would else show the record for the page.
ABOUT = "urn:nianbao:"
TOLD = ("kind", "outcome", "error", "method", "protocol", "tls", "charset", "robots", "elapsed")
INFO = (
    "software: nianbao\r\nformat: WARC File Format 1.1\r\n"
    "conformsTo: http://iipc.github.io/warc-specs/specifications/warc-format/warc-1.1/\r\n"
    "description: Reason phrases are not kept and left empty; transfer codings are undone. What nianbao's "
    "own crawler was answered stands as it came, header names and their order too; of its requests, what "
    "the client adds by itself is not kept, and Host is written anew. Who answered is unknown where a proxy "
    "stood between. Timing, TLS, charset and the decision of robots.txt are in the metadata record before "
    "each exchange.\r\n"
)


@dataclass(frozen=True, slots=True)
class Written:
    """A record in a file, as an index wants it. `payload` is the sha256 (hex) a replay will give."""

    kind: str
    capture: Capture
    file: str
    offset: int
    length: int
    payload: str


@dataclass(frozen=True, slots=True)
class Origin:
    record_id: str
    url: str
    date: str
    payload: str


class Earlier(Protocol):
    """Answers that lie in other files, which revisits may refer to as well."""

    def of_payload(self, sha256: str) -> Origin | None: ...

    def of_request(self, capture: Capture) -> Origin | None:
        """The last good answer before this one."""


@dataclass(slots=True)
class WarcWriter:
    """Writes `name`-00000.warc.gz and so on into `folder`."""

    folder: Path
    name: str
    largest: int = LARGEST
    earlier: Earlier | None = None
    files: list[Path] = field(default_factory=list)
    origins: dict[str, Origin] = field(default_factory=dict)  # by payload
    last_good: dict[str, Origin] = field(default_factory=dict)  # by request: one address may be posted to

    def add(self, stored: StoredCapture) -> Iterator[Written]:
        """Write the records of one capture; give those that can be replayed."""
        capture, blocks = stored.capture, list(self.records_of(stored))
        self.make_room()
        for kind, headers, block in blocks:
            offset, length = self.append(kind, headers, block)
            if kind in {"response", "revisit"}:
                digest = headers.get("WARC-Payload-Digest", "").removeprefix("sha256:")
                yield Written(kind, capture, self.files[-1].name, offset, length, digest)

    def records_of(self, stored: StoredCapture) -> Iterator[tuple[str, dict[str, str], bytes]]:
        capture = stored.capture
        common = {"WARC-Target-URI": capture.url, "WARC-Date": as_text(capture.fetched_at)}
        if capture.ip_address:
            common["WARC-IP-Address"] = capture.ip_address
        answer_id = record_id("answer", stored)
        beside = {"WARC-Concurrent-To": answer_id} if capture.status is not None else {}
        told = {"WARC-Record-ID": record_id("details", stored), **common, **beside, "Content-Type": DETAILS}
        yield "metadata", told | {"WARC-Target-URI": ABOUT + capture.url}, details(capture)
        typed = {"Content-Type": "application/http; msgtype=request"}
        request = {"WARC-Record-ID": record_id("request", stored), **common, **beside, **typed}
        yield "request", request, asked(capture)
        if capture.status is not None:
            kind, headers, block = self.answer_of(stored, answer_id)
            typed = {"Content-Type": "application/http; msgtype=response"} if block else {}
            yield kind, {"WARC-Record-ID": answer_id, **common, **headers, **typed}, block

    def answer_of(self, stored: StoredCapture, answer_id: str) -> tuple[str, dict[str, str], bytes]:
        capture = stored.capture
        if capture.status == 304 and (origin := self.before(capture)):
            return "revisit", refers(NOT_MODIFIED, origin), b""  # its headers are in the details
        if stored.sha256 and (origin := self.same(stored.sha256)):
            self.last_good[capture.request_key] = origin
            return "revisit", refers(SAME, origin), head_of(capture)
        block = head_of(capture) + (capture.payload or b"")
        if stored.sha256 is None:
            return "response", {}, block
        origin = Origin(answer_id, capture.url, as_text(capture.fetched_at), stored.sha256)
        self.origins[stored.sha256] = origin
        if capture.status == 200:
            self.last_good[capture.request_key] = origin
        return "response", {"WARC-Payload-Digest": f"sha256:{stored.sha256}"}, block

    def before(self, capture: Capture) -> Origin | None:
        here = self.last_good.get(capture.request_key)
        return here or (self.earlier.of_request(capture) if self.earlier else None)

    def same(self, sha256: str) -> Origin | None:
        here = self.origins.get(sha256)
        return here or (self.earlier.of_payload(sha256) if self.earlier else None)

    def make_room(self) -> None:
        """Begin a new file where there is none or the last is full."""
        if self.files and self.files[-1].stat().st_size < self.largest:
            return
        path = self.folder / f"{self.name}-{len(self.files):05}.warc.gz"
        path.write_bytes(b"")
        self.files.append(path)
        named = uuid5(NAMESPACE_URL, f"nianbao warcinfo {path.name}")
        headers = {"WARC-Record-ID": f"<urn:uuid:{named}>", "WARC-Date": "1970-01-01T00:00:00Z"}
        headers |= {"WARC-Filename": path.name, "Content-Type": "application/warc-fields"}
        self.append("warcinfo", headers, INFO.encode())

    def append(self, kind: str, headers: dict[str, str], block: bytes) -> tuple[int, int]:
        member = gzip_member(record(kind, headers, block))
        with self.files[-1].open("ab") as file:
            offset = file.tell()
            file.write(member)
        return offset, len(member)


def record_id(part: str, stored: StoredCapture) -> str:
    capture = stored.capture
    return name_of(part, stored.capture_id, capture.method, capture.url, as_text(capture.fetched_at))


def name_of(part: str, capture_id: int, method: str, url: str, fetched_at: str) -> str:
    """The id of a record, the same whenever it is written."""
    return f"<urn:uuid:{uuid5(NAMESPACE_URL, f'nianbao {part} {capture_id} {method} {url} {fetched_at}')}>"


def refers(profile: str, origin: Origin) -> dict[str, str]:
    return {
        "WARC-Profile": profile,
        "WARC-Refers-To": origin.record_id,
        "WARC-Refers-To-Target-URI": origin.url,
        "WARC-Refers-To-Date": origin.date,
        "WARC-Payload-Digest": f"sha256:{origin.payload}",
    }


def head_of(capture: Capture) -> bytes:
    protocol = capture.protocol if capture.protocol.startswith("HTTP/1") else "HTTP/1.1"
    return http_lines(f"{protocol} {capture.status} ", capture.headers)


def asked(capture: Capture) -> bytes:
    parts = urlsplit(capture.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    names = {name.lower() for name, _ in capture.request_headers}
    # HTTP/1.1 wants a Host; the crawler's headers are noted before its client adds it.
    host_line = () if "host" in names else (("Host", parts.netloc),)
    headers = (*host_line, *capture.request_headers)
    return http_lines(f"{capture.method} {target} HTTP/1.1", headers) + capture.request_body


def http_lines(start: str, headers: tuple[tuple[str, str], ...]) -> bytes:
    lines = [start, *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode("latin-1", "replace")


def details(capture: Capture) -> bytes:
    """What the other records do not say. Of a 304 also its head: players give the page that a revisit stands
    for only where it has no head of its own; Heritrix writes them so.
    """
    told = {name: value for name in TOLD if (value := getattr(capture, name)) not in {"", None}}
    told["request_body"] = capture.request_body.hex()
    told["request_headers"] = [list(each) for each in capture.request_headers]
    if capture.status == 304:
        told |= {"status": 304, "headers": [list(each) for each in capture.headers]}
    return json.dumps(told, ensure_ascii=False, sort_keys=True).encode()


def record(kind: str, headers: dict[str, str], block: bytes) -> bytes:
    digest = f"sha256:{hashlib.sha256(block).hexdigest()}"
    lines = {"WARC-Type": kind, **headers, "WARC-Block-Digest": digest, "Content-Length": str(len(block))}
    head = "WARC/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items()) + "\r\n"
    return head.encode() + block + b"\r\n\r\n"


def gzip_member(content: bytes) -> bytes:
    """Compress without a time or a name, so that the same record is the same bytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()
