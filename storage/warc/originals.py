"""Revisits whose payload is in no file at hand: the archive may have it."""

import base64
import hashlib
from datetime import timedelta

from sqlalchemy import Connection, select

from storage.archive import load_capture
from storage.captures import Capture
from storage.tables import captures
from storage.values import as_moment, as_text
from storage.warc.read import Reference

MOST = 100  # captures of an address whose payloads are tried, the newest first


def find_original(connection: Connection, reference: Reference) -> Capture | None:
    """Give the archived capture that a revisit refers to, its payload held against the digest."""
    at_address = (captures.c.url == reference.url) & captures.c.sha256.is_not(None)
    query = select(captures.c.capture_id, captures.c.sha256).where(at_address)
    if reference.date:
        moment = as_moment(reference.date)
        # Dates of WARC 1.0 have no fraction of a second.
        until = moment + timedelta(milliseconds=0 if moment.microsecond else 999)
        query = query.where(captures.c.fetched_at.between(as_text(moment), as_text(until)))
    elif not reference.digest:
        return None  # an address alone names no payload
    tried = set[str]()
    for row in connection.execute(query.order_by(captures.c.capture_id.desc()).limit(MOST)):
        if row.sha256 in tried:
            continue
        tried.add(row.sha256)
        capture = load_capture(connection, row.capture_id).capture
        if fits(capture.payload or b"", reference.digest):
            return capture
    return None


def fits(payload: bytes, digest: str) -> bool:
    """Hold a payload against "sha1:BASE32" or hex; of algorithms we do not know nothing can be said."""
    algorithm, _, value = digest.partition(":")
    if not value or algorithm.lower() not in {"sha1", "sha256", "md5"}:
        return True
    made = hashlib.new(algorithm.lower(), payload, usedforsecurity=False)
    spelt = {made.hexdigest(), base64.b32encode(made.digest()).decode().rstrip("=").lower()}
    return value.rstrip("=").lower() in spelt
