"""Who has published: regions down, years across, and the bodies of a region one by one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import RowMapping, text
from starlette.requests import Request
from starlette.responses import Response

from browse.asking import ask
from browse.facets import cube_of
from browse.lists import Filter, csv_answer
from browse.pages import page_of, render
from browse.remembered import Remembered
from storage.database import Database

YEARS_SHOWN = 12
PAGE = 100  # bodies
STEPS = 5  # shades of the map
STATES = ("found", "late", "unreadable", "blocked", "missing")
COUNTED = """
    SELECT region_code AS region, year, state, count(*) AS n FROM coverage
    GROUP BY region_code, year, state"""
FILTERS = {
    "region": "region_code >= :region AND region_code < :region || ':'",
    "state": "state = :state",
    "q": "publisher LIKE :q",
}
SHAPES = {"q": "%{}%"}
BODIES = """
    SELECT region_code, publisher FROM coverage WHERE {where}
    GROUP BY region_code, publisher ORDER BY region_code, publisher LIMIT :limit OFFSET :offset"""
THEIRS = """
    SELECT * FROM coverage WHERE region_code IN :regions AND publisher IN :publishers
    ORDER BY region_code, publisher, year"""
COLUMNS = "publisher, region_code, year, state, report_id"


@dataclass(frozen=True, slots=True)
class Spot:
    """A region in a year: how many bodies are expected, and how many of them have published."""

    published: int
    expected: int

    @property
    def share(self) -> float:
        return self.published / self.expected if self.expected else 0.0

    @property
    def shade(self) -> int:
        """From 0, nobody, to STEPS, everybody."""
        return int(self.share * STEPS)


@dataclass(frozen=True, slots=True)
class Heat:
    """`lines` are regions with their name and a spot for each year that has one."""

    years: tuple[int, ...]
    lines: tuple[tuple[str, str, Mapping[int, Spot]], ...]


Counts = Sequence[tuple[str, int, str, int]]  # region, year, state, bodies


def count(database: Database) -> Counts:
    with database.read() as connection:
        rows = connection.execute(text(COUNTED)).all()
    return [(row.region, row.year, row.state, row.n) for row in rows]


COUNTS = Remembered("coverage", count)


def heat_of(request: Request, region: str) -> Heat:
    """The regions directly below one; where that is a single one, those below it."""
    counts = [each for each in COUNTS.of(request) if each[0].startswith(region)]
    digits = len(region) + 2
    while len({code[:digits] for code, *_ in counts if code}) == 1 and digits < 6:
        digits += 2
    years = tuple(sorted({year for _, year, _, _ in counts}))[-YEARS_SHOWN:]
    found: dict[str, dict[int, tuple[int, int]]] = {}
    for code, year, state, number in counts:
        published, expected = found.setdefault(code[:digits], {}).get(year, (0, 0))
        is_there = state in {"found", "late"}
        found[code[:digits]][year] = published + number * is_there, expected + number
    names = cube_of(request).regions
    lines = (
        (code, names.get(code.ljust(6, "0"), code), {year: Spot(*spot) for year, spot in spots.items()})
        for code, spots in sorted(found.items())
    )
    return Heat(years, tuple(lines))


def most_bodies(request: Request) -> int:
    """How many are known of in the fullest year; a whole country is not listed body by body unasked."""
    by_year: Counter[int] = Counter()
    for _, year, _, number in COUNTS.of(request):
        by_year[year] += number
    return max(by_year.values(), default=0)


def coverage(request: Request) -> Response:
    chosen = Filter.of(request, FILTERS, SHAPES)
    page = page_of(request)
    window = {"limit": PAGE + 1, "offset": (page - 1) * PAGE}
    is_asked = bool(chosen.values) or most_bodies(request) <= PAGE
    bodies = ask(request, BODIES.format(where=chosen.where), **chosen.values, **window) if is_asked else []
    heat = heat_of(request, request.query_params.get("region", "").strip())
    return render(
        request,
        "coverage.html",
        heat=heat,
        years=heat.years,
        bodies=years_of(request, bodies[:PAGE]),
        states=STATES,
        given=request.query_params,
        page=page,
        has_more=len(bodies) > PAGE,
        csv=str(request.url.query),
        link=lambda number: str(request.url.include_query_params(page=number).query),
    )


def years_of(request: Request, bodies: Sequence[RowMapping]) -> dict[tuple[str, str], dict[int, RowMapping]]:
    """What is known of each body, by year."""
    found: dict[tuple[str, str], dict[int, RowMapping]] = {
        (body["region_code"], body["publisher"]): {} for body in bodies
    }
    if bodies:
        regions, publishers = ([*{body[name] for body in bodies}] for name in ("region_code", "publisher"))
        for row in ask(request, THEIRS, regions=regions, publishers=publishers):
            if (row["region_code"], row["publisher"]) in found:
                found[row["region_code"], row["publisher"]][row["year"]] = row
    return found


def coverage_csv(request: Request) -> Response:
    chosen = Filter.of(request, FILTERS, SHAPES)
    query = f"SELECT {COLUMNS} FROM coverage WHERE {chosen.where} ORDER BY region_code, publisher, year"  # noqa: S608
    return csv_answer(request, "coverage", query, chosen.values)
