"""Broken bodies mended from a copy: another database, or a WARC or WACZ that was exported."""

from pathlib import Path

from pipeline.errors import UsageProblem
from storage.database import Database, DatabaseError, open_database
from storage.payloads import digest_of
from storage.replicate import bodies_of, repair
from storage.verify import Scope, verify
from storage.warc.read import WarcError, read_warc


def mend(database: Database, source: str, scope: Scope) -> int:
    """Give how many bodies were mended. What is still broken the next reading will say."""
    broken = [fault.where for fault in verify(database, scope=scope) if fault.what == "payload"]
    if Path(source).is_file():
        found = bodies_in(Path(source), set(broken))
        return len(list(repair(database, broken, found.get)))
    try:
        copy = open_database(source)
    except DatabaseError as error:
        raise UsageProblem(str(error)) from error
    try:
        with copy.read() as connection:
            return len(list(repair(database, broken, bodies_of(connection))))
    finally:
        copy.close()


def bodies_in(path: Path, wanted: set[str]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    try:
        for capture in read_warc(path):
            if capture.payload is not None and (sha256 := digest_of(capture.payload)) in wanted:
                found[sha256] = capture.payload
    except WarcError as error:
        raise UsageProblem(str(error)) from error
    return found
