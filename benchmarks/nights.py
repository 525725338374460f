"""Thirty nights of the invented web, each a run of the real command line, held against what could be known.

    .venv/bin/python -m benchmarks.nights [--nights 30] [--kill] [--delay 0.05] [--only NAME]

A line a night: requests, how many of them conditional, bytes sent and their share of the first night's, and
the reports and figures in the database of those visible so far. A night without news must cost at most one
request for each page of a listing, and 3 % of the first night's bytes. With --kill a second campaign
runs beside it, in which every night is killed with signal 9 at one or two random moments and goes on as a
later release; it must hold what the first one holds. At the end: what was asked too soon, though banned, or
fell into traps, and `verify`. Exit status 1 where anything is missing or wrong.
"""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random

import click
from rich.console import Console
from sqlalchemy import text

from benchmarks.machine import describe_machine
from samples import proofs
from samples.comparison import compare
from samples.nights import NIGHTS, is_quiet, known_after
from samples.rehearsal import Rehearsal
from samples.site import Site, build_web
from samples.web import Asked

SHOWN = 6  # differences of a night
HALF = 0.5  # of the delay: what jitter leaves of it
DEAREST = 0.03  # of the first night's bytes, for a night without news
LONGEST_READING = 3.0  # seconds after the last request, within which a run may be killed as it reads


@click.command()
@click.option("--nights", default=NIGHTS, show_default=True)
@click.option("--delay", default=0.05, show_default=True, help="Seconds between requests to a host.")
@click.option("--kill", is_flag=True, help="A second campaign, killed every night at random moments.")
@click.option("--seed", default=1, show_default=True, help="Of the random moments.")
@click.option("--only", multiple=True, help="Sites whose host has this in it; else all.")
def main(nights: int, delay: float, seed: int, only: tuple[str, ...], *, kill: bool) -> None:
    """Play the nights and print what came of them."""
    console = Console(highlight=False, soft_wrap=True)
    console.print(describe_machine())
    sites = tuple(site for site in build_web() if not only or any(name in site.host for name in only))
    with ExitStack() as stack:
        whole = stack.enter_context(rehearsal_of(sites, delay))
        killed = stack.enter_context(rehearsal_of(sites, delay)) if kill else None
        faults = first = 0
        for night in range(nights + 1):
            log = whole.play(night)
            first = first or proofs.bytes_sent(log)
            faults += show(console, whole, night, log, first)
            if killed:
                faults += play_killed(console, killed, whole, night, Random(f"{seed} {night}"), len(log))
        faults += conclude(console, whole, delay) + (conclude(console, killed, delay) if killed else 0)
    console.print(f"{faults} faults")
    sys.exit(1 if faults else 0)


@contextmanager
def rehearsal_of(sites: tuple[Site, ...], delay: float) -> Iterator[Rehearsal]:
    with (
        tempfile.TemporaryDirectory(prefix="nianbao-nights-") as folder,
        Rehearsal(sites, Path(folder), delay) as rehearsal,
    ):
        yield rehearsal


def show(console: Console, rehearsal: Rehearsal, night: int, log: Sequence[Asked], first: int) -> int:
    """A line, and the faults of the night below it; gives how many."""
    with rehearsal.connected() as connection:
        result = compare(connection, known_after(rehearsal.sites, range(night + 1)))
    sent = proofs.bytes_sent(log)
    console.print(
        f"night {night:2}: {len(log):4} requests, {sum(line.is_conditional for line in log):4} conditional, "
        f"{sent:9,} bytes ({100 * sent / first:5.1f} % of the first), "
        f"{result.reports_found} of {result.reports_expected} reports, {result.figures_found:,} of "
        f"{result.figures_expected:,} figures{', no news' if is_quiet(night) else ''}"
    )
    faults = list(result.differences)
    if is_quiet(night):
        faults += [f"asked twice: {line}" for line in proofs.asked_twice(log, rehearsal.sites)]
        faults += [f"cost {100 * sent / first:.1f} %"] if sent > DEAREST * first else []
    return listed(console, faults)


def play_killed(
    console: Console, killed: Rehearsal, whole: Rehearsal, night: int, chance: Random, usual: int
) -> int:
    """The same night, killed once or twice: anywhere among its usual requests, or as it reads what came."""
    moments = []
    for attempt in range(chance.randint(1, 2)):
        after, seconds = chance.randint(1, usual), chance.choice((0, 0, chance.uniform(0, LONGEST_READING)))
        log = killed.kill(night, usual if seconds else after, attempt, seconds, release_of(night))
        moments.append(f"{len(log)} requests" + (f" and {seconds:.1f} s" if seconds else ""))
    log = killed.play(night, attempt=len(moments), release=release_of(night + 1))
    with killed.connected() as ours, whole.connected() as theirs:
        faults = proofs.held_otherwise(ours, theirs, killed.sites)
        faults += [f"twice: {line}" for line in proofs.held_twice(ours)]
        captures = ours.execute(text("SELECT count(*) FROM captures")).scalar_one()
    console.print(
        f"   killed after {', '.join(moments)}; {len(log)} more as {release_of(night + 1)}; "
        f"{captures:,} captures, {len(faults)} differences"
    )
    return listed(console, faults)


def release_of(night: int) -> str:
    """A release a night: what is killed in one goes on in the next."""
    return f".{night}"


def listed(console: Console, faults: Sequence[str]) -> int:
    for line in faults[:SHOWN]:
        console.print(f"    {line}")
    return len(faults)


def conclude(console: Console, rehearsal: Rehearsal, delay: float) -> int:
    """What holds over all nights."""
    log, sites = rehearsal.web.log, rehearsal.sites
    with rehearsal.connected() as connection:
        walls = proofs.walls_not_recorded(connection, sites)
    faults = {
        "asked too soon": proofs.asked_too_soon(log, delay * HALF),
        "asked though banned": proofs.asked_though_banned(log, sites),
        "walls not recorded": walls,
        "verify": rehearsal.verify().splitlines(),
    }
    costs = proofs.fetches_in_traps(log, sites)
    console.print("fetches in traps:", ", ".join(f"{trap} {cost}" for trap, cost in costs.items()))
    for name, lines in faults.items():
        console.print(f"{name}: {len(lines)}", *lines[:SHOWN], sep="\n    ")
    return sum(map(len, faults.values()))


if __name__ == "__main__":
    main()
