"""Invented readings for a national database: bodies of every level, five years each, with prose to search."""

import math
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random

from extract.forms.model import Form, official_forms
from storage.cells import CellRow
from storage.rows import CheckRow, Reading, SectionRow

YEARS = range(2020, 2025)
LEVELS = ("department",) * 12 + ("township",) * 4 + ("county",) * 3 + ("prefecture",)
PROVINCES = (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66))
MISSING = 0.03  # of the years of a body; such a year is a gap
SILENT = 0.02  # of the bodies
FAILING = 0.015  # of the checks
WORDS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Body:
    name: str
    region_code: str
    level: str
    host: str
    seed: int


def bodies(number: int) -> Iterator[Body]:
    for seed in range(number):
        random = Random(seed)
        level = random.choice(LEVELS)
        region = f"{random.choice(PROVINCES)}{random.randint(1, 16):02}{random.randint(1, 14):02}"
        yield Body(f"第{seed}号机关", region, level, f"www.{region}-{seed % 7}.gov.cn", seed)


def readings(body: Body) -> Iterator[Reading | int]:
    """A body's report of each year, or the year alone where there is none."""
    random = Random(f"readings {body.seed}")
    is_silent = random.random() < SILENT
    for year in YEARS:
        missing = is_silent or random.random() < MISSING
        yield year if missing else reading_of(body, year, random)


def reading_of(body: Body, year: int, random: Random) -> Reading:
    form = next(form for form in official_forms() if form.since <= year)
    cells, checks = tuple(cells_of(form, random)), tuple(checks_of(form, random))
    return Reading(
        f"http://{body.host}/zwgk/xxgknb/{year + 1}/t{body.seed:08}.html",
        is_report=True,
        reasons=("the title names an annual report", "the official form's tables are there"),
        margin=12,
        publisher=body.name,
        region_code=body.region_code,
        level=body.level,
        year=year,
        form=form.code,
        title=f"{body.name}{year}年政府信息公开工作年度报告",
        published_on=f"{year + 1}-0{random.randint(1, 4)}-{random.randint(10, 28)}",
        cells_expected=form.expected,
        status="complete",
        evidence={"publisher": "title", "year": "title", "published_on": "meta"},
        cells=cells,
        checks=checks,
        sections=tuple(sections_of(body, year, random)),
    )


def cells_of(form: Form, random: Random) -> Iterator[CellRow]:
    """Mostly small numbers and zeros, as in real reports; some blank, some with their unit."""
    place = places_like(random)
    scale = random.lognormvariate(1, 1.5)
    for ordinal, (table, row, column) in enumerate(form.cells()):
        address = (table.code, row.code, column.code)
        where = place(table.code, ordinal // 7, ordinal % 7)
        drawn = random.random()
        if column.unit == "万元":
            said = f"{random.randint(0, 9999)}.{random.randint(1, 9)}"
            yield CellRow(*address, Decimal(said), "number", said + "万元", column.unit, where)
        elif drawn < 0.02:
            yield CellRow(*address, None, "blank", "", column.unit, where)
        elif drawn < 0.03:
            yield CellRow(*address, None, "dash", "—", column.unit, where)
        else:
            number = 0 if drawn < 0.6 else math.floor(scale * random.paretovariate(1.2))
            yield CellRow(*address, Decimal(number), "number", str(number), column.unit, where)


def places_like(random: Random) -> Callable[[str, int, int], str]:
    """Gives where a table's cell stands, by its line and column: in seven reports of ten in HTML, in two on a
    line of text, in one in a box on a page of a PDF.
    """
    kind, above = random.random(), random.randint(1, 3)
    tables = {"disclosure": 1, "requests": 2, "proceedings": 3}
    if kind < 0.7:
        stem = f"xpath:/html/body[1]/div[{above}]/div[2]/div[1]/table"
        return lambda table, row, column: f"{stem}[{tables[table]}]/tbody[1]/tr[{row}]/td[{column + 1}]"
    if kind < 0.9:
        return lambda _table, row, column: f"line:{40 * above + row}/column:{4 * column + 1}"
    return lambda _table, row, column: (
        f"page:{row // 20 + 1}/box:{231.3 + 28.4 * column:.1f},{140.2 + 22.8 * (row % 20):.1f},"
        f"{259.7 + 28.4 * column:.1f},{163.0 + 22.8 * (row % 20):.1f}"
    )


@cache
def rules_of(form: Form) -> tuple[tuple[str, str], ...]:
    rows = [("row_total", row.code) for table in form.tables[1:] for row in table.rows]
    columns = [(rule, column) for rule in ("column_total", "balance") for column in ("natural", "total")]
    return tuple(rows + columns)


def checks_of(form: Form, random: Random) -> Iterator[CheckRow]:
    for rule, scope in rules_of(form):
        expected = Decimal(int(random.paretovariate(1.2)) - 1)
        fails = random.random() < FAILING
        yield CheckRow(rule, scope, expected, expected + fails, passed=not fails, severity="error")


def sections_of(body: Body, year: int, random: Random) -> Iterator[SectionRow]:
    for ordinal, heading in enumerate(WORDS["headings"], 1):
        said = "。".join(sentence(random) for _ in range(18))
        yield SectionRow(ordinal, heading, f"{year}年，{body.name}{said}。")


def sentence(random: Random) -> str:
    """Words of which some are far more frequent than others."""
    subject, verb = random.choice(WORDS["subjects"]), random.choice(WORDS["verbs"])
    thing = WORDS["objects"][min(int(random.expovariate(0.25)), len(WORDS["objects"]) - 1)]
    return f"{subject}{verb}{thing}{random.randint(1, 400)}件"
