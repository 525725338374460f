"""What time it is: the only clock of the product, so that a rehearsal can set it.

`NIANBAO_NOW` (ISO 8601, as 2027-01-31T22:00+08:00; UTC unless it says otherwise) is the moment at which a
process first asks. From there its clock runs on as clocks do, so that what waits a minute waits a minute.
It is for rehearsals: thirty nights of the sample web are played in as many runs of a few seconds. Lengths
of time within a process are `time.monotonic()`, which nobody sets.
"""

from datetime import UTC, datetime, timedelta
from functools import cache

from settings.environment import read_environment


def now() -> datetime:
    """In UTC. Raises SettingError where NIANBAO_NOW is no time."""
    return shift() + datetime.now(UTC)  # in this order: never before the time it was set to


@cache
def shift() -> timedelta:
    """How far this process's clock is from the machine's."""
    start = read_environment().now
    return timedelta() if start is None else start - datetime.now(UTC)
