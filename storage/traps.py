"""Patterns of addresses that proved to be traps, remembered from night to night."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select

from storage.inserting import dialect_insert
from storage.tables import spent_patterns
from storage.values import as_text


def load_spent(connection: Connection, now: datetime) -> frozenset[str]:
    """Those that are not worth another look yet."""
    waiting = select(spent_patterns.c.pattern).where(spent_patterns.c.until > as_text(now))
    return frozenset(connection.scalars(waiting))


def note_spent(connection: Connection, patterns: Iterable[str], until: datetime) -> None:
    rows = [{"pattern": pattern, "until": as_text(until)} for pattern in patterns]
    if rows:
        insert = dialect_insert(connection, spent_patterns)
        later = insert.on_conflict_do_update(
            index_elements=[spent_patterns.c.pattern], set_={"until": insert.excluded.until}
        )
        connection.execute(later, rows)
