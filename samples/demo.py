"""`make demo`: the real command line against the invented web, and a look at what came of it."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, create_engine, text

from samples.comparison import Comparison, compare
from samples.site import build_sites
from samples.truth import truth
from samples.web import SampleWeb

ROOT = Path(__file__).parents[1]
DATABASE = Path("data/demo.db")
URL = f"sqlite:///{DATABASE}"
COUNTED = {
    "sites": ("sites crawled", "网站", "SELECT count(*) FROM sites WHERE last_run_at <> '' AND name <> ''"),
    "captures": ("captures archived", "存档页面", "SELECT count(*) FROM captures"),
    "reports": ("annual reports", "年报", "SELECT count(*) FROM reports"),
    "cells": ("figures in them", "数据", "SELECT count(*) FROM cells"),
    "failed": ("failed checks", "勾稽不符", "SELECT count(*) FROM checks WHERE passed = 0"),
}
FAILED = """
    SELECT publisher, year, rule, scope, expected, actual, url
    FROM checks JOIN reports USING (report_id) WHERE checks.passed = 0 AND checks.severity = 'error'
    ORDER BY url, rule, scope
"""
QUERY = (
    f"sqlite3.connect('{DATABASE}').execute('''SELECT publisher, year, value FROM reports JOIN cells "
    "USING (report_id) WHERE row_code = 'received' AND col_code = 'total' ORDER BY value DESC LIMIT 5''')"
)

Counts = dict[str, int]


def main() -> int:
    os.chdir(ROOT)  # the commands shown are typed here
    DATABASE.parent.mkdir(exist_ok=True)
    console = Console()
    before = count_all() if DATABASE.exists() else {}
    sites = build_sites()
    with SampleWeb(sites) as web:
        console.print("A crawl of five invented sites on this machine. 爬取本机上的虚构网站，不访问外网。\n")
        status = run_crawl(console, web.proxy)
        asked = len(web.log)
    if status:
        return status
    show_counts(console, before, count_all(), asked)
    with create_engine(URL).connect() as connection:
        show_comparison(console, compare(connection, truth(sites)))
        show_failed(console, connection)
    show_next(console)
    return 0


def run_crawl(console: Console, proxy: str) -> int:
    """Run the command line as anybody would, with the invented web for a proxy."""
    command = ["nianbao", "--db", URL, "crawl", "--sites", "samples/sites.toml", "--delay", "0.1"]
    console.print(
        f"[bold]$ http_proxy={proxy} .venv/bin/{shlex.join(command)}[/bold]", highlight=False, soft_wrap=True
    )
    program = str(Path(sys.executable).with_name("nianbao"))
    return subprocess.run([program, *command[1:]], env=proxied(proxy), check=False).returncode


def proxied(proxy: str) -> dict[str, str]:
    """Make an environment in which every address goes to the invented web."""
    inherited = dict(os.environ)  # noqa: TID251 - the child wants all of it
    for name in ("no_proxy", "NO_PROXY", "HTTP_PROXY", "NIANBAO_DB"):
        inherited.pop(name, None)
    return inherited | {"http_proxy": proxy, "https_proxy": proxy}


def count_all() -> Counts:
    with create_engine(URL).connect() as connection:
        return {key: connection.execute(text(sql)).scalar_one() for key, (_, _, sql) in COUNTED.items()}


def show_counts(console: Console, before: Counts, after: Counts, asked: int) -> None:
    table = Table(title=f"{DATABASE}: what is there now 现有内容")
    table.add_column("")
    if before:
        table.add_column("before 此前", justify="right")
    table.add_column("now 现在", justify="right")
    for key, (english, chinese, _) in COUNTED.items():
        known = [f"{before[key]:,}"] if before else []
        table.add_row(f"{english} {chinese}", *known, f"{after[key]:,}")
    console.print("\n", table, sep="")
    if before == after:
        console.print(
            f"It was all there from the run before; this one asked {asked} pages and changed nothing. "
            "再次运行：已有内容不重复入库。"
        )


def show_comparison(console: Console, result: Comparison) -> None:
    console.print(
        f"Held against the truth (the sites are invented, so it is known): {result.reports_found} of "
        f"{result.reports_expected} reports, {result.figures_found:,} of {result.figures_expected:,} figures "
        "exactly as printed. 与已知真值逐格比对。"
    )
    for line in result.differences[:8]:
        console.print(f"  [red]{line}[/red]", highlight=False)
    if len(result.differences) > 8:
        console.print(f"  … and {len(result.differences) - 8} more")


def show_failed(console: Console, connection: Connection) -> None:
    """Say the failed checks in words: they are the reports' own mistakes, kept as printed."""
    for publisher, year, rule, scope, expected, actual, url in connection.execute(text(FAILED)):
        console.print(
            f"[yellow]{publisher} {year}[/yellow]: the page prints {number(actual)} where its own figures "
            f"give {number(expected)} ({rule}, {scope}). 合计与分项不符，按原样保存。",
            highlight=False,
        )
        console.print(f"  {url}", highlight=False, soft_wrap=True)


def number(value: object) -> str:
    return "nothing" if value is None else f"{value}"


def show_next(console: Console) -> None:
    console.print("\nNext 接下来:")
    for command in next_commands():
        console.print(f"  {command}", highlight=False, markup=False, soft_wrap=True)


def next_commands() -> tuple[str, ...]:
    nianbao = ".venv/bin/nianbao"
    return (
        f"{nianbao} --db {URL} status",
        f"{nianbao} --db {URL} verify",
        f"{nianbao} --db {URL} browse   # then open the address it says 然后打开所示网址",
        f'.venv/bin/python -c "import sqlite3; [print(*row) for row in {QUERY}]"',
        f"{nianbao} sites add www.example.gov.cn   # your own sites 换成真实网站",
        f"{nianbao} crawl --max-pages 300",
    )


if __name__ == "__main__":
    sys.exit(main())
