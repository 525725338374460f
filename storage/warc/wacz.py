"""What a WACZ says of its own files, held against them: their digests, and the signature over these.

https://specs.webrecorder.net/wacz/1.1.1/ and https://specs.webrecorder.net/wacz-auth/0.1.0/
"""

import hashlib
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast
from zipfile import BadZipFile, ZipExtFile, ZipFile, is_zipfile

from storage.signing import is_signed

DESCRIPTION, DIGEST = "datapackage.json", "datapackage-digest.json"
SHA256 = "sha256:"
LARGEST = 64 * 1024 * 1024  # bytes of a description
UNREADABLE = (BadZipFile, zlib.error, EOFError, ValueError, KeyError, TypeError, AttributeError)


def faults_of(path: Path) -> Iterator[str]:
    """Each in one line. Nothing of what is no ZIP or does not describe itself; other digests than SHA-256 and
    signatures by certificate are not looked at.
    """
    if is_zipfile(path):
        with ZipFile(path) as archive:
            yield from described_otherwise(archive)


def described_otherwise(archive: ZipFile) -> Iterator[str]:
    names = archive.namelist()
    if DESCRIPTION not in names:
        return
    try:
        described = read_small(archive, DESCRIPTION)
        for name, sha256 in digests_in(json.loads(described)).items():
            if name not in names or digest_of(archive, name) != sha256:
                yield f"{name} is not what {DESCRIPTION} says"
        if DIGEST in names and not is_vouched(described, json.loads(read_small(archive, DIGEST))):
            yield f"{DESCRIPTION} is not what {DIGEST} says, or the signature there is not of it"
    except UNREADABLE as error:
        yield f"what it says of itself cannot be read ({error})"


def read_small(archive: ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > LARGEST:
        raise ValueError(f"{name} is too large")
    return archive.read(name)


def digests_in(description: dict[str, Any]) -> dict[str, str]:
    """By path, in hexadecimal. WACZ 1.0 had them under `stats`."""
    told = {
        each["path"]: each.get("hash") or each.get("stats", {}).get("hash", "")
        for each in description["resources"]
    }
    return {path: said.removeprefix(SHA256) for path, said in told.items() if said.startswith(SHA256)}


def digest_of(archive: ZipFile, name: str) -> str:
    with archive.open(name) as file:
        return hashlib.file_digest(cast("ZipExtFile", file), "sha256").hexdigest()


def is_vouched(described: bytes, said: dict[str, Any]) -> bool:
    sha256 = hashlib.sha256(described).hexdigest()
    signed = said.get("signedData", {})
    is_anonymous = "publicKey" in signed and "signature" in signed
    return said["hash"] == f"{SHA256}{sha256}" and (not is_anonymous or is_signed(signed, sha256))
