"""Puts uv into .uv/bin from the package index, with nothing but the standard library.

A bare Debian python3 has neither pip nor venv; this is all that `make` needs to begin. The wheel's
SHA-256 is checked against the index. An index other than PyPI is taken from UV_DEFAULT_INDEX or
PIP_INDEX_URL; proxies and certificates are Python's own (http_proxy, SSL_CERT_FILE).
"""

import hashlib
import io
import json
import os
import platform
import sys
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path

VERSION = "0.13.9"
JSON_INDEX = "application/vnd.pypi.simple.v1+json"
TAGS = {
    ("Linux", "x86_64"): "manylinux_2_17_x86_64",
    ("Linux", "aarch64"): "manylinux_2_17_aarch64",
    ("Darwin", "x86_64"): "macosx_10_12_x86_64",
    ("Darwin", "arm64"): "macosx_11_0_arm64",
}


def read(url: str, accept: str = "*/*") -> bytes:
    request = urllib.request.Request(url, headers={"Accept": accept})
    with urllib.request.urlopen(request, timeout=120) as answer:
        return bytes(answer.read())


def wheel(index: str, tag: str) -> tuple[str, str]:
    """The address of the wheel for this machine, and its SHA-256 in hex."""
    page = f"{index.rstrip('/')}/uv/"
    for file in json.loads(read(page, JSON_INDEX))["files"]:
        if file["filename"].startswith(f"uv-{VERSION}-") and tag in file["filename"]:
            return urllib.parse.urljoin(page, file["url"]), file["hashes"]["sha256"]
    raise SystemExit(
        f"fetch_uv: {index} has no uv {VERSION} for {tag}; install uv by hand and run make again"
    )


def unpack(archive: bytes, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        name = next(name for name in files.namelist() if name.endswith("/scripts/uv"))
        partial = folder / "uv.partial"
        partial.write_bytes(files.read(name))
    partial.chmod(0o755)
    partial.replace(folder / "uv")


def main() -> None:
    machine = (platform.system(), platform.machine())
    if machine not in TAGS:
        raise SystemExit(f"fetch_uv: no uv known for {machine}; install uv by hand and run make again")
    index = os.environ.get("UV_DEFAULT_INDEX") or os.environ.get("PIP_INDEX_URL") or "https://pypi.org/simple"
    try:
        address, digest = wheel(index, TAGS[machine])
        archive = read(address)
    except OSError as error:
        raise SystemExit(
            f"fetch_uv: {index} cannot be reached ({error}); connect, or install uv by hand"
        ) from error
    if hashlib.sha256(archive).hexdigest() != digest:
        raise SystemExit("fetch_uv: the wheel does not match the index's SHA-256; try again")
    unpack(archive, Path(sys.argv[1]))


if __name__ == "__main__":
    main()
