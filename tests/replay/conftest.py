"""A crawl of the sample web over two nights, exported; and the players of others that it is opened in.

pywb and py-wacz get an environment of their own (peers.txt), for pywb's brotlipy breaks the product's.
Both it and replayweb.page are fetched once, into the folder of this environment.
"""

import json
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, NoReturn

import pytest

from samples.rehearsal import PROGRAM, Rehearsal
from samples.site import Site, build_sites

ROOT = Path(__file__).parents[2]
PEERS = Path(__file__).with_name("peers.txt")
REPLAYWEB = "replaywebpage@2.5.3"
INTEGRITY = "sha512-nCj2PSON3BxeSJKE8AsYPyULv0XPZKJWfy4l9PyQre9SqwLZ+WKZVs/sfLqPOQ4GrH+0YkjbwOhr8cSTH08gsQ=="
HOSTS = {"www.wuyou.gov.cn", "www.zixu.gov.cn"}  # the second writes GB18030
NIGHTS = (0, 1)  # the second finds everything as it was


class Archive(NamedTuple):
    """`database` is its URL; `warcs` a folder of WARC files, `wacz` a file."""

    sites: tuple[Site, ...]
    database: str
    warcs: Path
    wacz: Path


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    folder = tmp_path_factory.mktemp("archive")
    sites = tuple(site for site in build_sites() if site.host in HOSTS)
    with Rehearsal(sites, folder) as rehearsal:
        for night in NIGHTS:
            rehearsal.play(night)
    made = Archive(sites, rehearsal.database, folder / "warcs", folder / "archive.wacz")
    for form, out in (("warc", made.warcs), ("wacz", made.wacz)):
        command = [PROGRAM, "--db", made.database, "export", form, out]
        subprocess.run(command, check=True, capture_output=True, env=rehearsal.environment)
    return made


def unavailable(what: str, error: subprocess.CalledProcessError) -> NoReturn:
    pytest.skip(f"{what} cannot be had here: {(error.stderr or error.stdout or '').strip()[-300:]}")


@pytest.fixture(scope="session")
def peers() -> Path:
    """The programs of an environment with pywb and py-wacz."""
    digest = sha256(PEERS.read_bytes()).hexdigest()[:8]
    folder = Path(sys.prefix) / f"peers-{digest}"
    uv = shutil.which("uv") or ROOT / ".uv" / "bin" / "uv"
    if not Path(uv).exists():
        pytest.skip("pywb cannot be had here: no uv")
    if not (folder / "ready").exists():
        python = folder / "bin" / "python"
        make = [uv, "venv", "--quiet", "--clear", "--python", sys.executable, folder]
        fill = [uv, "pip", "install", "--quiet", "--python", python, "--requirements", PEERS]
        try:
            for command in (make, fill):
                subprocess.run(command, check=True, capture_output=True, text=True)
        except subprocess.CalledProcessError as error:
            unavailable("pywb", error)
        (folder / "ready").touch()
    return folder / "bin"


@pytest.fixture(scope="session")
def replayweb() -> Path:
    """The folder with the scripts of replayweb.page, as npm has them."""
    folder = Path(sys.prefix) / REPLAYWEB
    npm = shutil.which("npm")
    if not (folder / "package" / "sw.js").exists():
        if npm is None:
            pytest.skip("replayweb.page cannot be had here: no npm")
        folder.mkdir(exist_ok=True)
        try:
            command = [npm, "pack", REPLAYWEB, "--json", "--loglevel", "error"]
            done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder)
        except subprocess.CalledProcessError as error:
            unavailable("replayweb.page", error)
        [packed] = json.loads(done.stdout)
        assert packed["integrity"] == INTEGRITY
        shutil.unpack_archive(folder / packed["filename"], folder)
    return folder / "package"
