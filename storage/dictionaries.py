"""Templates: one page of each kind and site, with which the others of that kind are compressed.

The first page that is text and long enough becomes the template of its site and kind; its own payload, made
with itself, takes a few bytes. A template is never changed or replaced, for payloads lean on it.
"""

import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Connection, bindparam, select, tuple_

from storage.codecs import PayloadError, digest_of, pack, unpack
from storage.inserting import allot_ids, insert_new
from storage.tables import dictionaries

SHORTEST = 1024  # bytes; less than this says little of a template
LONGEST = 128 * 1024
Place = tuple[str, str]  # host and kind
TEMPLATES = select(dictionaries).where(  # made once, for that takes longer than to run it
    tuple_(dictionaries.c.host, dictionaries.c.kind).in_(bindparam("places", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Template:
    dictionary_id: int
    content: bytes


def keep_templates(
    connection: Connection, candidates: Mapping[Place, Iterable[bytes]]
) -> dict[Place, Template]:
    """Give the template of each place; where there is none, the first candidate that will do becomes it."""
    if not candidates:
        return {}
    known = templates_at(connection, candidates)
    fresh = {
        place: chosen
        for place, bodies in sorted(candidates.items())
        if place not in known and (chosen := next(filter(will_do, bodies), None))
    }
    if fresh:
        ids = allot_ids(connection, dictionaries, len(fresh))
        rows = [row_of(at, place, body) for at, (place, body) in zip(ids, fresh.items(), strict=True)]
        insert_new(connection, dictionaries, rows)
        known |= templates_at(connection, fresh)
    return known


def will_do(body: bytes) -> bool:
    """A page; what is compressed already, such as an image or a body sent in gzip, helps no other."""
    return SHORTEST <= len(body) <= LONGEST and len(zlib.compress(body[:SHORTEST], 1)) < 0.9 * SHORTEST


def row_of(dictionary_id: int, place: Place, body: bytes) -> dict[str, object]:
    codec, stored = pack(body)
    return {
        "dictionary_id": dictionary_id,
        "host": place[0],
        "kind": place[1],
        "sha256": digest_of(body),
        "size": len(body),
        "codec": codec,
        "checksum": checksum_of(*place, stored),
        "body": stored,
    }


def checksum_of(host: str, kind: str, stored: bytes) -> int:
    return zlib.crc32(stored, zlib.crc32(f"{host}\n{kind}\n".encode()))


def templates_at(connection: Connection, places: Iterable[Place]) -> dict[Place, Template]:
    found = connection.execute(TEMPLATES, {"places": list(places)}).all()
    return {
        (row.host, row.kind): Template(row.dictionary_id, opened(row.sha256, row.codec, row.size, row.body))
        for row in found
    }


def load_dictionaries(connection: Connection, dictionary_ids: Collection[int]) -> dict[int, bytes]:
    """Raises PayloadError."""
    columns = dictionaries.c["dictionary_id", "sha256", "codec", "size", "body"]
    rows = connection.execute(select(*columns).where(dictionaries.c.dictionary_id.in_(dictionary_ids)))
    found = {dictionary_id: opened(*row) for dictionary_id, *row in rows}
    if missing := set(dictionary_ids) - found.keys():
        raise PayloadError(f"dictionary {min(missing)} is missing")
    return found


@lru_cache(maxsize=64)  # every batch and every reading needs the few of its hosts
def opened(sha256: str, codec: str, size: int, stored: bytes) -> bytes:
    """Raises PayloadError."""
    try:
        content = unpack(codec, size, stored)
    except PayloadError as error:
        raise PayloadError(f"dictionary {sha256} {error}") from error
    if len(content) != size or digest_of(content) != sha256:
        raise PayloadError(f"dictionary {sha256} does not match its digest")
    return content
