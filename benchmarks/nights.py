"""Thirty nights of the invented web, each a run of the real command line, held against what could be known.

    .venv/bin/python benchmarks/nights.py [--nights 30] [--kill] [--delay 0.05] [--only NAME]

A line a night: requests, how many of them conditional, bytes sent and their share of all so far, and
the reports and figures in the database of those visible so far. With --kill every night is first killed
once or twice, at random moments. At the end: what was asked too soon, though banned, or fell into traps,
and `verify`. Exit status 1 where anything is missing or wrong.
"""

import sys
import tempfile
import time
from pathlib import Path
from random import Random

import click
from rich.console import Console

from benchmarks.machine import describe_machine
from samples import proofs
from samples.comparison import compare
from samples.nights import NIGHTS, known_after
from samples.rehearsal import Rehearsal
from samples.site import Site, build_web

SHOWN = 6  # differences of a night
HALF = 0.45  # of the delay: what jitter leaves of it, less what the machine loses on the way


@click.command()
@click.option("--nights", default=NIGHTS, show_default=True)
@click.option("--delay", default=0.05, show_default=True, help="Seconds between requests to a host.")
@click.option("--kill", is_flag=True, help="Kill every night at random moments, then run it again.")
@click.option("--seed", default=1, show_default=True, help="Of the random moments.")
@click.option("--only", multiple=True, help="Sites whose host has this in it; else all.")
def main(nights: int, delay: float, seed: int, only: tuple[str, ...], *, kill: bool) -> None:
    """Play the nights and print what came of them."""
    console = Console(highlight=False, soft_wrap=True)
    console.print(describe_machine())
    sites = tuple(site for site in build_web() if not only or any(name in site.host for name in only))
    with (
        tempfile.TemporaryDirectory(prefix="nianbao-nights-") as folder,
        Rehearsal(sites, Path(folder), delay) as rehearsal,
    ):
        chances = [Random(f"{seed} {night}") if kill else None for night in range(nights + 1)]
        faults = sum(play(console, rehearsal, night, chances[night]) for night in range(nights + 1))
        faults += conclude(console, rehearsal, sites, delay)
    console.print(f"{faults} faults")
    sys.exit(1 if faults else 0)


def play(console: Console, rehearsal: Rehearsal, night: int, moments: Random | None) -> int:
    """One night; gives how many differences it left."""
    begun, before = time.monotonic(), len(rehearsal.web.log)
    kills = moments.randint(1, 2) if moments else 0
    for attempt in range(kills):
        assert moments is not None
        rehearsal.kill(night, moments.randint(1, 90), attempt)
    rehearsal.play(night, attempt=kills)
    log = rehearsal.web.log[before:]
    with rehearsal.connected() as connection:
        result = compare(connection, known_after(rehearsal.sites, range(night + 1)))
    whole = proofs.bytes_sent(rehearsal.web.log)
    console.print(
        f"night {night:2}: {len(log):4} requests, {sum(line.is_conditional for line in log):4} conditional, "
        f"{proofs.bytes_sent(log):8,} bytes ({100 * proofs.bytes_sent(log) / whole:4.1f} % of all so far), "
        f"{result.reports_found} of {result.reports_expected} reports, {result.figures_found:,} of "
        f"{result.figures_expected:,} figures, {time.monotonic() - begun:.1f} s"
    )
    for line in result.differences[:SHOWN]:
        console.print(f"    {line}")
    return len(result.differences)


def conclude(console: Console, rehearsal: Rehearsal, sites: tuple[Site, ...], delay: float) -> int:
    """What holds over all nights."""
    log = rehearsal.web.log
    with rehearsal.connected() as connection:
        walls = proofs.walls_not_recorded(connection, sites)
    faults = {
        "asked too soon": proofs.asked_too_soon(log, delay * HALF),
        "asked though banned": proofs.asked_though_banned(log, sites),
        "walls not recorded": walls,
        "verify": rehearsal.verify().splitlines(),
    }
    for trap, cost in proofs.fetches_in_traps(log, sites).items():
        console.print(f"{trap}: {cost} fetches")
    for name, lines in faults.items():
        console.print(f"{name}: {len(lines)}", *lines[:SHOWN], sep="\n    ")
    return sum(map(len, faults.values()))


if __name__ == "__main__":
    main()
