"""How many reports each choice of a filter leads to, counted in one look at all of them."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import text
from starlette.requests import Request

from browse.remembered import Remembered
from storage.database import Database

NAMES = ("year", "level", "form", "status", "region", "failed")
COUNTED = """
    SELECT year, level, form, status, region_code AS region,
        CASE WHEN checks_failed > 0 THEN '1' ELSE '' END AS failed, count(*) AS n
    FROM reports GROUP BY 1, 2, 3, 4, 5, 6"""
GOVERNMENT = "人民政府"
GOVERNMENTS = f"""
    SELECT region_code AS region, min(publisher) AS name FROM reports
    WHERE level IN ('province', 'prefecture', 'county') AND publisher LIKE '%{GOVERNMENT}'
    GROUP BY region_code"""  # noqa: S608 - a constant
ORDER = ("ministry", "province", "prefecture", "county", "township", "department")
PAIRS = (2, 4, 6)  # digits of a code that make a province, a prefecture and a county


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    words: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Cube:
    """Every combination of values that there is, with its number of reports; names of regions by code."""

    groups: tuple[tuple[tuple[str, ...], int], ...]
    regions: Mapping[str, str]

    def fitting(self, given: Mapping[str, str], but: str = "") -> Iterator[tuple[tuple[str, ...], int]]:
        wanted = [(place, given[name]) for place, name in enumerate(NAMES) if given.get(name) and name != but]
        for values, count in self.groups:
            if all(fits(NAMES[place], values[place], value) for place, value in wanted):
                yield values, count

    def total(self, given: Mapping[str, str]) -> int:
        return sum(count for _, count in self.fitting(given))

    def choices(self, given: Mapping[str, str], name: str) -> list[Choice]:
        """What can be chosen for one filter, under all the others."""
        counts: Counter[str] = Counter()
        for values, count in self.fitting(given, name):
            counts[values[NAMES.index(name)]] += count
        chosen = given.get(name, "")
        return [
            Choice(value, value, counts[value], value == chosen)
            for value in sorted(counts, key=rank)
            if value
        ]

    def tree(self, given: Mapping[str, str]) -> list[Choice]:
        """The regions on the way to the chosen one, and those directly below it."""
        chosen = given.get("region", "")
        counts: Counter[str] = Counter()
        for values, count in self.fitting(given, "region"):
            code = values[NAMES.index("region")]
            for digits in PAIRS:
                if len(code) == 6 and is_on_the_way(code[:digits], chosen):
                    counts[code[:digits]] += count
        return [
            Choice(code, self.regions.get(code.ljust(6, "0"), ""), counts[code], code == chosen)
            for code in sorted(counts)
        ]


def is_on_the_way(code: str, chosen: str) -> bool:
    """A step above the chosen region, itself, or a step directly below it."""
    return chosen.startswith(code) or (code.startswith(chosen) and len(code) == len(chosen) + 2)


def fits(name: str, value: str, wanted: str) -> bool:
    return value.startswith(wanted) if name == "region" else value == wanted


def rank(value: str) -> tuple[int, str]:
    """Levels from the top, years from the newest, the rest as it is spelled."""
    if value.isdecimal():
        return -int(value), ""
    return (ORDER.index(value) if value in ORDER else len(ORDER)), value


def count(database: Database) -> Cube:
    with database.read() as connection:
        rows = connection.execute(text(COUNTED)).mappings().all()
        named = connection.execute(text(GOVERNMENTS)).mappings().all()
    groups = tuple((tuple(str(row[name] or "") for name in NAMES), row["n"]) for row in rows)
    return Cube(groups, {row["region"]: row["name"].removesuffix(GOVERNMENT) for row in named})


CUBE = Remembered("facets", count)


def cube_of(request: Request) -> Cube:
    return CUBE.of(request)
