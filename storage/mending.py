"""A damaged archive mended from a copy, as far as what the copy holds proves itself.

A body proves itself by its digest, whoever brings it. A row is taken from a copy made by `replicate`, which
has the same keys: a template, head or request where its own digest holds; a run with its captures and their
addresses where the seal made again from them, here, is the one that the copy has. What proves nothing is left
as it was.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, exc, select, update

from storage import dictionaries as templates
from storage.codecs import PayloadError, checksum_of, digest_of, pack
from storage.database import Database
from storage.heads import digest_row
from storage.inserting import dialect_insert
from storage.payloads import load_stored
from storage.seals import seal_of
from storage.sums import count_anew
from storage.tables import addresses, capture_rows, dictionaries, heads, payloads, requests, runs
from storage.verify import Fault

Bodies = Callable[[str], bytes | None]  # a body by its sha256, if there is one
GROUP = 500
SHARED = {"request": requests, "head": heads}


class NotProvenError(Exception):
    """What a copy brought does not make the run that was sealed."""


def mend_bodies(database: Database, broken: Sequence[str], bodies: Bodies) -> Iterator[str]:
    """Put whole bodies in the place of broken ones (sha256); give those that were mended.

    A mended body leans on nothing, so that it mends even where its template is lost; deltas that lean on it
    can be read again, for they lean on its content.
    """
    for sha256 in broken:
        body = bodies(sha256)
        if body is None or digest_of(body) != sha256:
            continue
        with database.write() as connection:
            # A delta keeps the name of its base: a frame that leans on nothing opens beside any.
            mended = update(payloads).where(payloads.c.sha256 == sha256)
            connection.execute(mended.values(whole_row(body) | {"dictionary_id": None}))
        yield sha256


def whole_row(body: bytes) -> dict[str, object]:
    packed = pack(body)
    stored = {"codec": packed.codec, "checksum": checksum_of(packed), "body": packed.stored}
    return {"sha256": digest_of(body), "size": len(body), **stored}


def bodies_of(copy: Connection) -> Bodies:
    """Bodies out of another database; None for what is not there or broken there too."""

    def body(sha256: str) -> bytes | None:
        found = copy.scalars(select(payloads.c.payload_id).where(payloads.c.sha256 == sha256))
        for payload_id in found.all():
            try:
                return load_stored(copy, payload_id)
            except PayloadError:
                continue
        return None

    return body


def mend_rows(database: Database, copy: Connection, faults: Iterable[Fault]) -> Iterator[str]:
    """Put rows of the copy in the place of broken ones; give what was mended, as "head 7"."""
    faults = list(faults)
    for fault in faults:
        if fault.what == "dictionary" and (row := intact_template(copy, int(fault.where))):
            yield from put(database, fault, dictionaries, row)
        elif fault.what in SHARED and (row := intact_shared(copy, SHARED[fault.what], int(fault.where))):
            yield from put(database, fault, SHARED[fault.what], row)
    if any(fault.what == "sums" for fault in faults):
        with database.write() as connection:
            count_anew(connection)
        yield "sums"
    for run_id in runs_in(database, faults):
        try:
            with database.write() as connection:
                mend_run(connection, copy, run_id)
        except (NotProvenError, exc.IntegrityError):
            continue  # the next verify says what is still wrong
        yield f"run {run_id}"


def put(database: Database, fault: Fault, table: Table, row: Row[Any]) -> Iterator[str]:
    with database.write() as connection:
        replace(connection, table, [row])
    yield f"{fault.what} {fault.where}"


def intact_template(copy: Connection, dictionary_id: int) -> Row[Any] | None:
    query = select(dictionaries).where(dictionaries.c.dictionary_id == dictionary_id)
    row = copy.execute(query).first()
    if row is None or templates.checksum_of(row.host, row.kind, row.body) != row.checksum:
        return None
    try:
        templates.opened(row.sha256, row.codec, row.size, row.body)
    except PayloadError:
        return None
    return row


def intact_shared(copy: Connection, table: Table, key: int) -> Row[Any] | None:
    [identity] = table.primary_key.columns
    row = copy.execute(select(table).where(identity == key)).first()
    if row is None:
        return None
    told = {name: value for name, value in row._mapping.items() if name not in {identity.name, "digest"}}  # noqa: SLF001 - SQLAlchemy's documented way to a row's columns by name
    return row if digest_row(told) == row.digest else None


def runs_in(database: Database, faults: Sequence[Fault]) -> list[int]:
    """The runs that are broken, themselves or by a capture of theirs."""
    found = {int(fault.where) for fault in faults if fault.what == "run"}
    hurt = [int(fault.where) for fault in faults if fault.what == "capture"]
    with database.read() as connection:
        query = select(capture_rows.c.run_id).where(capture_rows.c.capture_id.in_(hurt))
        return sorted(found | set(connection.scalars(query)))


def mend_run(ours: Connection, copy: Connection, run_id: int) -> None:
    """Raises NotProvenError, and then the transaction must be given up."""
    sealed = copy.execute(select(runs).where(runs.c.run_id == run_id)).first()
    if sealed is None or sealed.seal is None or seal_of(copy, run_id) != sealed.seal:
        raise NotProvenError(f"the copy has no sound run {run_id}")
    captured = copy.execute(select(capture_rows).where(capture_rows.c.run_id == run_id)).all()
    replace(ours, runs, [sealed])
    lean_on(ours, copy, captured)
    replace(ours, capture_rows, captured)
    remove_strangers(ours, run_id, {row.capture_id for row in captured})
    before = select(runs.c.run_id).where(runs.c.seal == sealed.previous_seal)
    follows = sealed.previous_seal == "" or ours.scalar(before) is not None
    if not follows or seal_of(ours, run_id) != sealed.seal:
        raise NotProvenError(f"run {run_id} of the copy is not the one that was sealed here")


def lean_on(ours: Connection, copy: Connection, captured: Sequence[Row[Any]]) -> None:
    """Bring the rows that captures refer to; of bodies only those that are gone or another's."""
    answered = {row.head_id for row in captured}
    asked = set(copy.scalars(select(heads.c.request_id).where(heads.c.head_id.in_(answered))))
    for table, keys in (
        (addresses, {row.address_id for row in captured}),
        (requests, asked),
        (heads, answered),
    ):
        [identity] = table.primary_key.columns
        replace(ours, table, copy.execute(select(table).where(identity.in_(keys))).all())
    for payload_id in {row.payload_id for row in captured} - {None}:
        bring_body(ours, copy, payload_id)


def bring_body(ours: Connection, copy: Connection, payload_id: int) -> None:
    query = select(*payloads.c["sha256", "size"]).where(payloads.c.payload_id == payload_id)
    if ours.execute(query).first() == copy.execute(query).first():
        return
    try:
        row = whole_row(load_stored(copy, payload_id))
    except PayloadError as error:
        raise NotProvenError(str(error)) from error
    fresh = dialect_insert(ours, payloads).values({"payload_id": payload_id, **row})
    ours.execute(
        fresh.on_conflict_do_update(index_elements=["payload_id"], set_=row | {"dictionary_id": None})
    )


def replace(connection: Connection, table: Table, rows: Sequence[Row[Any]]) -> None:
    """Write rows over those with the same keys, or beside the others."""
    [key] = table.primary_key.columns
    for first in range(0, len(rows), GROUP):
        fresh = dialect_insert(connection, table)
        others = {column.name: fresh.excluded[column.name] for column in table.c if column is not key}
        written = fresh.on_conflict_do_update(index_elements=[key.name], set_=others)
        connection.execute(written, [dict(row._mapping) for row in rows[first : first + GROUP]])  # noqa: SLF001 - as above


def remove_strangers(connection: Connection, run_id: int, known: set[int]) -> None:
    """Captures that say they are of the run and are not in it: rows whose key was changed."""
    said = set(connection.scalars(select(capture_rows.c.capture_id).where(capture_rows.c.run_id == run_id)))
    connection.execute(delete(capture_rows).where(capture_rows.c.capture_id.in_(said - known)))
