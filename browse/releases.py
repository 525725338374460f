"""Releases to be taken away: the data packages of one folder, each file with its digest.

Only what a package's own descriptor names leaves, and only from inside the package.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from browse.pages import render
from storage.export.descriptor import DESCRIPTOR

BETWEEN = " / "  # the languages of a title
SEALED = "sandbox; default-src 'none'"  # what a browser may do with a file that it shows after all


@dataclass(frozen=True, slots=True)
class File:
    """`size` in bytes; `digest` as the descriptor has it, empty where it has none."""

    path: str
    zh: str
    en: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Release:
    """`name` is its folder's. `problem` says why its descriptor cannot be used; then there are no files."""

    name: str
    title: str = ""
    created: str = ""
    seal: str = ""
    files: tuple[File, ...] = ()  # what is to be read first, then the tables
    problem: str = ""

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)

    def title_in(self, language: str) -> str:
        """A title in both languages has the Chinese first."""
        chinese, _, english = self.title.partition(BETWEEN)
        return english or chinese if language == "en" else chinese


def releases(request: Request) -> Response:
    """`/releases`, the newest first."""
    found = sorted(all_in(folder_of(request)), key=lambda each: (each.created, each.name), reverse=True)
    return render(request, "releases.html", found=found)


def release(request: Request) -> Response:
    """`/releases/NAME`: its files."""
    return render(request, "release.html", release=find_release(request), descriptor=DESCRIPTOR)


def release_file(request: Request) -> Response:
    """`/releases/NAME/FILE`, as a download."""
    found, wanted = find_release(request), request.path_params["file"]
    if wanted != DESCRIPTOR and wanted not in {file.path for file in found.files}:
        raise HTTPException(404)
    home = folder_of(request) / found.name
    path = home / wanted
    if not is_inside(path, home):
        raise HTTPException(404)
    return FileResponse(path, filename=path.name, headers={"Content-Security-Policy": SEALED})


def folder_of(request: Request) -> Path:
    folder: Path | None = request.app.state.options.releases
    if folder is None:
        raise HTTPException(404)
    return folder


def find_release(request: Request) -> Release:
    wanted = request.path_params["name"]
    found = next(
        (each for each in all_in(folder_of(request)) if each.name == wanted and not each.problem), None
    )
    if found is None:
        raise HTTPException(404)
    return found


def all_in(folder: Path) -> Iterator[Release]:
    for descriptor in sorted(folder.glob(f"*/{DESCRIPTOR}")):
        if is_inside(descriptor, folder):
            yield read_release(descriptor)


def is_inside(path: Path, folder: Path) -> bool:
    """A file that is in the folder, links followed."""
    return path.is_file() and path.resolve().is_relative_to(folder.resolve())


def read_release(descriptor: Path) -> Release:
    name = descriptor.parent.name
    try:
        said = json.loads(descriptor.read_bytes())
        files = tuple(sorted(map(file_of, said["resources"]), key=lambda file: "/" in file.path))
        seal = said.get("nianbao", {}).get("seal") or ""
        return Release(name, said.get("title") or name, said.get("created") or "", seal, files)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return Release(name, problem=f"{type(error).__name__}: {error}")


def file_of(resource: dict[str, Any]) -> File:
    return File(
        str(resource["path"]),
        resource.get("title", ""),
        resource.get("description", ""),
        int(resource["bytes"]),
        resource.get("hash", ""),
    )
