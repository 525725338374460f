"""What failed for a moment and is asked for again before the run ends: a run lingers for its own retries."""

import heapq
from datetime import datetime

from settings import clock


class Retries:
    """Hosts with a page that is due again soon, by when. How soon is the committer's business."""

    def __init__(self) -> None:
        self.moments: list[tuple[datetime, str]] = []  # a heap

    def __bool__(self) -> bool:
        return bool(self.moments)

    def add(self, host: str, at: datetime) -> None:
        heapq.heappush(self.moments, (at, host))

    def forget(self, host: str) -> None:
        self.moments = [each for each in self.moments if each[1] != host]
        heapq.heapify(self.moments)

    def awaits(self, host: str) -> bool:
        return any(each == host for _, each in self.moments)

    def over(self, now: datetime) -> list[str]:
        """The hosts whose moment has come, each once."""
        come: dict[str, None] = {}
        while self.moments and self.moments[0][0] <= now:
            come[heapq.heappop(self.moments)[1]] = None
        return list(come)

    def skip_wait(self) -> bool:
        """Nothing is left but to wait for the next moment: in a rehearsal it comes at once."""
        return bool(self.moments) and clock.leap(self.moments[0][0])
