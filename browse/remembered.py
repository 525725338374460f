"""What costs a look at every report, remembered for a while: counts for overviews and facets.

What was found is given at once, however old; when it is older than a minute, and than twenty times what
finding it took, one thread looks again. So a visitor waits once at most, and looking takes a twentieth of the
time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock, Thread
from time import monotonic
from typing import Generic, TypeVar, cast

from starlette.requests import Request

from browse.asking import database_of
from storage.database import Database

T = TypeVar("T")
SECONDS, SHARE = 60.0, 20.0


@dataclass(slots=True)
class Memory:
    """What was found, and until when it is fresh."""

    found: object
    fresh_until: float
    is_looking: bool = False


@dataclass(frozen=True)
class Remembered(Generic[T]):
    name: str
    reckon: Callable[[Database], T]

    def of(self, request: Request) -> T:
        return self.recall(request.app.state.memories, database_of(request))

    def recall(self, memories: "Memories", database: Database) -> T:
        with memories.lock:
            memory = memories.kept.get(self.name)
            if memory is None:
                memory = memories.kept[self.name] = self.look(database)
            elif monotonic() > memory.fresh_until and not memory.is_looking:
                memory.is_looking = True
                Thread(target=self.look_again, args=(memories, memory, database), daemon=True).start()
        return cast("T", memory.found)

    def look(self, database: Database) -> Memory:
        begun = monotonic()
        found = self.reckon(database)
        now = monotonic()
        return Memory(found, now + max(SECONDS, SHARE * (now - begun)))

    def look_again(self, memories: "Memories", old: Memory, database: Database) -> None:
        try:
            memories.kept[self.name] = self.look(database)
        finally:
            old.is_looking = False


class Memories:
    """Of one server."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.kept: dict[str, Memory] = {}
