"""What costs a look at every report, remembered for a while: counts for overviews and facets.

What was found is given at once, however old; when it is older than a minute, and than twenty times what
finding it took, one thread looks again. So looking takes a twentieth of the time, and nobody waits for it but
who comes before the first look, which begins with the server, is done.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar, cast

from starlette.requests import Request

from browse.asking import database_of
from storage.database import Database

T = TypeVar("T")
SECONDS, SHARE = 60.0, 20.0
PATIENCE = 2.0  # seconds that a page waits for what it can do without


class Memories:
    """Of one server: what was found, until when it is fresh, and what is being looked for."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.found: dict[str, object] = {}
        self.fresh_until: dict[str, float] = {}
        self.looking: dict[str, Future[object]] = {}
        self.since: dict[str, float] = {}  # when the look that is under way began
        self.lookers = ThreadPoolExecutor(2, "remembered")


@dataclass(frozen=True)
class Remembered(Generic[T]):
    """`name` is its own among those of a server."""

    name: str
    reckon: Callable[[Database], T]

    def of(self, request: Request) -> T:
        """What was found; waits where nothing was yet."""
        looking = self.begin(request.app.state.memories, database_of(request))
        found = request.app.state.memories.found
        return cast("T", found[self.name] if self.name in found or looking is None else looking.result())

    def soon(self, request: Request) -> T | None:
        """What was found, None where nothing was yet and it takes long."""
        looking = self.begin(request.app.state.memories, database_of(request))
        found = request.app.state.memories.found
        if self.name in found or looking is None:
            return cast("T", found[self.name])
        since = request.app.state.memories.since[self.name]
        try:
            return cast("T", looking.result(max(0.0, since + PATIENCE - monotonic())))
        except NotYet:
            return None

    def begin(self, memories: Memories, database: Database) -> Future[object] | None:
        """Look, if what is known is not fresh; give the look that is under way."""
        with memories.lock:
            looking = memories.looking.get(self.name)
            if looking is None and monotonic() > memories.fresh_until.get(self.name, float("-inf")):
                memories.since[self.name] = monotonic()
                looking = memories.lookers.submit(self.look, memories, database)
                memories.looking[self.name] = looking
            return looking

    def look(self, memories: Memories, database: Database) -> object:
        """A look that failed is not remembered: who comes next looks again, and is told."""
        begun = monotonic()
        try:
            found: object = self.reckon(database)
            now = monotonic()
            with memories.lock:
                memories.found[self.name] = found
                memories.fresh_until[self.name] = now + max(SECONDS, SHARE * (now - begun))
        finally:
            with memories.lock:
                memories.looking.pop(self.name, None)
        return found
