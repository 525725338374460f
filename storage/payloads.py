"""Bodies, each kept small: whole with the template of its site, or as a delta against an earlier one.

A whole body is kept once under its SHA-256, whoever gave it. A body that differs little from the one that its
URL gave before is kept as a delta against that. A delta's base is always whole, so that any body is at most
two steps from its bytes: template, base, delta.
"""

import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from storage.codecs import PayloadError, digest_of, pack, pack_delta, unpack
from storage.database import allot_ids, dialect_insert
from storage.dictionaries import Place, Template, keep_templates, load_dictionary
from storage.tables import payloads

__all__ = ["Body", "PayloadError", "digest_of", "keep_payloads", "load_payload", "load_stored"]

LONGEST_DELTA = 4 * 1024 * 1024  # bytes of a body or base; beyond, a delta costs more time than it saves
WORTH_A_DELTA = 8  # a delta is kept where it is so many times smaller than the body
STORED = payloads.c["payload_id", "sha256", "size", "codec", "dictionary_id", "base_id", "body"]


@dataclass(frozen=True, slots=True)
class Body:
    """A body to keep: `place` is the host and kind whose template it shares, `base` the payload_id of the
    whole body that its URL last gave or came from, if any.
    """

    sha256: str
    content: bytes
    place: Place
    base: int | None = None


def keep_payloads(connection: Connection, bodies: Sequence[Body]) -> dict[str, int]:
    """Give each body's payload_id by its digest, storing those that are not there yet."""
    wanted = {body.sha256: body for body in bodies}
    known = whole_ids(connection, wanted)
    fresh = [wanted[sha256] for sha256 in sorted(set(wanted) - set(known))]
    if not fresh:
        return known
    bases = {
        base: load_stored(connection, base) for base in {body.base for body in fresh} if base is not None
    }
    deltas = {
        body.sha256: delta for body in fresh if body.base and (delta := delta_of(body, bases[body.base]))
    }
    whole = [body for body in fresh if body.sha256 not in deltas]
    templates = keep_templates(connection, by_place(whole))
    ids = allot_ids(connection, payloads, len(fresh))
    rows = [
        delta_row(at, body, deltas[body.sha256]) if body.sha256 in deltas else whole_row(at, body, templates)
        for at, body in zip(ids, fresh, strict=True)
    ]
    connection.execute(dialect_insert(connection, payloads).on_conflict_do_nothing(), rows)
    known |= {body.sha256: at for at, body in zip(ids, fresh, strict=True)}
    # Another worker may have stored the same body since; the same digest is the same body.
    return known | whole_ids(connection, [body.sha256 for body in whole])


def whole_ids(connection: Connection, digests: Iterable[str]) -> dict[str, int]:
    asked = payloads.c.sha256.in_(list(digests)) & payloads.c.base_id.is_(None)
    found = connection.execute(select(payloads.c.sha256, payloads.c.payload_id).where(asked))
    return {sha256: payload_id for sha256, payload_id in found}  # noqa: C416 - rows are not pairs to mypy


def by_place(bodies: Iterable[Body]) -> dict[Place, list[bytes]]:
    places: dict[Place, list[bytes]] = defaultdict(list)
    for body in bodies:
        places[body.place].append(body.content)
    return places


def delta_of(body: Body, base: bytes) -> bytes | None:
    if max(len(body.content), len(base)) > LONGEST_DELTA:
        return None
    delta = pack_delta(body.content, base)
    return delta if len(delta) * WORTH_A_DELTA < len(body.content) else None


def delta_row(payload_id: int, body: Body, delta: bytes) -> dict[str, object]:
    return payload_row(payload_id, body, "zstd", delta) | {"base_id": body.base}


def whole_row(payload_id: int, body: Body, templates: dict[Place, Template]) -> dict[str, object]:
    template = templates.get(body.place)
    codec, stored = pack(body.content, template.content if template else b"")
    leans = template is not None and codec == "zstd"
    return payload_row(payload_id, body, codec, stored) | {
        "dictionary_id": template.dictionary_id if template and leans else None
    }


def payload_row(payload_id: int, body: Body, codec: str, stored: bytes) -> dict[str, object]:
    return {
        "payload_id": payload_id,
        "sha256": body.sha256,
        "size": len(body.content),
        "codec": codec,
        "dictionary_id": None,
        "base_id": None,
        "checksum": zlib.crc32(stored),
        "body": stored,
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
    row = connection.execute(select(*STORED).where(payloads.c.payload_id == payload_id)).first()
    if row is None:
        raise PayloadError(f"payload {payload_id} is missing")
    leaning = leaning_on(connection, row.dictionary_id, row.base_id)
    return opened(row.sha256, row.codec, row.size, row.body, leaning)


def leaning_on(connection: Connection, dictionary_id: int | None, base_id: int | None) -> bytes:
    """Load what a payload was compressed with. Raises PayloadError."""
    if base_id is not None:
        if connection.scalar(select(payloads.c.base_id).where(payloads.c.payload_id == base_id)) is not None:
            raise PayloadError(f"payload {base_id} is a base and a delta itself")
        return load_stored(connection, base_id)
    return b"" if dictionary_id is None else load_dictionary(connection, dictionary_id)


def opened(sha256: str, codec: str, size: int, stored: bytes, leaning: bytes) -> bytes:
    try:
        content = unpack(codec, size, stored, leaning)
    except PayloadError as error:
        raise PayloadError(f"payload {sha256} {error}") from error
    if len(content) != size or digest_of(content) != sha256:
        raise PayloadError(f"payload {sha256} does not match its digest")
    return content
