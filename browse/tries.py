"""How often a password may be guessed: seldom by anybody, and not much oftener by all together."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

SECONDS = 300.0  # that a wrong guess counts
OF_ONE, OF_ALL = 5, 50  # wrong guesses in that time, after which nobody is listened to
MOST_KNOWN = 1_000  # clients remembered to have known it


@dataclass
class Tries:
    """Wrong guesses, the oldest first, by the address they came from. Whoever gave the right password once is
    not shut out by the guesses of others.
    """

    clock: Callable[[], float] = monotonic
    wrong: list[tuple[float, str]] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    lock: Lock = field(default_factory=Lock)

    def wait(self, client: str) -> int:
        """Whole seconds until a guess of this client is looked at; 0 for at once."""
        with self.lock:
            now = self.clock()
            self.wrong = [(at, who) for at, who in self.wrong if at > now - SECONDS]
            own = [at for at, who in self.wrong if who == client]
            others = [] if client in self.known else [at for at, _ in self.wrong]
            free = [
                times[-most] + SECONDS
                for times, most in ((own, OF_ONE), (others, OF_ALL))
                if len(times) >= most
            ]
            return int(max(free) - now) + 1 if free else 0

    def tell(self, client: str, *, is_right: bool) -> None:
        """What came of a guess."""
        with self.lock:
            if not is_right:
                self.wrong.append((self.clock(), client))
            elif len(self.known) < MOST_KNOWN:
                self.known.add(client)
