"""Where hosts wait for their turn: each of a run's is in one place here, or under way, or at rest."""

from collections import deque
from collections.abc import Collection, Iterable


class Waiting:
    """A turn is one request. Moments are seconds of `time.monotonic()`."""

    def __init__(self) -> None:
        self.ready: deque[str] = deque()  # may have a page due
        self.later: dict[str, None] = {}  # have only requisites due, which wait for all pages
        self.idle: set[str] = set()  # have nothing due
        self.paused: dict[str, float] = {}  # asked for a pause, and when it ends

    def add(self, hosts: Iterable[str]) -> None:
        self.ready.extend(hosts)

    def are_left(self, *, with_later: bool) -> bool:
        return bool(self.ready or self.paused or (with_later and self.later))

    def next(self) -> str | None:
        """Who may have a page due, if anyone; who is paused has no turn until the pause is over."""
        while self.ready:
            host = self.ready.popleft()
            if host not in self.paused:
                return host
        return None

    def next_later(self) -> str | None:
        """Who has only requisites due."""
        host = next(iter(self.later), None)
        if host is not None:
            del self.later[host]
        return host

    def lay_by(self, host: str) -> None:
        """It has nothing to ask for now, or nothing but what waits for later."""
        if host not in self.later:
            self.idle.add(host)

    def leave(self, hosts: Collection[str]) -> None:
        """They are this run's no longer."""
        self.ready = deque(host for host in self.ready if host not in hosts)
        self.idle.difference_update(hosts)
        for host in hosts:
            self.later.pop(host, None)
            self.paused.pop(host, None)

    def wake(self, hosts: Iterable[str]) -> None:
        """Something of theirs is due."""
        woken = {host for host in hosts if host in self.idle or host in self.later}
        self.idle -= woken
        for host in woken:
            self.later.pop(host, None)
        self.ready.extend(sorted(woken))

    def end_pauses(self, now: float) -> None:
        over = [host for host, end in self.paused.items() if end <= now]
        for host in over:
            del self.paused[host]
        self.ready.extend(over)
