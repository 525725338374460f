"""One process, two doors: the pages on one port, the archived pages on another."""

import socket
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from browse import coverage, overview
from browse.app import make_app
from browse.facets import CUBE
from browse.options import Options
from browse.remembered import Memories, Remembered
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


def server_of(database: Database, options: Options, memories: Memories | None = None) -> uvicorn.Server:
    app = ByPort(
        make_app(database, options, memories),
        make_snapshots(database, options),
        options.origins.snapshots_port,
    )
    return uvicorn.Server(uvicorn.Config(app, log_level="warning", server_header=False, lifespan="off"))


def serve(database: Database, options: Options, sockets: list[socket.socket]) -> None:
    """Answer until stopped."""
    memories = Memories()
    for each in LOOKED_FOR_AT_ONCE:
        each.begin(memories, database)
    server_of(database, options, memories).run(sockets=sockets)
