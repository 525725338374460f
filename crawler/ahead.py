"""The rows of the frontier that are next on each host, some read ahead of their turn.

They are copies, and only as good as the table: once something better may lie there they are forgotten and
read anew. While a host's visit is under way nothing is read for it, so that no row is handed out twice.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from crawler.addresses import host_of
from crawler.visit import Link
from storage.conditions import Known
from storage.frontier import Pending

ROWS = 20  # read at a time
MOST_TOLD = 200_000  # links remembered, about 100 bytes each; beyond, the table is told again


class Next(NamedTuple):
    """A row, and what to ask conditionally by."""

    row: Pending
    known: Known | None = None


@dataclass(slots=True)
class Batch:
    """A link that scores no more than `least` comes after all of these rows."""

    rows: deque[Next]
    least: int


class Ahead:
    def __init__(self) -> None:
        self.batches: dict[str, Batch] = {}  # by host

    def take(self, host: str) -> Next | None:
        batch = self.batches.get(host)
        return batch.rows.popleft() if batch and batch.rows else None

    def fill(self, host: str, rows: Sequence[Next]) -> None:
        """Keep what was read: the best rows of the host, ROWS of them where there are so many."""
        least = rows[-1].row.score if len(rows) == ROWS else -1
        self.batches[host] = Batch(deque(rows), least)

    def put_back(self, host: str, following: Next) -> None:
        self.batches[host].rows.appendleft(following)

    def forget(self, host: str) -> None:
        self.batches.pop(host, None)

    def make_room(self, links: Iterable[Link]) -> None:
        """These links are in the table now: forget the rows that some of them may come before."""
        best: dict[str, int] = {}
        for link in links:
            host = host_of(link.url)
            best[host] = max(link.score, best.get(host, link.score))
        for host, score in best.items():
            batch = self.batches.get(host)
            if batch and score > batch.least:
                del self.batches[host]


class Told:
    """Links that the frontier was told of in this run: a site's menu stands on each of its pages."""

    def __init__(self) -> None:
        self.best: dict[int, tuple[int, int]] = {}  # by the request's hash, the highest score and least depth

    def news(self, links: Iterable[Link]) -> list[Link]:
        """Those that are new to it, or better or nearer than before."""
        if len(self.best) > MOST_TOLD:
            self.best.clear()
        return [link for link in links if self.is_news(link)]

    def is_news(self, link: Link) -> bool:
        key = hash(link.request_key)
        score, depth = self.best.get(key, (link.score - 1, link.depth))
        if link.score <= score and link.depth >= depth:
            return False
        self.best[key] = (max(score, link.score), min(depth, link.depth))
        return True
