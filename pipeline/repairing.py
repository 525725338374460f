"""What is broken mended from a copy: another database, or a WARC or WACZ that was exported."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from pipeline.errors import UsageProblem
from storage.database import Database, DatabaseError, open_database
from storage.mending import bodies_of, mend_bodies, mend_rows
from storage.payloads import digest_of
from storage.verify import Fault, Scope, verify
from storage.warc.read import WarcError, read_warc


def mend(database: Database, source: str, scope: Scope) -> Iterator[str]:
    """Give what was mended, as "head 7". What is still broken the next reading will say."""
    if "://" not in source and not Path(source).is_file():
        raise UsageProblem(f"{source}: no such file; a copy is a WARC, a WACZ, or a database by its URL")
    faults = list(verify(database, scope=scope))
    if Path(source).is_file():
        found = bodies_in(Path(source), set(broken_bodies(faults)))
        yield from (f"payload {sha256}" for sha256 in mend_bodies(database, broken_bodies(faults), found.get))
        return
    try:
        copy = open_database(source)
    except DatabaseError as error:
        raise UsageProblem(str(error)) from error
    with closing(copy), copy.read() as connection:
        yield from mend_rows(database, connection, faults)
        # A mended row may have mended bodies, and brought to light others.
        broken = broken_bodies(verify(database, scope=scope))
        yield from (f"payload {sha256}" for sha256 in mend_bodies(database, broken, bodies_of(connection)))


def broken_bodies(faults: list[Fault] | Iterator[Fault]) -> list[str]:
    return [fault.where for fault in faults if fault.what == "payload"]


def bodies_in(path: Path, wanted: set[str]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    try:
        for capture in read_warc(path):
            if capture.payload is not None and (sha256 := digest_of(capture.payload)) in wanted:
                found[sha256] = capture.payload
    except WarcError as error:
        raise UsageProblem(str(error)) from error
    return found
