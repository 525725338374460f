"""The workers on one database, as one of them sees them: which hosts it holds, and how many are its share.

A worker begins with a few hosts and takes a few more with each beat, so that those who start together share.
One that holds much more than another gives some back. Who has nothing left to do waits while others hold
hosts, to take them over should they die.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from math import ceil

from sqlalchemy import Connection

from storage import leases
from storage.database import Database
from storage.leases import Wanted

BEAT = 2.0  # seconds between two heart-beats
BITE = 16  # hosts taken at a time; as many keep a processor busy where there is no delay
MOST_HELD = 256  # as many as are asked side by side
Pauses = Mapping[str, float]  # hosts, and the seconds for which nobody may ask them


@dataclass(slots=True)
class Crew:
    run_id: int
    held: set[str] = field(default_factory=set)
    has_more: bool = True  # there are hosts to take, or others hold some that they may not finish

    def beat(self, database: Database, wanted: Wanted, idle: Pauses, spare: Pauses) -> list[str]:
        """Renew, share and take: gives the hosts taken. Of the hosts held, `idle` have nothing due, and
        `spare` are not being asked just now.
        """
        with database.write() as connection:
            self.held &= leases.renew(connection, self.run_id)
            self.let_go(connection, {host: pause for host, pause in idle.items() if host in self.held})
            now = leases.holdings(connection)
            free = leases.count_free(connection, wanted)
            others = [count for owner, count in now.by_run.items() if owner != self.run_id]
            share = ceil((len(self.held) + sum(others) + now.pausing + free) / (len(others) + 1))
            if others and min(others) * 2 < len(self.held) - 1 and not free:
                self.let_go(connection, dict(islice(spare.items(), max(0, len(self.held) - share))))
            room = min(share, MOST_HELD) - len(self.held)
            taken = leases.take(connection, self.run_id, wanted, min(room, BITE)) if free and room > 0 else []
        self.held.update(taken)
        self.has_more = bool(self.held or free or now.pausing or any(others))
        return taken

    def let_go(self, connection: Connection, hosts: Pauses) -> None:
        leases.give_back(connection, self.run_id, hosts)
        self.held -= set(hosts)
