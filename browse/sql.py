"""A page for SQL by Datasette (the extra `sql`) over a SQLite file: read only, with a limit of time."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from browse.headers import COMMON, WithHeaders
from storage.database import Database

PLACE = "/sql"
SETTINGS = {
    "base_url": f"{PLACE}/",
    "sql_time_limit_ms": 2_000,
    "max_returned_rows": 2_000,
    "num_sql_threads": 2,
    "allow_download": False,
    "allow_facet": False,
    "suggest_facets": False,
    "default_cache_ttl": 0,
}
NAME = "nianbao"


class Sql:
    """Datasette under its own address; what it has to set up it sets up at the first question."""

    def __init__(self, file: str) -> None:
        from datasette.app import Datasette
        from datasette.database import Database as Source

        self.datasette: Any = Datasette(files=[], settings=SETTINGS)
        source = Source(self.datasette, path=file, is_mutable=True)  # opened with mode=ro for every question
        self.datasette.add_database(source, name=NAME)
        self.app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.app is None:
            await self.datasette.invoke_startup()
            self.app = self.datasette.app()
        await self.app(scope, receive, send)


def policy(_: Request) -> Mapping[str, str]:
    """Datasette's pages bring scripts and styles of their own, some in the page; nothing of elsewhere."""
    return {
        **COMMON,
        "Content-Security-Policy": "default-src 'none'; script-src 'self' 'unsafe-inline'; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'",
    }


def sql_of(database: Database) -> ASGIApp | None:
    """None where the extra is not installed, or the database is no SQLite file."""
    file = database.engine.url.database
    if database.engine.dialect.name != "sqlite" or not file:
        return None
    try:
        return WithHeaders(Sql(file), policy)
    except ImportError:
        return None
