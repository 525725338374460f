"""Questions to the database, over the contract's tables and views, on a connection that cannot write."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import BindParameter, RowMapping, bindparam, text
from starlette.exceptions import HTTPException
from starlette.requests import Request

from storage.database import Database

Rows = list[RowMapping]
Ask = Callable[..., Rows]


def database_of(request: Request) -> Database:
    found: Database = request.app.state.database
    return found


def ask(request: Request, query: str, **values: Any) -> Rows:
    """All rows of one query; a list among the values is for an IN."""
    lists: list[BindParameter[Any]] = [
        bindparam(name, expanding=True) for name, value in values.items() if isinstance(value, list)
    ]
    with database_of(request).read() as connection:
        return list(connection.execute(text(query).bindparams(*lists), values).mappings())


def ask_one(request: Request, query: str, **values: Any) -> RowMapping | None:
    """The first row of a query, or None."""
    found = ask(request, query, **values)
    return found[0] if found else None


def ask_the_one(request: Request, query: str, **values: Any) -> RowMapping:
    """The first row of a query that has one, else the page is not found. Raises HTTPException."""
    found = ask_one(request, query, **values)
    if found is None:
        raise HTTPException(404)
    return found
