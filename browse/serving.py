"""One process, two doors: the pages on one port, the archived pages on another."""

import socket
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from browse import coverage, overview
from browse.app import LOOPBACK, make_app
from browse.facets import CUBE
from browse.remembered import Memories, Remembered
from browse.reviewing import Reviewing
from browse.snapshots.door import make_snapshots
from browse.snapshots.origins import Origins
from storage.database import Database

# What the first page shows, the quickest first.
LOOKED_FOR_AT_ONCE: tuple[Remembered[Any], ...] = (CUBE, coverage.COUNTS, overview.COUNTS, overview.FIGURES)
WAITING = 128  # connections that may wait for an answer's turn


class ByPort:
    """Sends what comes in on the snapshots' port to the snapshots."""

    def __init__(self, pages: ASGIApp, snapshots: ASGIApp, snapshots_port: int) -> None:
        self.pages = pages
        self.snapshots = snapshots
        self.snapshots_port = snapshots_port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        _, port = scope.get("server") or ("", 0)
        app = self.snapshots if port == self.snapshots_port else self.pages
        await app(scope, receive, send)


def listen(host: str, origins: Origins) -> list[socket.socket]:
    """Both doors open, or neither. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    pages = socket.create_server((host, origins.pages_port), family=family, backlog=WAITING)
    try:
        snapshots = socket.create_server((host, origins.snapshots_port), family=family, backlog=WAITING)
    except OSError:
        pages.close()
        raise
    return [pages, snapshots]


def server_of(
    database: Database,
    origins: Origins,
    names: Sequence[str],
    reviewing: Reviewing,
    memories: Memories | None = None,
) -> uvicorn.Server:
    behind = (urlsplit(url).hostname for url in (origins.pages_url, origins.snapshots_url) if url)
    hosts = tuple(dict.fromkeys([*LOOPBACK, *names, *(name for name in behind if name)]))
    app = ByPort(
        make_app(database, hosts, origins, reviewing, memories),
        make_snapshots(database, origins, hosts),
        origins.snapshots_port,
    )
    return uvicorn.Server(uvicorn.Config(app, log_level="warning", server_header=False, lifespan="off"))


def serve(
    database: Database,
    origins: Origins,
    names: Sequence[str],
    reviewing: Reviewing,
    sockets: list[socket.socket],
) -> None:
    """Answer until stopped."""
    memories = Memories()
    for each in LOOKED_FOR_AT_ONCE:
        each.begin(memories, database)
    server_of(database, origins, names, reviewing, memories).run(sockets=sockets)
