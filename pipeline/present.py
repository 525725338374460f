"""What the commands print: short lines a person can read, Chinese as the pages have it."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.filesize import decimal
from rich.table import Table
from rich.text import Text

from pipeline.importing import Imported
from pipeline.keeping import SHOWN, Rejected, Report
from pipeline.nightly import problems_of
from pipeline.progress import what_came
from pipeline.reading import ReadingSummary
from settings.registry import Site
from storage.coverage import RegionLine
from storage.fulltext import Found
from storage.nights import Night
from storage.reach import Reach
from storage.runs import DONE
from storage.status import Overview, RunLine, SiteLine
from storage.verify import Fault

if TYPE_CHECKING:  # Scrapy comes with it, and `nianbao import` needs none
    from pipeline.commit import RunSummary


NARROWEST_NAME = 8  # columns
PIPED = 120  # columns, where the output is no terminal: rich would take it for one of 80


def say(text: str) -> None:
    Console(soft_wrap=True).print(text, highlight=False, markup=False)


def print_run(run: "RunSummary", read: ReadingSummary, seal: str) -> None:
    say(f"run {run.run_id} {run.state} after {run.seconds:.0f} s: {what_came(run)}")
    if not run.fetched:
        say("nothing was due; the archive is as fresh as the last run left it")
    elif run.state != DONE:
        say("what it brought is kept; the next run goes on, reads it and tells of it")
    print_seal(seal)
    print_reading(read)


def print_problems(night: Night, page: Path) -> None:
    print_some([f"! {line}" for line in problems_of(night)])
    say(f"report: {page}")


def print_reach(reached: Sequence[Reach]) -> None:
    for each in reached:
        say(f"{'reached    ' if each.is_reached else 'NOT REACHED'} {each.words}")
    say(f"{sum(each.is_reached for each in reached)} of {len(reached)} sites reached")


def print_import(imported: Imported, read: ReadingSummary) -> None:
    say(
        f"run {imported.run_id}: {imported.new} captures new, {imported.unchanged} unchanged, "
        f"{imported.other} other, {imported.known} known already"
    )
    print_seal(imported.seal)
    print_reading(read)


def print_seal(seal: str) -> None:
    """The last seal, kept elsewhere, is what shows that nothing was taken from the end of the archive."""
    if seal:
        say(f"seal {seal}")


def print_reading(read: ReadingSummary) -> None:
    if not read.captures:
        return
    changes = read.changes
    say(
        f"read {read.captures} captures: {changes['new']} reports new, {changes['changed']} changed, "
        f"{changes['unchanged']} unchanged, {read.rejected.count} not annual reports, "
        f"{read.unread.count} not readable"
    )
    print_some([report_line(report) for report in read.reports.items], read.reports.count)
    print_some([f"not readable: {url}: {why}" for url, why in read.unread.items], read.unread.count)
    if read.rejected.count <= SHOWN:
        print_some([rejected_line(each) for each in read.rejected.items])


def print_some(lines: Sequence[str], count: int = 0) -> None:
    """The first of them, or of as many as are counted."""
    for line in lines[:SHOWN]:
        say(f"  {line}")
    if (more := max(count, len(lines)) - SHOWN) > 0:
        say(f"  … and {more} more")


def report_line(report: Report) -> str:
    wrong = f", {report.failed} checks failed" if report.failed else ""
    return f"{report.publisher or '?'} {report.year or '?'}: {figures_of(report)}{wrong}"


def rejected_line(rejected: Rejected) -> str:
    return f"not a report: {rejected.url} {rejected.title} ({'; '.join(rejected.reasons)})"


def figures_of(report: Report) -> str:
    if report.cells:
        return f"form {report.form}, {report.cells} of {report.expected} cells"
    return "a local form, its tables kept whole" if report.form == "local" else "text only"


def print_found(found: Sequence[Found], limit: int) -> None:
    """One report a paragraph: who, which year, where; then each section that says the phrase."""
    console, count = Console(soft_wrap=True), 0
    for report, sections in groupby(found, key=lambda each: (each.publisher, each.year, each.url)):
        publisher, year, url = report
        console.print(Text(f"{publisher or '?'} {year or '?'}  {url}", style="bold"))
        for each in sections:
            console.print(quoted(each))
        count += 1
    say(f"{count} reports say so" + ("; there may be more (--limit)" if count >= limit else ""))


def quoted(found: Found) -> Text:
    """The phrase among its neighbours, in one line."""
    before, phrase, after = (" ".join(part.split()) for part in (found.before, found.phrase, found.after))
    more = f"  ({found.times} times)" if found.times > 1 else ""
    return Text.assemble(f"  …{before}", (phrase, "bold reverse"), f"{after}…{more}")


def print_fault(fault: Fault) -> None:
    say(f"{fault.what} {fault.where}: {fault.problem}")


def print_sites(sites: Sequence[Site]) -> None:
    if not sites:
        say("no site is registered; add one with `nianbao sites add HOST`")
        return
    table = light_table()
    table.add_column("host", no_wrap=True)
    for heading in ("name", "region", "start", "listing", "delay", "note"):
        table.add_column(heading, overflow="fold")
    for site in sites:
        delay = "" if site.delay is None else f"{site.delay:g} s"
        start = "\n".join(url for url in site.start if url != f"http://{site.host}/")
        table.add_row(site.host, site.name, site.region, start, site.listing, delay, site.note)
    wide_console().print(table)


def wide_console() -> Console:
    """For tables."""
    console = Console()
    return console if console.is_terminal else Console(width=PIPED)


def print_overview(seen: Overview) -> None:
    console = wide_console()
    console.print(facts_of(seen))
    if seen.sites:
        console.print(sites_of(seen.sites))
    if seen.regions:
        console.print(regions_of(seen.regions))
    if seen.runs:
        console.print(runs_of(seen.runs))


def facts_of(seen: Overview) -> Table:
    """What there is, one fact a line. 存档、报告、问题一览。"""
    table = Table(show_header=False, box=None, padding=(0, 2))
    stored = f"{decimal(seen.bytes_received)}, stored in {decimal(seen.bytes_stored)}"
    facts = {
        "captures 快照": counted(seen.captures, seen.captures_by_outcome),
        "payloads 内容": f"{seen.payloads:,} ({stored})",
        "queue 队列": counted(sum(seen.queue.values()), seen.queue),
        "reports 报告": counted(seen.reports, seen.reports_by_status),
        "  by form 表式": counted(seen.reports, seen.reports_by_form),
        "  by year 年度": counted(seen.reports, seen.reports_by_year),
        "cells 数据": f"{seen.cells:,}",
        "failed checks 勾稽不符": counted(sum(seen.failed_checks.values()), seen.failed_checks),
        "coverage 覆盖": counted(sum(seen.coverage.values()), seen.coverage),
        "not reports 非年报": f"{seen.rejected:,}",
        "to review 待复核": f"{seen.to_review:,}",
    }
    for name, fact in facts.items():
        table.add_row(name, fact)
    return table


def light_table(title: str = "") -> Table:
    """Without a frame: a host must stand whole in a window of 80 columns."""
    return Table(
        title=title or None, title_justify="left", box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0)
    )


def counted(total: int, parts: Mapping[str, int]) -> str:
    details = ", ".join(f"{word or '?'} {number:,}" for word, number in parts.items())
    return f"{total:,}" + (f" ({details})" if details else "")


def regions_of(regions: Sequence[RegionLine]) -> Table:
    """The ledger by province: what is there, what is missing, and who expects it."""
    states = sorted({state for region in regions for state in region.states})
    table = light_table("coverage by province 各省覆盖")
    table.add_column("region 地区")
    for state in states:
        table.add_column(state, justify="right")
    table.add_column("expected because 应有依据")
    for region in regions:
        numbers = (f"{region.states.get(state, 0):,}" for state in states)
        because = ", ".join(f"{why} {number:,}" for why, number in region.because.items())
        table.add_row(region.region_code or "?", *numbers, because)
    return table


def sites_of(sites: Sequence[SiteLine]) -> Table:
    table = light_table("sites 网站")
    table.add_column("host", no_wrap=True)
    table.add_column("name", overflow="fold", min_width=NARROWEST_NAME)
    table.add_column("family", no_wrap=True)
    for heading in ("captures", "reports", "due"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("last visit", no_wrap=True)
    for site in sites:
        last = " ".join(filter(None, ((site.last_run_at or "never")[:10], site.last_outcome)))
        numbers = (f"{number:,}" for number in (site.captures, site.reports, site.pending))
        table.add_row(site.host, site.name, site.family, *numbers, last)
    return table


def runs_of(runs: Sequence[RunLine]) -> Table:
    table = light_table("last runs 最近运行")
    for heading in ("run", "command", "state", "from (UTC)", "to (UTC)"):
        table.add_column(heading)
    table.add_column("captures", justify="right")
    for run in runs:
        times = ((text or "")[:19].replace("T", " ") for text in (run.started_at, run.finished_at))
        table.add_row(str(run.run_id), run.command, run.state, *times, f"{run.captures:,}")
    return table
