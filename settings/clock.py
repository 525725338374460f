"""What time it is: the only clock of the product, so that a rehearsal can set it.

`NIANBAO_NOW` (ISO 8601, as 2027-01-31T22:00+08:00; UTC unless it says otherwise) is the moment at which a
process first asks. From there its clock runs on as clocks do, but where a run has nothing left to do than
wait, its clock leaps. It is for rehearsals: thirty nights of the sample web are played in as many runs of a
few seconds. Lengths of time within a process are `time.monotonic()`, which nobody sets.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from settings.environment import read_environment


@dataclass(slots=True)
class Shift:
    """How far this process's clock is from the machine's."""

    by: timedelta
    is_rehearsal: bool


def now() -> datetime:
    """In UTC. Raises SettingError where NIANBAO_NOW is no time."""
    return shift().by + datetime.now(UTC)  # in this order: never before the time it was set to


def leap(to: datetime) -> bool:
    """Nothing is left to do before then: a rehearsal goes on from there. True where this is one."""
    if shift().is_rehearsal:
        shift().by += max(timedelta(), to - now())
    return shift().is_rehearsal


@cache
def shift() -> Shift:
    start = read_environment().now
    return Shift(timedelta() if start is None else start - datetime.now(UTC), start is not None)
