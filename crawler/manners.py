"""How a guest treats each host: the pace, the pauses it asks for, and when it is left in peace.

Nothing here asks or waits; the scheduler does, by what this says.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import parsedate_to_datetime

from crawler.requisites import REQUISITE
from crawler.robots import ROBOTS
from storage.archive import header_value
from storage.captures import Capture

# How a host treats these does not show how it treats pages: they are let through where nothing else is, or
# turned away where pages are welcome.
SAYING_LITTLE = frozenset({ROBOTS, REQUISITE})
PAGES = frozenset({200, 304})
REFUSALS = frozenset({429, 503})  # "not now": asked again, later and slower
SLOW = 2.0  # seconds; a server that needs longer gets as long a rest after each answer
LONGEST_DELAY = 60.0  # seconds between two requests, however slow or unwilling the server
LONGEST_PAUSE = 120.0  # seconds; who asks for more is left in peace for this run
# After so long a failed fetch is tried again in the same run (a robots.txt, which all else waits for, once),
# and then the next night.
RETRIES = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5))
ROBOTS_RETRIES = RETRIES[:1]
LONGEST_LINGER = RETRIES[-1]  # that a run waits for a retry of its own, when all else is done
NEXT_NIGHT = timedelta(hours=20)  # a night's run starts a little earlier or later than the last
WALLS_IN_A_ROW = 5  # blocked or no answers after which a host is left in peace
FIRST_REST = timedelta(hours=20)  # "tomorrow night"; doubled with each night of rest in a row
LONGEST_REST = timedelta(days=14)
MOST_DOUBLINGS = 5  # more would be longer than the longest


@dataclass(slots=True)
class Manners:
    """Towards one host. Seconds; `own` is what we or the operator want between two requests, `asked` what its
    robots.txt does. `rests` is how often in a row it had to be left in peace; `today` its fetches.
    """

    own: float
    rests: int = 0
    today: int = 0
    asked: float = 0.0
    usual: float = 0.0  # smoothed length of its answers
    unwilling: float = 1.0  # doubles with each refusal, halves with each good answer
    walls: int = 0  # answers in a row that were none
    slowest: float = field(default=0.0)

    def delay(self) -> float:
        steady = max(self.own, self.asked, self.usual if self.usual > SLOW else 0.0)
        patient = max(steady, 1.0) * self.unwilling if self.unwilling > 1 else steady
        return min(patient, max(LONGEST_DELAY, self.own))

    def note(self, capture: Capture) -> None:
        self.today += 1
        seconds = (capture.elapsed or 0) / 1000
        self.usual = seconds if not self.usual else (3 * self.usual + seconds) / 4
        self.slowest = max(self.slowest, seconds)
        refused = capture.status in REFUSALS
        self.unwilling = self.unwilling * 2 if refused else max(1.0, self.unwilling / 2)
        is_wall = capture.outcome == "blocked" or capture.status is None
        if is_wall and capture.kind != REQUISITE:
            self.walls += 1
        elif capture.kind not in SAYING_LITTLE:
            self.walls = 0

    def has_enough(self) -> bool:
        """Only walls are met. After a rest the first one is enough."""
        return self.walls >= (1 if self.rests else WALLS_IN_A_ROW)

    def rest(self) -> timedelta:
        return min(FIRST_REST * (1 << min(self.rests, MOST_DOUBLINGS)), LONGEST_REST)


def is_welcome(capture: Capture) -> bool:
    """A page came, or word that it is as it was: the host is open to us. Whether what came is new is for the
    archive to say, later.
    """
    return capture.status in PAGES and not capture.outcome and capture.kind not in SAYING_LITTLE


def patience(attempts: int, kind: str) -> timedelta:
    """How long to leave an address alone that failed after so many failures in a row before."""
    if kind == REQUISITE:
        return NEXT_NIGHT * (1 << min(attempts, MOST_DOUBLINGS))
    retries = ROBOTS_RETRIES if kind == ROBOTS else RETRIES
    tonight = attempts % (len(retries) + 1)
    return retries[tonight] if tonight < len(retries) else NEXT_NIGHT


def retry_after(capture: Capture) -> float:
    """Seconds that the server asks us to wait, by Retry-After in either form; 0 where it does not."""
    if capture.status not in REFUSALS:
        return 0.0
    said = (header_value(capture.headers, "retry-after") or "").strip()
    if said.isdecimal():
        return float(said)
    try:
        return max(0.0, (parsedate_to_datetime(said) - capture.fetched_at).total_seconds())
    except (TypeError, ValueError):  # nothing, no date, or one without its zone
        return 0.0
