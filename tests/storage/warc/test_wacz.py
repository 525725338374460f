"""A WACZ is held against what it says of itself."""

import hashlib
import json
from datetime import UTC, datetime
from zipfile import ZipFile

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from storage.signing import signed_data
from storage.warc.wacz import DESCRIPTION, DIGEST, faults_of

NOW = datetime(2026, 11, 22, tzinfo=UTC)
KEY, OTHER = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
FILES = {"archive/data.warc.gz": b"warc", "pages/pages.jsonl": b"pages"}


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def description(**digests: str) -> bytes:
    told = {name: f"sha256:{sha256(content)}" for name, content in FILES.items()} | digests
    return json.dumps({"resources": [{"path": name, "hash": said} for name, said in told.items()]}).encode()


def digest(described: bytes, signed: dict[str, str] | None = None) -> bytes:
    said = {"path": DESCRIPTION, "hash": f"sha256:{sha256(described)}"}
    return json.dumps(said | ({"signedData": signed} if signed else {})).encode()


WHOLE = description()
SIGNED = signed_data(KEY, sha256(WHOLE), NOW)


@pytest.mark.parametrize(
    ("files", "fault"),
    [
        ({}, ""),
        ({DESCRIPTION: WHOLE}, ""),
        ({DESCRIPTION: WHOLE, DIGEST: digest(WHOLE)}, ""),
        ({DESCRIPTION: WHOLE, DIGEST: digest(WHOLE, SIGNED)}, ""),
        ({DESCRIPTION: description(**{"pages/pages.jsonl": "md5:0"})}, ""),
        ({DESCRIPTION: WHOLE, "pages/pages.jsonl": b"other"}, "pages/pages.jsonl is not what"),
        ({DESCRIPTION: description(**{"archive/more.warc": "sha256:0"})}, "archive/more.warc is not what"),
        ({DESCRIPTION: WHOLE, DIGEST: digest(WHOLE + b" ")}, "or the signature"),
        (
            {
                DESCRIPTION: WHOLE,
                DIGEST: digest(WHOLE, SIGNED | {"publicKey": signed_data(OTHER, "", NOW)["publicKey"]}),
            },
            "or the signature",
        ),
        ({DESCRIPTION: WHOLE, DIGEST: digest(WHOLE, SIGNED | {"publicKey": "?"})}, "cannot be read"),
        ({DESCRIPTION: b"{"}, "cannot be read"),
        ({DESCRIPTION: b"[]"}, "cannot be read"),
    ],
)
def test_what_is_otherwise_than_it_says_is_told(tmp_path, files, fault):
    with ZipFile(tmp_path / "a.wacz", "w") as archive:
        for name, content in (FILES | files).items():
            archive.writestr(name, content)
    told = list(faults_of(tmp_path / "a.wacz"))
    assert len(told) == bool(fault)
    assert all(fault in each for each in told)


def test_a_file_that_is_broken_within_is_told(tmp_path):
    with ZipFile(tmp_path / "a.wacz", "w") as archive:
        for name, content in (FILES | {DESCRIPTION: WHOLE}).items():
            archive.writestr(name, content)
    whole = (tmp_path / "a.wacz").read_bytes()
    (tmp_path / "a.wacz").write_bytes(whole.replace(b"pages.jsonlpages", b"pages.jsonlpagez"))
    assert ["cannot be read" in each for each in faults_of(tmp_path / "a.wacz")] == [True]


def test_what_is_no_wacz_says_nothing(tmp_path):
    (tmp_path / "a.warc").write_bytes(b"WARC/1.1\r\n")
    assert list(faults_of(tmp_path / "a.warc")) == []
