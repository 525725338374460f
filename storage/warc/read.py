"""WARC, WACZ and ARC in: the fetches that other tools recorded, as captures."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from msgspec.structs import replace

from storage.captures import Capture, Header
from storage.warc.arc import is_arc, read_arc
from storage.warc.http import Message, parse_message, payload_of, status_of
from storage.warc.records import Record, Skipped, WarcError, read_record_at, read_records, streams_of
from storage.warc.write import ABOUT, DETAILS

__all__ = ["Reference", "WarcError", "read_warc"]

SAME_PAYLOAD = "identical-payload-digest"  # how the names of this revisit profile end, in WARC 1.0 and 1.1
NOT_MODIFIED = "server-not-modified"  # and those of this one
EXCHANGED = ("response", "resource", "revisit", "request")
GOOD = ("new", "unchanged")
TOLD = ("kind", "outcome", "error", "method", "protocol", "tls", "charset", "robots")
Place = tuple[int, str]  # the offset of a record and its id
Exchange = tuple[Record, Record | None]  # an answer and, where it was recorded, its request


@dataclass(frozen=True, slots=True)
class Reference:
    """What a revisit says of the answer that had its payload. `date` is ISO 8601, often to the second only;
    `digest` "sha1:BASE32", "sha256:HEX" or the like; each empty where the record says nothing.
    """

    url: str
    date: str
    digest: str


Elsewhere = Callable[[Reference], Capture | None]  # looks in other files, or in the archive


def nowhere(_reference: Reference) -> None:
    return None


def read_warc(
    path: Path, skipped: Skipped | None = None, elsewhere: Elsewhere = nowhere
) -> Iterator[Capture]:
    """Give every http exchange of a .warc, .warc.gz, .warc.zst, .wacz or .arc, in the order of the file.

    A `resource` counts as answered with 200, with its content type for a header. A revisit gets the
    payload it refers to, where that is in the same stream or `elsewhere` has it. Raises WarcError wherever
    the file turns out to be broken, so read it once to the end before trusting its beginning. With `skipped`
    it goes on behind a broken record and calls that with what is lost, the offset in it.
    """
    for name, stream in streams_of(path):
        yield from captures_of(name, stream, skipped, elsewhere)


def captures_of(
    name: str, stream: BinaryIO, skipped: Skipped | None = None, elsewhere: Elsewhere = nowhere
) -> Iterator[Capture]:
    earlier = Earlier(stream, elsewhere)
    details = Details()
    records = read_arc(name, stream, skipped) if is_arc(stream) else read_records(name, stream, skipped)
    for answer, request in exchanges(details.kept_from(records)):
        capture = capture_of(answer, request)
        if capture is None:
            continue
        if answer.kind == "revisit" and SAME_PAYLOAD in answer.headers.get("warc-profile", ""):
            capture = earlier.fill(capture, answer)
        earlier.note(answer)
        yield from details.unanswered_so_far()
        yield details.added_to(capture, answer)
    yield from details.unanswered_so_far()


@dataclass(slots=True)
class Details:
    """What nianbao's own files say beside WARC's records (storage/warc/write.py), before each exchange."""

    known: dict[str, dict[str, Any]] = field(default_factory=dict)  # by the answer's record id
    unanswered: list[Capture] = field(default_factory=list)

    def kept_from(self, records: Iterator[Record]) -> Iterator[Record]:
        for record in records:
            if record.kind != "metadata" or record.headers.get("content-type") != DETAILS:
                yield record
                continue
            told = json.loads(record.block)
            if answer := record.uri("warc-concurrent-to"):
                self.known[answer] = told
            else:
                self.unanswered.append(unanswered(record, told))

    def unanswered_so_far(self) -> Iterator[Capture]:
        while self.unanswered:
            yield self.unanswered.pop(0)

    def added_to(self, capture: Capture, answer: Record) -> Capture:
        told = self.known.pop(answer.uri("warc-record-id"), None)
        return capture if told is None else replace(capture, **of_capture(told))


def unanswered(record: Record, told: dict[str, Any]) -> Capture:
    basis = Capture(
        url=record.uri().removeprefix(ABOUT),
        fetched_at=record.date,
        status=None,
        payload=None,
        ip_address=record.headers.get("warc-ip-address", ""),
    )
    return replace(basis, **of_capture(told))


def of_capture(told: dict[str, Any]) -> dict[str, Any]:
    """What is not told was empty. A good outcome is judged anew, for it depends on the captures before."""
    values = {name: told.get(name, "") for name in TOLD}
    if values["outcome"] in GOOD:
        values["outcome"] = ""
    headers = tuple((name, value) for name, value in told["request_headers"])
    body = bytes.fromhex(told["request_body"])
    if "headers" in told:  # of a 304, whose record has none
        answered = tuple((name, value) for name, value in told["headers"])
        values |= {"status": told["status"], "headers": answered}
    return values | {"elapsed": told.get("elapsed"), "request_headers": headers, "request_body": body}


def exchanges(records: Iterator[Record]) -> Iterator[Exchange]:
    """Pair each answer with the request beside it; some tools write it before and some after."""
    waiting: Record | None = None
    for record in records:
        if not record.uri().startswith(("http://", "https://")) or record.kind not in EXCHANGED:
            continue
        pair = pair_of(waiting, record) if waiting else None
        if pair:
            yield pair
        elif waiting and waiting.kind != "request":
            yield waiting, None
        waiting = None if pair else record
    if waiting and waiting.kind != "request":
        yield waiting, None


def pair_of(first: Record, second: Record) -> Exchange | None:
    answer, request = (second, first) if first.kind == "request" else (first, second)
    fits = request.kind == "request" and answer.kind != "request" and belongs(request, answer)
    return (answer, request) if fits else None


def belongs(request: Record, answer: Record) -> bool:
    """Say whether they are one exchange: by the id that one gives of the other, else by the address."""
    if named := request.uri("warc-concurrent-to"):
        return named == answer.uri("warc-record-id")
    if named := answer.uri("warc-concurrent-to"):
        return named == request.uri("warc-record-id")
    return request.uri() == answer.uri()


def capture_of(answer: Record, request: Record | None) -> Capture | None:
    """Make a capture of an exchange; None where the answer is not http."""
    asked = parse_message(request.block) if request else Message("GET", (), b"")
    capture = Capture(
        url=answer.uri(),
        fetched_at=answer.date,
        status=200,
        payload=answer.block,
        method=asked.start_line.partition(" ")[0],
        request_headers=asked.headers,
        error=truncation(answer),
        ip_address=answer.headers.get("warc-ip-address", ""),
    )
    if answer.kind == "resource":
        return replace(capture, headers=content_type(answer))
    message = parse_message(answer.block)
    status = status_of(message)
    if status is None:
        # A revisit may come without the headers of its answer.
        is_same = answer.headers.get("warc-profile", "").endswith(NOT_MODIFIED)
        bare = replace(capture, payload=None, status=304 if is_same else capture.status)
        return bare if answer.kind == "revisit" else None
    payload = None if answer.kind == "revisit" else payload_of(message)
    return replace(capture, protocol=status[0], status=status[1], headers=message.headers, payload=payload)


def truncation(answer: Record) -> str:
    reason = answer.headers.get("warc-truncated", "")
    return f"truncated: {reason}" if reason and answer.kind != "revisit" else ""


def content_type(answer: Record) -> tuple[Header, ...]:
    value = answer.headers.get("content-type", "")
    return (("Content-Type", value),) if value else ()


@dataclass(slots=True)
class Earlier:
    """Where in the stream each payload was first seen, by all that a revisit may name it with."""

    stream: BinaryIO
    elsewhere: Elsewhere
    places: dict[tuple[str, str], Place] = field(default_factory=dict)

    def note(self, answer: Record) -> None:
        if answer.kind != "revisit":
            place = answer.offset, answer.uri("warc-record-id")
            for key in names_of_payload(answer, "warc-record-id", "warc-target-uri", "warc-date"):
                self.places.setdefault(key, place)

    def fill(self, revisit: Capture, record: Record) -> Capture:
        """Give the revisit the payload it refers to; where that is not here, say so."""
        names = names_of_payload(record, "warc-refers-to", "warc-refers-to-target-uri", "warc-refers-to-date")
        place = next((self.places[name] for name in names if name in self.places), None)
        original = self.read_again(place) if place is not None else None
        original = original or self.elsewhere(reference_of(record))
        if original is None:
            return replace(revisit, error="revisit of a payload that is neither in this file nor archived")
        return replace(revisit, payload=original.payload, headers=revisit.headers or original.headers)

    def read_again(self, place: Place) -> Capture | None:
        """From its place; where the stream cannot be entered there (a file compressed as one, or with a
        dictionary at its beginning), from the beginning on.
        """
        reached = self.stream.tell()
        offset, record_id = place
        record = read_record_at(self.stream, offset)
        if record is None or record.uri("warc-record-id") != record_id:
            every = read_records("", self.stream, lambda _: None)
            record = next((each for each in every if each.uri("warc-record-id") == record_id), None)
        self.stream.seek(reached)  # the reader of the stream goes on from there
        return capture_of(record, None) if record else None


def reference_of(revisit: Record) -> Reference:
    """Who names no address means its own."""
    return Reference(
        revisit.uri("warc-refers-to-target-uri") or revisit.uri(),
        revisit.headers.get("warc-refers-to-date", ""),
        revisit.headers.get("warc-payload-digest", ""),
    )


def names_of_payload(record: Record, record_id: str, uri: str, date: str) -> list[tuple[str, str]]:
    """Give what names a payload, the surest first: its record, where and when it was fetched, its digest."""
    names = [
        ("record", record.uri(record_id)),
        (record.uri(uri), record.headers.get(date, "")),
        ("digest", record.headers.get("warc-payload-digest", "")),
    ]
    return [name for name in names if name[1]]
