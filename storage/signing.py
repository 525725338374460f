"""Signatures in the layout of WACZ: an ECDSA key signs the digest of a file; a time stamp may be added later.

https://specs.webrecorder.net/wacz-auth/0.1.0/ (anonymous signature). The key is a PEM file of the operator's:
openssl ecparam -name prime256v1 -genkey -noout -out key.pem
"""

import base64
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from storage.values import as_text

METHOD = ec.ECDSA(hashes.SHA256())


class KeyFileError(Exception):
    """A file that holds no private elliptic-curve key. One line that names it."""


def load_key(path: Path) -> ec.EllipticCurvePrivateKey:
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise KeyFileError(f"{path}: holds no private key in PEM ({error})") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise KeyFileError(f"{path}: is no elliptic-curve key, which WACZ wants")
    return key


def signed_data(key: ec.EllipticCurvePrivateKey, sha256: str, at: datetime) -> dict[str, str]:
    """Sign "sha256:<hex>" of a file."""
    named = f"sha256:{sha256}"
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return {
        "hash": named,
        "signature": base64.b64encode(key.sign(named.encode(), METHOD)).decode(),
        "publicKey": base64.b64encode(public).decode(),
        "created": as_text(at),
        "software": "nianbao",
    }


def is_signed(signed: dict[str, str], sha256: str) -> bool:
    """Say whether the signature is that of the key it names, over this digest."""
    key = serialization.load_der_public_key(base64.b64decode(signed["publicKey"]))
    if not isinstance(key, ec.EllipticCurvePublicKey) or signed["hash"] != f"sha256:{sha256}":
        return False
    try:
        key.verify(base64.b64decode(signed["signature"]), signed["hash"].encode(), METHOD)
    except InvalidSignature:
        return False
    return True
