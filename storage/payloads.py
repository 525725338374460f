"""Bodies, each kept small: whole with the template of its site, or as a delta against an earlier one.

A whole body is kept once under its SHA-256, whoever gave it. A body that differs little from the one that its
URL gave before is kept as a delta against that. A delta's base is always whole, so that any body is at most
two steps from its bytes: template, base, delta. A body in gzip is unpacked for this, and packed again when it
is read, where that was seen to give the very same bytes (storage/gzipped.py).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from storage import gzipped
from storage.codecs import (
    Packed,
    PayloadError,
    checksum_of,
    digest_of,
    pack,
    pack_delta,
    unpack,
    unpack_content,
    wrap,
)
from storage.dictionaries import Place, Template, keep_templates, load_dictionaries
from storage.gzipped import Gzipped
from storage.inserting import allot_ids, insert_new
from storage.tables import payloads

__all__ = [
    "Body",
    "PayloadError",
    "digest_of",
    "keep_payloads",
    "load_bodies",
    "load_payload",
    "load_stored",
]

LONGEST_DELTA = 4 * 1024 * 1024  # bytes of a body or base; beyond, a delta costs more time than it saves
WORTH_A_DELTA = 8  # a delta is kept where it is so many times smaller than the body
WHOLE = select(*payloads.c["sha256", "payload_id"]).where(  # made once, for that takes longer than to run it
    payloads.c.sha256.in_(bindparam("digests", expanding=True)), payloads.c.base_id.is_(None)
)
STORED = payloads.c["payload_id", "sha256", "size", "codec", "dictionary_id", "base_id", "body"]


@dataclass(frozen=True, slots=True)
class Body:
    """A body to keep: `place` is the host and kind whose template it shares, `base` the payload_id of the
    whole body that its URL last gave or came from, if any.
    """

    sha256: str
    received: bytes
    place: Place
    base: int | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A body and what of it is to be made small: itself, or where it came in gzip what that holds."""

    body: Body
    gzip: Gzipped | None

    @property
    def content(self) -> bytes:
        return self.gzip.content if self.gzip else self.body.received

    def kept(self, packed: Packed) -> Packed:
        return wrap(self.gzip, packed) if self.gzip else packed


def keep_payloads(connection: Connection, bodies: Sequence[Body]) -> dict[str, int]:
    """Give each body's payload_id by its digest, storing those that are not there yet."""
    wanted = {body.sha256: body for body in bodies}
    known = whole_ids(connection, wanted)
    fresh = [held(wanted[sha256]) for sha256 in sorted(set(wanted) - set(known))]
    if not fresh:
        return known
    deltas = deltas_of(connection, fresh)
    whole = [each for each in fresh if each.body.sha256 not in deltas]
    templates = keep_templates(connection, by_place(whole))
    ids = allot_ids(connection, payloads, len(fresh))
    rows = [
        delta_row(at, each, delta)
        if (delta := deltas.get(each.body.sha256))
        else whole_row(at, each, templates.get(each.body.place))
        for at, each in zip(ids, fresh, strict=True)
    ]
    are_ours = insert_new(connection, payloads, rows)
    known |= {each.body.sha256: at for at, each in zip(ids, fresh, strict=True)}
    # Where another worker stored the same body: the same digest is the same body.
    return known if are_ours else known | whole_ids(connection, [each.body.sha256 for each in whole])


def held(body: Body) -> Held:
    return Held(body, gzipped.take_apart(body.received, body.place[0]))


def whole_ids(connection: Connection, digests: Iterable[str]) -> dict[str, int]:
    found = connection.execute(WHOLE, {"digests": list(digests)})
    return {sha256: payload_id for sha256, payload_id in found}  # noqa: C416 - rows are not pairs to mypy


def by_place(bodies: Iterable[Held]) -> dict[Place, list[bytes]]:
    places: dict[Place, list[bytes]] = defaultdict(list)
    for each in bodies:
        places[each.body.place].append(each.content)
    return places


def deltas_of(connection: Connection, bodies: Sequence[Held]) -> dict[str, Packed]:
    """By digest, of those for which one is worth it."""
    wanted = {each.body.base for each in bodies} - {None}
    bases = {base: load_content(connection, base) for base in wanted if base is not None}
    return {
        each.body.sha256: delta
        for each in bodies
        if each.body.base and (delta := delta_of(each.content, bases[each.body.base]))
    }


def delta_of(content: bytes, base: bytes) -> Packed | None:
    if max(len(content), len(base)) > LONGEST_DELTA:
        return None
    delta = pack_delta(content, base)
    return delta if len(delta.stored) * WORTH_A_DELTA < len(content) else None


def delta_row(payload_id: int, held: Held, delta: Packed) -> dict[str, object]:
    return payload_row(payload_id, held.body, held.kept(delta)) | {"base_id": held.body.base}


def whole_row(payload_id: int, held: Held, template: Template | None) -> dict[str, object]:
    packed = pack(held.content, template.content if template else b"")
    leans = template is not None and packed.codec == "zstd"
    return payload_row(payload_id, held.body, held.kept(packed)) | {
        "dictionary_id": template.dictionary_id if template and leans else None
    }


def payload_row(payload_id: int, body: Body, packed: Packed) -> dict[str, object]:
    return {
        "payload_id": payload_id,
        "sha256": body.sha256,
        "size": len(body.received),
        "codec": packed.codec,
        "dictionary_id": None,
        "base_id": None,
        "checksum": checksum_of(packed),
        "body": packed.stored,
    }


def load_payload(connection: Connection, sha256: str) -> bytes:
    """Give the body as received, its digest checked. Raises PayloadError.

    Whole bodies are found by their digest at once, deltas by reading all: go by `load_stored` for those.
    """
    found = select(payloads.c.payload_id).where(payloads.c.sha256 == sha256)
    whole = connection.scalar(found.where(payloads.c.base_id.is_(None)))
    payload_id = whole if whole is not None else connection.scalar(found.limit(1))
    if payload_id is None:
        raise PayloadError(f"payload {sha256} is missing")
    return load_stored(connection, payload_id)


def load_stored(connection: Connection, payload_id: int) -> bytes:
    """Give the body as received, its digest checked. Raises PayloadError."""
    return load_bodies(connection, [payload_id])[payload_id]


def load_bodies(connection: Connection, payload_ids: Collection[int]) -> dict[int, bytes]:
    """Give bodies as received, their digests checked: few statements however many. Raises PayloadError."""
    return dict(open_rows(connection, stored_at(connection, payload_ids)))


def open_rows(connection: Connection, rows: Sequence[Row[Any]]) -> Iterator[tuple[int, bytes]]:
    """Give the bodies in rows of `STORED`, by payload_id. Raises PayloadError."""
    templates = templates_under(connection, rows)
    for row in rows:
        yield row.payload_id, opened(row, leaning_on(connection, row, templates))


def load_content(connection: Connection, payload_id: int) -> bytes:
    """Give what deltas lean on; their own digests tell whether it is right. Raises PayloadError."""
    [row] = stored_at(connection, [payload_id])
    leaning = leaning_on(connection, row, templates_under(connection, [row]))
    try:
        return unpack_content(row.codec, row.size, row.body, leaning)
    except PayloadError as error:
        raise PayloadError(f"payload {row.sha256} {error}") from error


def stored_at(connection: Connection, payload_ids: Collection[int]) -> Sequence[Row[Any]]:
    rows = connection.execute(select(*STORED).where(payloads.c.payload_id.in_(payload_ids))).all()
    if missing := set(payload_ids) - {row.payload_id for row in rows}:
        raise PayloadError(f"payload {min(missing)} is missing")
    return rows


def templates_under(connection: Connection, rows: Iterable[Row[Any]]) -> Mapping[int, bytes]:
    wanted = {row.dictionary_id for row in rows if row.base_id is None} - {None}
    return load_dictionaries(connection, wanted) if wanted else {}


def leaning_on(connection: Connection, row: Row[Any], templates: Mapping[int, bytes]) -> bytes:
    """Give what a payload was compressed with. Raises PayloadError."""
    if row.base_id is None:
        return b"" if row.dictionary_id is None else templates[row.dictionary_id]
    base = select(payloads.c.base_id).where(payloads.c.payload_id == row.base_id)
    if connection.scalar(base) is not None:
        raise PayloadError(f"payload {row.base_id} is a base and a delta itself")
    # Before there were splices, deltas leant on the body as received.
    load = load_stored if row.codec in {"zstd", "frame"} else load_content
    return load(connection, row.base_id)


def opened(row: Row[Any], leaning: bytes) -> bytes:
    """Raises PayloadError."""
    try:
        body = unpack(row.codec, row.size, row.body, leaning)
    except PayloadError as error:
        raise PayloadError(f"payload {row.sha256} {error}") from error
    if len(body) != row.size or digest_of(body) != row.sha256:
        raise PayloadError(f"payload {row.sha256} does not match its digest")
    return body
