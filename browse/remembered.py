"""What costs a look at every report, remembered for a minute: counts for overviews and facets."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

from starlette.requests import Request

from browse.asking import database_of
from storage.database import Database

T = TypeVar("T")
SECONDS = 60.0


@dataclass
class Remembered(Generic[T]):
    """Gives what `reckon` gave within the last minute; one visitor reckons, the others wait for it."""

    reckon: Callable[[Database], T]
    _found: dict[str, tuple[float, T]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def of(self, request: Request) -> T:
        database = database_of(request)
        with self._lock:
            at, found = self._found.get(database.name, (float("-inf"), None))
            if found is None or monotonic() - at > SECONDS:
                found = self.reckon(database)
                self._found[database.name] = (monotonic(), found)
            return found
